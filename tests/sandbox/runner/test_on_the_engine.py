"""The runner on the real engine, with a program of a few queues."""

import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.copies import PLACEHOLDER
from sandbox.errors import Exit
from sandbox.layout import ROOT
from sandbox.pulumi_cli import PulumiCli
from sandbox.standins.record import Entry, Record
from tests.sandbox.runner.conftest import write_script

pytestmark = pytest.mark.engine

PROGRAM = """
import os, time
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
if config.get_bool("bad"):
    raise pulumi.RunError("services.web.port: 99999 given, 1 to 65535 allowed")
leaked = [name for name in os.environ if "SECRET_ACCESS" in name]
box = pulumi.ComponentResource("tiny:index:Box", "box")
options = pulumi.ResourceOptions(parent=box)
for number in range(config.require_int("queues")):
    last = aws.sqs.Queue(f"queue-{number}", opts=options)
if config.get_bool("slow") and not pulumi.runtime.is_dry_run():
    def wait(arn):
        open("deploying", "w").close()
        time.sleep(60)
    last.arn.apply(wait)
pulumi.export("leaked", leaked)
pulumi.export("arn", last.arn)
if config.get("secret"):
    pulumi.export("secret", config.require_secret("secret"))
"""

PACK = """
from pulumi_policy import (
    EnforcementLevel, PolicyPack, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy,
)

def few(args, report):
    if args.resource_type.endswith(":Queue") and args.name == "queue-9":
        report("too many queues")

def named(args, report):
    if args.name == "queue-1":
        report("give it a name")

PolicyPack("tiny-pack", policies=[
    ResourceValidationPolicy("few-queues", "Few.", few, EnforcementLevel.MANDATORY),
    ResourceValidationPolicy("names", "Named.", named, EnforcementLevel.ADVISORY),
])
"""

CANARY = "canary-5d1f"


class Tiny:
    """A project of its own folder, and the sandbox in it."""

    def __init__(self, folder: Path, cli: PulumiCli) -> None:
        self.folder = folder
        (folder / "policies").mkdir(parents=True)
        shutil.copytree(
            ROOT / "sandbox", folder / "sandbox", ignore=shutil.ignore_patterns("__pycache__")
        )
        self.write("Pulumi.yaml", "name: tiny\nruntime: python\n")
        self.write("__main__.py", PROGRAM)
        self.write("policies/PulumiPolicy.yaml", "runtime: python\nversion: 1.2.3\n")
        self.write("policies/__main__.py", PACK)
        self.configure("dev", queues=2)
        self.environment = {
            **os.environ,
            "PATH": f"{cli.path.parent}:{os.environ['PATH']}",
            "AWS_SECRET_ACCESS_KEY": CANARY,
            "PULUMI_ACCESS_TOKEN": CANARY,
        }

    def write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text, encoding="utf-8")

    def configure(self, stack: str, **config: object) -> None:
        values = {"aws:region": "us-east-1"} | config
        self.write(f"Pulumi.{stack}.yaml", json.dumps({"config": values}))

    def run(
        self, *arguments: str, code: int = 0, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "sandbox", *arguments],
            cwd=self.folder,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "sandbox", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start_slow(self) -> "subprocess.Popen[str]":
        """An `up` that is in the middle of its work until it is stopped."""
        self.configure("dev", queues=3, slow=True)
        process = self.start("up")
        marker = self.folder / "deploying"
        while not marker.exists():
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        marker.unlink()
        self.configure("dev", queues=3)
        return process

    def pid(self, lock: str) -> int:
        text = (self.folder / ".sandbox" / "dev" / lock).read_text(encoding="utf-8")
        return int(json.loads(text)["pid"])

    def resources(self, stack: str = "dev") -> list[dict[str, Any]]:
        exported = json.loads(self.run("export", "--stack", stack).stdout)
        return exported["deployment"].get("resources") or []

    def cloud(self, stack: str = "dev") -> Record:
        return Record(self.folder / ".sandbox" / stack / "cloud.db")


@pytest.fixture
def tiny(tmp_path: Path, cli: PulumiCli) -> Tiny:
    return Tiny(tmp_path / "tiny", cli)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, cli: PulumiCli) -> Tiny:
    """A project whose dev stack is up; tests of it change nothing."""
    tiny = Tiny(tmp_path_factory.mktemp("deployed") / "tiny", cli)
    tiny.run("up")
    return tiny


def queues(resources: list[dict[str, Any]]) -> list[str]:
    return sorted(one["id"] for one in resources if one["type"] == "aws:sqs/queue:Queue")


def test_a_second_up_changes_nothing_and_says_so(deployed: Tiny) -> None:
    before = deployed.run("export").stdout
    done = deployed.run("up")
    assert "nothing to change" in done.stdout
    assert "tiny-dev  2 resources in 1 components" in done.stdout
    assert "Policies tiny-pack v1.2.3: 0 mandatory violations, 1 advisory" in done.stdout
    assert "give it a name" in done.stdout
    for verb in ("preview", "run", "down"):
        assert f" -m sandbox {verb}" in done.stdout
    assert deployed.run("export").stdout == before


def test_a_terminal_shows_the_resource_at_work_while_it_previews_and_deploys(tiny: Tiny) -> None:
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "up"],
        cwd=tiny.folder,
        env=tiny.environment | {"TERM": "xterm", "COLUMNS": "200"},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError), os.fdopen(screen, "rb", buffering=0) as lines:
        while some := lines.read(4096):  # the last reader of a terminal gets an error, no end
            shown += some
    assert process.wait(timeout=60) == 0
    for verb in ("previewing 1", "deploying 0/4"):
        assert f"\r\x1b[2K{verb}  pulumi:pulumi:Stack tiny-dev".encode() in shown


def test_an_unchanged_up_starts_the_cli_for_its_preview_only(tiny: Tiny, cli: PulumiCli) -> None:
    tiny.run("up")
    calls = tiny.folder / "calls"
    write_script(tiny.folder / "bin" / "pulumi", f'echo "$@" >> {calls}\nexec {cli.path} "$@"\n')
    done = tiny.run("up", "--json", PATH=f"{tiny.folder}/bin:{tiny.environment['PATH']}")
    assert json.loads(done.stdout)["result"] == "unchanged"
    called = [line.split() for line in calls.read_text(encoding="utf-8").splitlines()]
    verbs = [next(word for word in words if not word.startswith("-")) for words in called]
    assert verbs == ["version", "preview"]


def test_a_preview_is_the_clis_own_with_the_policies_added(deployed: Tiny) -> None:
    preview = json.loads(deployed.run("preview", "--json").stdout)
    assert preview["changeSummary"] == {"same": 4}
    step = next(step for step in preview["steps"] if step["urn"].endswith("::queue-1"))
    assert step["op"] == "same"
    assert step["newState"]["inputs"]["visibilityTimeoutSeconds"] == 30
    assert preview["policies"]["packs"] == [{"name": "tiny-pack", "version": "1.2.3"}]
    (violation,) = preview["policies"]["violations"]
    assert violation["policy"] == "names"
    assert violation["enforcementLevel"] == "advisory"
    assert violation["urn"].endswith("::queue-1")


def test_a_first_preview_leaves_outputs_unknown(tiny: Tiny) -> None:
    tiny.write(
        "__main__.py",
        "import pulumi_aws as aws\n"
        "q = aws.sqs.Queue('q')\n"
        "aws.sqs.QueuePolicy('p', queue_url=q.url, policy='{}')\n",
    )
    preview = json.loads(tiny.run("preview", "--json").stdout)
    step = next(step for step in preview["steps"] if step["urn"].endswith("::p"))
    assert step["newState"]["inputs"]["queueUrl"] == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert tiny.resources() == []


def test_a_command_runs_in_the_stacks_folder_and_environment(deployed: Tiny) -> None:
    assert "queue-1" in deployed.run("run", "pulumi", "stack", "--show-urns").stdout
    here = deployed.run("run", "--", "sh", "-c", 'pwd; echo "$PULUMI_STACK"; env').stdout
    assert here.splitlines()[:2] == [str(deployed.folder / ".sandbox" / "dev"), "dev"]
    assert CANARY not in here
    assert deployed.run("run", "sh", "-c", "exit 7", code=7)
    assert deployed.run("run", "sh", "-c", "kill -9 $$", code=128 + signal.SIGKILL)
    assert "cannot be run" in deployed.run("run", "no-such-command", code=1).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["export"],
        ["preview"],
        ["preview", "--json"],
        ["up"],
        ["run", "pulumi", "stack", "--show-urns"],
    ],
    ids=" ".join,
)
def test_a_reader_that_stops_early_is_no_failure(deployed: Tiny, arguments: list[str]) -> None:
    """What `| head` does, at its worst: it is gone before the first word is written."""
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=deployed.folder,
        env=deployed.environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    _, said = process.communicate(timeout=60)
    assert process.returncode == Exit.OK
    assert said.splitlines()[1:] == [], "nothing but which CLI it uses"


def test_an_export_can_be_read_in_part(deployed: Tiny) -> None:
    process = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m sandbox export | head -n 2"],
        cwd=deployed.folder,
        env=deployed.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout == '{\n    "version": 3,\n'
    assert process.stderr.splitlines()[1:] == []


def test_the_program_sees_no_credential(deployed: Tiny) -> None:
    output = json.loads(deployed.run("run", "pulumi", "stack", "output", "--json").stdout)
    assert output["leaked"] == []


def test_nothing_of_the_users_environment_is_kept(deployed: Tiny) -> None:
    kept = [path for path in (deployed.folder / ".sandbox").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if CANARY.encode() in path.read_bytes()]


def test_the_own_files_stay_as_they_are(deployed: Tiny) -> None:
    text = (deployed.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    assert "encryptionsalt" not in text
    found = {path.name for path in deployed.folder.iterdir() if path.name != "sandbox"}
    assert found - {"__pycache__"} == {
        *("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py", "policies", ".sandbox"),
    }


def test_a_violation_stops_up_before_anything_is_created(tiny: Tiny) -> None:
    tiny.configure("dev", queues=10)
    stopped = tiny.run("up", code=Exit.POLICY)
    assert "mandatory few-queues" in stopped.stdout
    assert "aws:sqs/queue:Queue queue-9" in stopped.stdout
    assert "nothing was created or changed" in stopped.stderr
    assert tiny.resources() == []
    assert tiny.cloud().entries() == []


def test_a_rules_level_can_be_configured_as_on_the_cli(tiny: Tiny) -> None:
    tiny.configure("dev", queues=10)
    tiny.write("levels.json", json.dumps({"few-queues": "advisory"}))
    done = tiny.run("up", "--policy-pack-config", "levels.json")
    assert "advisory few-queues" in done.stdout
    missing = tiny.run("up", "--policy-pack-config", "none.json", code=Exit.BAD_INPUT)
    assert "There is no none.json" in missing.stderr


def test_settings_that_the_program_refuses_are_its_message_alone(tiny: Tiny) -> None:
    tiny.configure("dev", queues=1, bad=True)
    no_cli = tiny.folder / "no-cli"  # an engine that was started would be missed
    no_cli.mkdir()
    refused = tiny.run("up", code=Exit.BAD_INPUT, PATH=str(no_cli), SANDBOX_CLI_CACHE=str(no_cli))
    assert refused.stderr.endswith("services.web.port: 99999 given, 1 to 65535 allowed\n")
    assert "Traceback" not in refused.stderr
    assert not (tiny.folder / ".sandbox" / "state" / ".pulumi").exists()
    assert list(no_cli.iterdir()) == []


def test_the_rehearsal_is_given_the_configuration_that_the_engine_gives(tiny: Tiny) -> None:
    program = """
import json
import pulumi
from pulumi.runtime import config, settings

rehearsal = type(settings.get_monitor()).__module__ == "sandbox.program"
seen = {key: json.dumps(json.loads(value)) if value[:1] in "[{" else value
        for key, value in config.CONFIG.get().items() if not config.is_config_secret(key)}
secret = sorted(key for key in config.CONFIG.get() if config.is_config_secret(key))
with open("rehearsed" if rehearsal else "run", "w") as file:
    json.dump([seen, secret, pulumi.get_project(), pulumi.get_stack()], file, sort_keys=True)
"""
    tiny.write("__main__.py", program)
    tiny.write(
        "Pulumi.yaml",
        "name: tiny\nruntime: python\nconfig:\n  aws:region: {value: eu-west-1}\n"
        "  size: 3\n  plain: {type: string, default: from the project}\n"
        "  given: {type: string, default: from the project}\n"
        "  list: {type: array, items: {type: string}, default: [a, b]}\n",
    )
    tiny.write(
        "Pulumi.dev.yaml",
        "config:\n  aws:defaultTags: {tags: {a: b}}\n  given: from the stack\n"
        "  yes: yes\n  truth: true\n  quoted: 'true'\n  number: 12\n  decimal: 0.5\n"
        "  other:key: value\n  words: {a: yes, b: 'no', c: [1, 2.5, true, null]}\n"
        "  password: {secure: AAABAA==}\n  nested: {deep: [{secure: AAABAA==}]}\n",
    )
    tiny.run("preview")
    given = json.loads((tiny.folder / "run").read_text(encoding="utf-8"))
    assert json.loads((tiny.folder / "rehearsed").read_text(encoding="utf-8")) == given
    assert given[0]["tiny:given"] == "from the stack"
    assert given[1] == ["tiny:nested", "tiny:password"]


def test_a_program_that_breaks_shows_its_own_frames_once(tiny: Tiny) -> None:
    tiny.write("__main__.py", "def broken():\n    return 1 / 0\n\nbroken()\n")
    failed = tiny.run("up", code=Exit.FAILED)
    assert failed.stderr.count("ZeroDivisionError") == 1
    assert "in broken" in failed.stderr
    assert "pulumi/runtime" not in failed.stderr


def test_a_stack_file_elsewhere_is_a_stack_of_its_name(tiny: Tiny, tmp_path: Path) -> None:
    file = tmp_path / "jobs.yaml"
    file.write_text("config:\n  aws:region: us-east-1\n  queues: 1\n", encoding="utf-8")
    tiny.run("up", "--config", str(file))
    assert len(queues(tiny.resources("jobs"))) == 1
    assert file.read_text(encoding="utf-8").count("\n") == 3


def test_secrets_become_placeholders_and_stay_secret(tiny: Tiny) -> None:
    tiny.write(
        "Pulumi.dev.yaml",
        "secretsprovider: awskms://alias/none\nencryptedkey: AAAA\n"
        "config:\n  aws:region: us-east-1\n  queues: 1\n  secret:\n    secure: v1:of:another-key\n",
    )
    done = tiny.run("up", "--json")
    assert json.loads(done.stdout)["outputs"]["secret"] == "[secret]"  # noqa: S105 - what hides it
    secret = PLACEHOLDER
    assert secret in tiny.run("run", "pulumi", "stack", "output", "--show-secrets").stdout
    assert secret not in done.stdout + done.stderr + tiny.run("export").stdout
    kept = [path for path in (tiny.folder / ".sandbox").rglob("*") if path.is_file()]
    assert not [path for path in kept if secret.encode() in path.read_bytes()]


def test_down_leaves_nothing_and_reports_what_the_state_did_not_know(tiny: Tiny) -> None:
    tiny.run("up")
    tiny.cloud().add(Entry("urn:pulumi:dev::tiny::aws:sqs/queue:Queue::lost",
                           "aws:sqs/queue:Queue", "https://lost", "lost"))  # fmt: skip
    done = json.loads(tiny.run("down", "--json").stdout)
    assert [orphan["id"] for orphan in done["droppedOrphans"]] == ["https://lost"]
    assert tiny.resources() == []
    assert tiny.cloud().entries() == []
    tiny.run("up")
    assert len(queues(tiny.resources())) == 2


def test_refresh_takes_over_what_was_deleted_in_the_cloud(tiny: Tiny) -> None:
    tiny.run("up")
    entry = next(one for one in tiny.cloud().entries() if one.urn.endswith("::queue-1"))
    tiny.cloud().forget(entry)
    tiny.run("refresh")
    assert len(queues(tiny.resources())) == 1
    tiny.run("up")
    assert len(queues(tiny.resources())) == 2


def test_ctrl_c_is_passed_on_and_waited_for(tiny: Tiny) -> None:
    process = tiny.start_slow()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == Exit.INTERRUPTED
    assert "Interrupted" in said
    assert "Traceback" not in said
    assert not list((tiny.folder / ".sandbox/state/.pulumi/locks").rglob("*.json"))
    assert json.loads(tiny.run("up", "--json").stdout)["recovered"]["locks"] == 0


@pytest.mark.parametrize("victims", [("cli.lock",), ("run.lock",), ("cli.lock", "run.lock")])
def test_a_killed_run_is_recovered_from(tiny: Tiny, victims: tuple[str, ...]) -> None:
    process = tiny.start_slow()
    for victim in victims:
        os.kill(tiny.pid(victim), signal.SIGKILL)
    said, _ = process.communicate(timeout=60)
    if victims == ("cli.lock",):
        assert "The Pulumi CLI was killed (signal 9). Run the same command again" in said
    done = json.loads(tiny.run("up", "--json").stdout)
    assert done["result"] == "updated"
    known = queues(tiny.resources())
    assert len(known) == 3
    assert known == sorted(
        one.id for one in tiny.cloud().entries() if one.type == "aws:sqs/queue:Queue"
    )


def test_a_run_killed_while_the_cli_wrote_its_state_is_recovered_from(tiny: Tiny) -> None:
    process = tiny.start_slow()
    for victim in ("cli.lock", "run.lock"):
        os.kill(tiny.pid(victim), signal.SIGKILL)
    process.communicate(timeout=60)
    (attributes,) = (tiny.folder / ".sandbox/state/.pulumi/stacks/tiny").glob("dev.json.attrs")
    attributes.write_bytes(b"")
    assert json.loads(tiny.run("up", "--json").stdout)["result"] == "updated"
    assert len(queues(tiny.resources())) == 3


@pytest.mark.parametrize("exists", [True, False], ids=["existing", "new"])
def test_a_second_run_stops_and_names_the_first(tiny: Tiny, *, exists: bool) -> None:
    if exists:
        tiny.run("up")
    first = tiny.start_slow()
    second = tiny.run("up", code=Exit.BUSY)
    assert f"`sandbox up` (pid {first.pid})" in second.stderr
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    assert first.returncode == 128 + signal.SIGTERM


def test_no_process_outlives_a_killed_run(tiny: Tiny) -> None:
    process = tiny.start_slow()
    pids = [tiny.pid(lock) for lock in ("cli.lock", "standins.lock")]
    process.kill()
    process.communicate(timeout=60)
    end = time.monotonic() + 30
    while any(map(_lives, pids)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(_lives, pids))


def _lives(pid: int) -> bool:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return facts.rpartition(")")[2].split()[0] != "Z"
