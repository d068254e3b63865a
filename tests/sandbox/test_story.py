"""The platform's life on the real engine, from the first deployment to the last.

The tests of a class tell one story in their order, on a stack that the last of them deletes.
"""

import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox.copies import PLACEHOLDER
from tests.sandbox.project import Project

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.engine

IMAGE = "image: public.ecr.aws/docker/library/python:3.13-slim"
API = f"    api:\n      {IMAGE}"
FEWEST_RESOURCES = 100
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
RULE = "aws:lb/listenerRule:ListenerRule"


@pytest.fixture(scope="module")
def first_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """A project whose dev stack was deployed, and what `up --json` said."""
    project = Project(tmp_path_factory.mktemp("project"))
    return project, project.sandbox("up", "--json").stdout


@pytest.fixture(scope="module")
def project(first_up: tuple[Project, str]) -> Project:
    """A project whose dev stack is deployed."""
    return first_up[0]


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    """A project that nothing was deployed from."""
    return Project(tmp_path)


def steps(preview: str) -> dict[str, str]:
    """Return what a preview would do, by the resource's name, unchanged resources left out."""
    return {
        step["urn"].rsplit("::", 1)[1]: step["op"]
        for step in json.loads(preview)["steps"]
        if step["op"] != "same"
    }


def _task_definition(project: Project) -> str:
    """Return the task definition that the state has the service api run."""
    (service,) = (r for r in project.export().resources if r["urn"].endswith("::api-service"))
    return str(service["inputs"]["taskDefinition"])


def _revision(arn: str) -> str:
    """Return family:revision of a task definition's ARN."""
    return arn.rpartition("/")[2]


class TestLife:
    """Up, no change, change, down."""

    def test_up_creates_everything_without_a_violation(self, first_up: tuple[Project, str]) -> None:
        project, said = first_up
        done = json.loads(said)
        assert done["result"] == "updated"
        assert done["policies"]["violations"] == []
        deployment = project.export()
        assert len(deployment.resources) >= FEWEST_RESOURCES
        assert deployment.pending == []
        types = Counter(resource["type"] for resource in deployment.resources)
        assert types["fargate:ecs:EcsService"] == 2
        assert types["fargate:eks:EksService"] == 1
        assert types["aws:eks/fargateProfile:FargateProfile"] == 2

    def test_the_state_and_the_cloud_agree(self, project: Project) -> None:
        in_cloud = sorted((entry.type, entry.id) for entry in project.cloud())
        assert in_cloud == project.export().managed()

    def test_the_working_tree_is_clean_after_up(self, project: Project) -> None:
        assert project.changes() == ""

    def test_a_second_preview_shows_no_change(self, project: Project) -> None:
        assert steps(project.sandbox("preview", "--json").stdout) == {}

    def test_a_second_up_changes_nothing(self, project: Project) -> None:
        before = project.export().text
        done = json.loads(project.sandbox("up", "--json").stdout)
        assert done["result"] == "unchanged"
        assert project.export().text == before

    def test_a_refresh_finds_no_drift(self, project: Project) -> None:
        def known() -> dict[str, list[object]]:
            return {
                resource["urn"]: [resource.get(key) for key in ("id", "inputs", "outputs")]
                for resource in project.export().resources
            }

        before = known()
        project.sandbox("refresh")
        assert known() == before

    def test_a_new_image_replaces_the_task_definition_and_updates_the_service(
        self, project: Project
    ) -> None:
        project.replace("Pulumi.dev.yaml", API, API.replace("3.13-slim", "3.14-slim"))
        planned = steps(project.sandbox("preview", "--json").stdout)
        assert planned == {"api-task": "replace", "api-service": "update"}
        (before,) = (r for r in project.export().resources if r["urn"].endswith("::api-task"))
        project.sandbox("up")
        (after,) = (r for r in project.export().resources if r["urn"].endswith("::api-task"))
        revision = after["outputs"]["revision"]
        assert revision == before["outputs"]["revision"] + 1
        (service,) = (r for r in project.export().resources if r["urn"].endswith("::api-service"))
        assert service["inputs"]["taskDefinition"] == after["outputs"]["arn"]
        project.restore()

    def test_a_deployment_that_ecs_rolled_back_fails_its_own_update_and_each_later_one(
        self, project: Project
    ) -> None:
        before = _task_definition(project)
        # ECS took the deployment back: it says that the service runs what it ran before.
        answer = '"taskDefinition": running,\n                    "updatedAt"'
        rolled_back = f'"{before}" if name == "api" else running'
        project.replace(
            "sandbox/standins/aws/live.py", answer, answer.replace("running", rolled_back)
        )
        project.replace("Pulumi.dev.yaml", API, API.replace("3.13-slim", "3.12-slim"))
        own = project.sandbox("up", code=1)
        intended = _task_definition(project)
        assert intended != before, "the update went as far as the service"
        project.replace("Pulumi.dev.yaml", "    orders: {}", "    orders: {maxReceives: 4}")
        later = project.sandbox("up", code=1)
        assert _task_definition(project) == intended, "there was nothing to do for the service"
        project.restore()
        for failed in (own, later):
            said = failed.stdout + failed.stderr
            deployment = f"services.api: the deployment of {_revision(intended)}"
            assert f"{deployment} was rolled back" in said
            assert f"ECS runs {_revision(before)}." in said
            assert "Traceback" not in said
        project.sandbox("up")

    def test_a_value_that_aws_would_reject_fails_and_names_the_property(
        self, project: Project
    ) -> None:
        project.replace(
            "components/load_balancer/load_balancer.py",
            'desync_mitigation_mode="strictest"',
            'desync_mitigation_mode="strict"',
        )
        before = project.export().text
        failed = project.sandbox("up", code=1)
        project.restore()
        said = failed.stdout + failed.stderr
        assert "public-alb" in said
        assert "desyncMitigationMode" in said
        assert "strictest" in said
        assert "Traceback" not in said
        assert project.export().text == before

    def test_bad_settings_are_reported_before_anything_runs(self, project: Project) -> None:
        last = project.cli_pid()
        project.replace("Pulumi.dev.yaml", "    nat: single", "    nat: double")
        failed = project.sandbox("up", code=2)
        project.restore()
        assert project.cli_pid() == last, "no CLI was started, and the engine is in it"
        said = failed.stdout + failed.stderr
        assert "network.nat" in said
        assert "'none', 'single' or 'per-zone'" in said
        assert "Traceback" not in said

    def test_down_leaves_an_empty_state_and_an_empty_cloud(self, project: Project) -> None:
        project.sandbox("down")
        deployment = project.export()
        assert deployment.resources == []
        assert deployment.pending == []
        assert project.cloud() == []
        assert project.changes() == ""


def test_a_service_with_a_public_address_is_blocked_and_nothing_is_created(fresh: Project) -> None:
    fresh.replace("components/ecs/service.py", "assign_public_ip=False", "assign_public_ip=True")
    blocked = fresh.sandbox("up", code=3)
    said = blocked.stdout + blocked.stderr
    assert "ecs-no-public-ip" in said
    assert "web-service" in said
    assert "api-service" in said
    assert fresh.cloud() == []
    assert [r for r in fresh.export().resources if r.get("custom")] == []


class TestKilledInTheMiddle:
    """SIGKILL while resources are being created; the next up recovers by itself."""

    @pytest.mark.parametrize("victim", ["cli", "program", "both"])
    def test_the_next_up_completes_and_nothing_is_lost_or_doubled(
        self, fresh: Project, victim: str
    ) -> None:
        running = fresh.start("up")
        wait_for(lambda: len(fresh.cloud()) >= 40, running)
        output = kill(fresh, running, victim)
        assert running.returncode != 0, output
        interrupted = {(entry.type, entry.id) for entry in fresh.cloud()}
        assert len(interrupted) >= 40

        fresh.sandbox("up")

        deployment = fresh.export()
        cloud = fresh.cloud()
        in_cloud = sorted((entry.type, entry.id) for entry in cloud)
        assert in_cloud == deployment.managed()
        assert deployment.pending == []
        assert not [entry for entry in cloud if entry.orphan]
        assert [urn for urn, count in Counter(e.urn for e in cloud).items() if count > 1] == []
        assert interrupted <= set(in_cloud), "what the killed run had created is kept"
        assert steps(fresh.sandbox("preview", "--json").stdout) == {}

    def test_an_interrupt_ends_cleanly_and_the_next_up_completes(self, fresh: Project) -> None:
        running = fresh.start("up")
        wait_for(lambda: len(fresh.cloud()) >= 20, running)
        running.send_signal(signal.SIGINT)
        output, _ = running.communicate(timeout=60)
        assert running.returncode == 130, output
        assert "Traceback" not in output
        fresh.sandbox("up")
        in_cloud = sorted((entry.type, entry.id) for entry in fresh.cloud())
        assert in_cloud == fresh.export().managed()


class TestStrategies:
    """A service begins to shift requests between two target groups, and stops again.

    The weights of its rule are ECS's own and ignored, and with them its actions.
    """

    FILE = "examples/ecs-only.yaml"
    ROUTE = "      route:\n        path: /*\n"

    def test_the_rule_always_holds_the_target_groups_of_its_service(self, fresh: Project) -> None:
        fresh.sandbox("up", "--config", self.FILE)
        for deployment in (
            "      deployment: {strategy: canary}\n",
            "      deployment: {strategy: rolling}\n",
        ):
            fresh.restore()
            fresh.replace(self.FILE, self.ROUTE, self.ROUTE + deployment)
            fresh.sandbox("up", "--config", self.FILE)
            deployed = fresh.export("--config", self.FILE)
            groups = {group["outputs"]["arn"] for group in deployed.of(TARGET_GROUP)}
            (rule,) = deployed.of(RULE)
            (action,) = rule["inputs"]["actions"]
            shifted = action.get("forward", {}).get("targetGroups", [])
            forwarded = {one["arn"] for one in shifted} or {action["targetGroupArn"]}
            assert forwarded == groups
            settled = fresh.sandbox("preview", "--json", "--config", self.FILE).stdout
            assert steps(settled) == {}


class TestTwoAtOnce:
    """The second up stops and names the process that holds the stack."""

    def test_on_a_new_stack(self, fresh: Project) -> None:
        self.check(fresh)

    def test_on_an_existing_stack(self, fresh: Project) -> None:
        fresh.sandbox("up", "--config", "examples/ecs-only.yaml")
        fresh.replace("examples/ecs-only.yaml", "3.13-slim", "3.14-slim")
        self.check(fresh)

    def check(self, project: Project) -> None:
        first = project.start("up", "--config", "examples/ecs-only.yaml")
        lock = project.folder / ".sandbox" / "ecs-only" / "run.lock"
        wait_for(lambda: lock.exists() and str(first.pid) in lock.read_text(), first)
        second = project.sandbox("up", "--config", "examples/ecs-only.yaml", code=4)
        output, _ = first.communicate(timeout=120)
        assert first.returncode == 0, output
        said = second.stdout + second.stderr
        assert re.search(rf"ecs-only is busy.*pid {first.pid}\b", said, re.DOTALL), said
        assert "Traceback" not in said


class TestSecrets:
    """A secret's value is in clear nowhere: state, export, output, logs, messages."""

    CANARY = "canary-4f1d9c27"
    PROGRAM = """\
import pulumi
import pulumi_aws as aws

secret = pulumi.Output.secret("-".join(["canary", "4f1d9c27"]))
configured = pulumi.Config("vault").require_secret("canary")
"""

    def test_in_properties_outputs_and_configuration(self, fresh: Project) -> None:
        said = self.up(
            fresh,
            """\
pulumi.export("canary", {"deep": [secret, configured]})
trust = '{"Version": "2012-10-17", "Statement": []}'
aws.iam.Role("canary", description=secret, assume_role_policy=trust, tags={"a": configured})
""",
            code=0,
        )
        assert "[secret]" in said
        (role,) = (r for r in fresh.export().resources if r["urn"].endswith("Role::canary"))
        for values in (role["inputs"], role["outputs"]):
            assert "ciphertext" in values["description"]
            assert "ciphertext" in values["tags"]["a"]
        self.search(fresh, self.run(fresh, ["down"]))

    def test_in_a_run_that_was_killed_and_in_the_one_that_goes_on_from_there(
        self, fresh: Project
    ) -> None:
        self.write(
            fresh,
            """\
pulumi.export("canary", [secret, configured])
trust = '{"Version": "2012-10-17", "Statement": []}'
for number in range(100):
    aws.iam.Role(
        f"canary-{number}", description=secret, assume_role_policy=trust, tags={"a": configured}
    )
""",
        )
        running = fresh.start("up")
        wait_for(lambda: len(fresh.cloud()) >= 20, running)
        self.search(fresh, kill(fresh, running, "both"))
        assert len(fresh.cloud()) < 100, "it was in the middle"
        said = self.run(fresh, ["up", "--json"], ["export"])
        assert '"locks": 1' in said, "it went on from there"
        self.search(fresh, said)
        self.search(fresh, self.run(fresh, ["down", "--json"]))

    @pytest.mark.parametrize(
        ("resource", "named"),
        [
            ('aws.sqs.Queue("canary", name=pulumi.Output.concat(secret, " is none"))', "name"),
            (
                'aws.cloudwatch.LogGroup("canary", log_group_class=configured)',
                "logGroupClass",
            ),
        ],
    )
    def test_in_a_value_that_aws_would_reject(
        self, fresh: Project, resource: str, named: str
    ) -> None:
        assert named in self.up(fresh, f"{resource}\n", code=1)

    def test_in_what_a_policy_blocks(self, fresh: Project) -> None:
        said = self.up(
            fresh,
            """\
containers = pulumi.Output.json_dumps(
    [{"name": "a", "image": "a:1", "environment": [{"name": "DB_PASSWORD", "value": secret}]}]
)
aws.ecs.TaskDefinition("canary", family="canary", container_definitions=containers)
""",
            code=3,
        )
        assert "ecs-env-secrets" in said

    def up(self, project: Project, more: str, code: int) -> str:
        """Deploy a program with secrets; return what it said, after searching everything."""
        self.write(project, more)
        said = self.run(
            project, ["preview"], ["preview", "--json"], ["up"], ["up", "--json"], code=code
        )
        said += self.run(project, ["export"], ["refresh"])
        self.search(project, said)
        return said

    def write(self, project: Project, more: str) -> None:
        """Make the project a program with secrets."""
        main = project.folder / "__main__.py"
        main.write_text(f"{self.PROGRAM}{more}", encoding="utf-8")
        # The sandbox can't decrypt a stack's secret, and puts a placeholder of its own there.
        (project.folder / "Pulumi.dev.yaml").write_text(
            "config:\n  aws:region: us-east-1\n  vault:canary:\n    secure: v1:AAAA:AAAA\n",
            encoding="utf-8",
        )

    def run(self, project: Project, *runs: list[str], code: int = 0) -> str:
        """Run the sandbox several times; return all that it said."""
        done = [project.sandbox(*arguments, code=code) for arguments in runs]
        return "".join(one.stdout + one.stderr for one in done)

    def search(self, project: Project, said: str) -> None:
        """Look for the secrets in what was said, and in all that the sandbox keeps."""
        kept = b"".join(
            file.read_bytes() for file in (project.folder / ".sandbox").rglob("*") if file.is_file()
        )
        for value in (self.CANARY, PLACEHOLDER):
            assert value not in said
            assert value.encode() not in kept
        assert "Traceback" not in said


def test_a_secret_in_settings_is_an_error_that_does_not_show_it(fresh: Project) -> None:
    fresh.replace(
        "Pulumi.dev.yaml",
        "config:\n",
        "config:\n  password:\n    secure: v1:AAAAAAAAAAAAAAAA:AAAAAAAA\n",
    )
    failed = fresh.sandbox("up", code=2)
    said = failed.stdout + failed.stderr
    assert "password" in said
    assert "names of secrets, never values" in said
    assert "Traceback" not in said


def kill(project: Project, running: "subprocess.Popen[str]", victim: str) -> str:
    """Kill the CLI, the program or both in the middle of a run; return what it had said."""
    pids = {"program": [running.pid], "cli": [project.cli_pid()]}
    pids["both"] = pids["program"] + pids["cli"]
    for pid in pids[victim]:
        os.kill(pid, signal.SIGKILL)
    output, _ = running.communicate(timeout=60)
    return output


def wait_for(
    condition: Callable[[], bool], running: "subprocess.Popen[str]", seconds: float = 120
) -> None:
    """Wait until something holds while a process runs."""
    end = time.monotonic() + seconds
    while not condition():
        if running.poll() is not None:
            output, _ = running.communicate()
            pytest.fail(f"it ended before the condition held:\n{output}")
        assert time.monotonic() < end, "the condition never held"
        time.sleep(0.02)
