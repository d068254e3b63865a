"""The pack without an engine: what it says of exports and previews, and how it ends."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from check.cli import main
from check.configuration import configured
from check.engine_output import UNKNOWN as SENTINEL
from check.engine_output import read
from check.errors import InputError
from check.evaluation import Finding, Level, evaluate
from fargate_policies.catalogue import RULES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.policies.cases.all import CASES
from tests.policies.cases.case import Case
from tests.policies.printed import export, of_case, preview, state
from tests.policies.protocol import PACK_FOLDER, UNKNOWN, Analyzer

ROOT = PACK_FOLDER.parent
SERVICE = "aws:ecs/service:Service"
SUBNET = "aws:ec2/subnet:Subnet"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
FARGATE = {"launchType": "FARGATE", "platformVersion": "LATEST"}
PUBLIC = {**FARGATE, "networkConfiguration": {"assignPublicIp": True}}
PRIVATE = {**FARGATE, "networkConfiguration": {"assignPublicIp": False}}
BY_NAME = {rule.name: rule for rule in RULES}
DEFAULTS = configured(RULES)

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the state's mark
PASSWORD = "correct-horse-battery"  # noqa: S105 - nobody's
LEAKING = json.dumps([{"name": "app", "environment": [{"name": "DB_PASSWORD", "value": PASSWORD}]}])
ENCRYPTED = {SIGNATURE: SECRET, "ciphertext": "v1:0badc0ffee"}
DECRYPTED = {SIGNATURE: SECRET, "plaintext": json.dumps(LEAKING)}


def written(folder: Path, text: str) -> str:
    path = folder / "input.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


def said(text: str, rule: str, *, undecided: bool = False) -> list[Finding]:
    """Return a rule's violations, or what it can't decide."""
    found = evaluate([BY_NAME[rule]], read(text), DEFAULTS)
    return [each for each in found if (each.level is Level.UNDECIDED) == undecided]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_preview_is_judged_as_the_pack_judges_it_on_the_engine(
    pack: Analyzer, case: Case
) -> None:
    live = (
        pack.analyze_stack(case.stack) if case.stack else pack.analyze(case.kind, case.properties)
    )
    text = preview(*of_case(case))

    violations = said(text, case.rule)
    assert sorted(f"{BY_NAME[case.rule].description}\n{f.message}" for f in violations) == sorted(
        found.message for found in live.violations(case.rule)
    )
    notes = said(text, case.rule, undecided=True)
    assert len(notes) == len(live.undecided(case.rule))
    for note, other in zip(notes, live.undecided(case.rule), strict=True):
        assert note.message.partition(" can't be")[0] in other.message


def test_every_finding_names_the_resource_and_the_rules_own_level() -> None:
    text = export(state(SERVICE, "open", PUBLIC), state(SERVICE, "closed", PRIVATE))

    [finding] = said(text, "ecs-no-public-ip")
    assert (finding.level, finding.resource) == (Level.MANDATORY, f"{SERVICE} open")
    [finding] = said(export(state(SERVICE, "old", {"platformVersion": "1.3.0"})), "ecs-platform")
    assert finding.level is Level.ADVISORY


def test_a_finding_about_a_stack_names_the_resource_or_the_stack_as_a_whole() -> None:
    stack = state("pulumi:pulumi:Stack", "fargate-dev", {})
    queue = state("aws:sqs/queue:Queue", "orders", {}, outputs={"name": "orders"})
    found = said(export(stack, queue), "queue-safe")
    assert {each.urn for each in found} == {queue["urn"]}
    assert {each.resource for each in found} == {"aws:sqs/queue:Queue orders"}
    unknown = state(
        "aws:sqs/queue:Queue", "orders", {},
        outputs={"policy": SENTINEL}, propertyDependencies={"policy": []},
    )  # fmt: skip
    for holder, urn in (([stack], stack["urn"]), ([], "")):
        [note] = said(export(*holder, unknown), "queue-safe", undecided=True)
        assert (note.urn, note.resource) == (urn, "the stack")


@pytest.mark.parametrize(
    "states",
    [
        [state(SERVICE, "s", PUBLIC, external=True)],
        [state(SERVICE, "s", PUBLIC, delete=True)],
        [state(SERVICE, "s", PUBLIC), state(SERVICE, "s", PRIVATE)],
    ],
    ids=["only read", "about to be deleted", "replaced"],
)
def test_what_the_stack_does_not_manage_or_keep_is_not_judged(states: list[Any]) -> None:
    assert said(export(*states), "ecs-no-public-ip") == []


@pytest.mark.parametrize(
    "op",
    [
        *("delete", "delete-replaced", "discard", "discard-replaced", "read-discard"),
        "remove-pending-replace",
    ],
)
def test_what_a_preview_takes_away_is_not_judged(op: str) -> None:
    assert said(preview(state(SERVICE, "s", PUBLIC), op="create"), "ecs-no-public-ip")
    assert said(preview(state(SERVICE, "s", PUBLIC), op=op), "ecs-no-public-ip") == []


def test_a_resource_that_stays_keeps_what_its_provider_chose() -> None:
    old = state(
        SUBNET, "a", {"tags": {"a": "b"}, "cidrBlock": "10.0.0.0/24"},
        outputs={"id": "subnet-1", "tags": {"a": "b"}, "cidrBlock": "10.0.0.0/24"},
    )  # fmt: skip
    new = state(SUBNET, "a", {"cidrBlock": "10.0.1.0/24"})

    def outputs(op: str) -> dict[str, Any]:
        step = {"op": op, "newState": new, "oldState": old}
        [entry] = read(json.dumps({"steps": [step]})).entries
        return dict(entry.outputs)

    for op in ("update", "same", "refresh", "read", "import"):
        assert outputs(op) == {"id": "subnet-1", "cidrBlock": "10.0.1.0/24"}
    assert outputs("create-replacement") == {"cidrBlock": "10.0.1.0/24"}


def test_what_is_unknown_is_a_note_and_what_is_certain_is_a_violation_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = state(SERVICE, "new", {**FARGATE, "networkConfiguration": UNKNOWN})

    assert main([written(tmp_path, preview(unknown))]) == 0
    shown = capsys.readouterr().out
    assert "Can't decide:\n  ecs-no-public-ip (high), aws:ecs/service:Service new" in shown
    assert "networkConfiguration can't be known from this preview" in shown
    assert SENTINEL not in shown

    assert main([written(tmp_path, preview(unknown, state(SERVICE, "open", PUBLIC)))]) == 1


@pytest.mark.parametrize(
    "text",
    [
        export(state(TASK, "t", {"containerDefinitions": ENCRYPTED})),
        preview(state(TASK, "t", {"containerDefinitions": "[secret]"})),
        export(state(TASK, "t", {"containerDefinitions": {SIGNATURE: "another", "hash": "1"}})),
        export(state(TASK, "t", {"containerDefinitions": {**DECRYPTED, "plaintext": "{"}})),
    ],
    ids=["encrypted", "masked", "of another kind", "no JSON"],
)
def test_a_secret_that_cannot_be_read_is_undecided(text: str) -> None:
    assert said(text, "ecs-env-secrets") == []
    [note] = said(text, "ecs-env-secrets", undecided=True)
    assert note.message.startswith("containerDefinitions can't be ")


def test_a_secret_that_can_be_read_is_judged() -> None:
    decrypted = export(state(TASK, "t", {"containerDefinitions": DECRYPTED}))
    [found] = said(decrypted, "ecs-env-secrets")
    assert found.message.startswith("containerDefinitions[0].environment[0]: is named")
    assert not said(decrypted, "ecs-env-secrets", undecided=True)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit"])
@pytest.mark.parametrize("definitions", [LEAKING, DECRYPTED, ENCRYPTED], ids=str)
def test_no_form_repeats_a_value(
    form: str, definitions: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = export(state(TASK, "t", {"containerDefinitions": definitions}))
    main([written(tmp_path, text), "--format", form])
    shown = capsys.readouterr().out
    assert "ecs-env-secrets" in shown
    assert PASSWORD not in shown
    assert "0badc0ffee" not in shown
    assert SIGNATURE not in shown


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not one JSON document"),
        (b"nonsense", "not one JSON document"),
        (b"\xff\xfe", "isn't UTF-8 text"),
        (b"{}", "neither deployment.resources nor steps"),
        (b"[1, 2]", "neither deployment.resources nor steps"),
        (b'["steps"]', "neither deployment.resources nor steps"),
        (b'"changeSummary"', "neither deployment.resources nor steps"),
        (b'{"deployment": []}', "neither deployment.resources nor steps"),
        (b'{"deployment": {"resources": [1]}}', "resources is not a list of objects"),
        (b'{"steps": {"a": 1}}', "steps is not a list of objects"),
        (b'{"steps": 5}', "steps is not a list of objects"),
        (b'{"steps": [{"op": "create"}]}', "no newState"),
        (b'{"deployment": {"resources": [{"type": "a"}]}}', "no urn or no type"),
        (b'{"deployment": {"resources": [{"urn": "a"}]}}', "no urn or no type"),
        (
            b'{"deployment": {"resources": [{"urn": "a", "type": "b", "inputs": 1}]}}',
            "inputs that are not an object",
        ),
        (b'{"steps": [], "changeSummary": {"same": 3}}', "leaves out 3 unchanged resources"),
        (b'{"steps": [], "changeSummary": {"same": "3"}}', "not a number"),
        (b"[" * 200_000, "nested too deeply"),
        (b"1" * 5_000, "too long"),
    ],
    ids=range(19),
)
def test_bad_input_gets_one_message_and_exits_with_2(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "input.json"
    path.write_bytes(content)
    assert main([str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert says in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("none.json", "none.json can't be read: No such file or directory."),
        (".", "can't be read: Is a directory."),
        ("a\0b", "The file's name isn't one."),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"{tmp_path}/{name}"]) == 2
    assert says in capsys.readouterr().err


def test_a_dash_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = io.TextIOWrapper(io.BytesIO(export(state(SERVICE, "s", PUBLIC)).encode()))
    monkeypatch.setattr(sys, "stdin", text)
    assert main(["-"]) == 1
    assert "ecs-no-public-ip" in capsys.readouterr().out


def test_a_stack_without_anything_that_a_rule_knows_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([written(tmp_path, export(state("random:index/randomId:RandomId", "r", {})))]) == 0
    assert capsys.readouterr().out == (
        f"{len(RULES)} rules: 0 mandatory, 0 advisory, 0 undecided, 0 exempt.\n"
    )


odd = st.sampled_from(
    [None, True, -1, 1e308, "x", "\ud800", SENTINEL, [], {}, [None], {"x": "x"}, ENCRYPTED]
)
ODD_STATES = [each for case in CASES for each in of_case(case)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(states=st.lists(st.sampled_from(ODD_STATES), min_size=1, max_size=4), data=st.data())
def test_a_document_of_any_shape_gives_findings_or_one_message(
    states: list[Any], data: st.DataObject, tmp_path: Path
) -> None:
    document = json.loads(data.draw(st.sampled_from([export, preview]))(*states))
    holder: Any = document
    depth = data.draw(st.integers(1, 9))
    for _ in range(depth):
        if not isinstance(holder, dict | list) or not holder:
            break
        place = holder
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        holder = holder[key]
    place[key] = data.draw(odd)
    path = written(tmp_path, json.dumps(document))
    for form in ("text", "json", "sarif", "junit"):
        assert main([path, "--format", form]) in (0, 1, 2)


def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {key: v for key, v in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False,
        env={**environment, **variables},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("command", "below"),
    [
        ("-m pack_of-ours.check input.json", "."),
        ("-m check ../input.json", "pack_of-ours"),
        ("pack_of-ours/check input.json", "."),
    ],
)
def test_it_runs_from_a_folder_of_any_name_with_nothing_beside_it(
    command: str, below: str, tmp_path: Path
) -> None:
    shutil.copytree(
        PACK_FOLDER, tmp_path / "pack_of-ours", ignore=shutil.ignore_patterns("__pycache__")
    )
    written(tmp_path, export(state(SERVICE, "s", PUBLIC)))
    done = run(f"{sys.executable} {command}", tmp_path / below)
    assert (done.returncode, done.stderr) == (1, "")
    assert "ecs-no-public-ip" in done.stdout


def test_it_runs_as_the_readme_says(tmp_path: Path) -> None:
    path = written(tmp_path, export(state(SERVICE, "s", PUBLIC)))
    done = run(f"{sys.executable} -m policies.check {path} --format json", ROOT)
    assert done.returncode == 1
    assert json.loads(done.stdout)["summary"]["mandatory"] == 1


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    states = [state(SERVICE, f"s{number}", PUBLIC) for number in range(500)]
    path = written(tmp_path, export(*states))
    done = run(f"({sys.executable} -m policies.check {path}; echo $? >&2) | head -n 1", ROOT)
    assert done.stderr == "1\n"
    assert done.stdout == "Violations of mandatory rules:\n"


def test_a_closed_input_and_a_full_disk_get_one_message(tmp_path: Path) -> None:
    closed = run(f"{sys.executable} -m policies.check - <&-", ROOT)
    assert (closed.returncode, closed.stdout) == (2, "")
    assert closed.stderr == "error: - can't be read: Bad file descriptor.\n"
    path = written(tmp_path, export(state(SERVICE, "s", PRIVATE)))
    full = run(f"{sys.executable} -m policies.check {path} > /dev/full", ROOT)
    assert full.returncode == 2
    assert full.stderr == "error: The findings can't be written: No space left on device.\n"


@pytest.mark.parametrize("levels", [100, 400, 900])
def test_input_of_many_levels_is_judged_or_refused(
    levels: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep: Any = 1
    for _ in range(levels // 2):
        deep = {"Statement": [deep]}
    policies = [{"policy": deep}, {"policy": {SIGNATURE: SECRET, "plaintext": json.dumps(deep)}}]
    role_policy = "aws:iam/rolePolicy:RolePolicy"
    for number, inputs in enumerate(policies):
        text = export(state(role_policy, "p", inputs, outputs=inputs))
        code = main([written(tmp_path, text)])
        captured = capsys.readouterr()
        assert "please report this" not in captured.out
        assert code == (2 if levels > 200 and not number else code)
        assert ("nested too deeply" in captured.err) == (code == 2)


@pytest.mark.parametrize(("levels", "read_"), [(195, True), (196, False)])
def test_two_hundred_levels_are_read(levels: int, *, read_: bool) -> None:
    deep: Any = 1
    for _ in range(levels):
        deep = [deep]
    text = export(state(TASK, "t", {"a": deep}))
    if read_:
        assert read(text).entries
    else:
        with pytest.raises(InputError, match="nested too deeply"):
            read(text)


@pytest.mark.parametrize(
    ("op", "unchanged", "told"), [("same", 1, True), ("same", 2, False), ("create", 1, False)]
)
def test_every_resource_that_stays_has_to_be_told(op: str, unchanged: int, *, told: bool) -> None:
    step = {"op": op, "newState": state(TASK, "t", {})}
    text = json.dumps({"steps": [step], "changeSummary": {"same": unchanged}})
    if told:
        assert read(text).entries
    else:
        with pytest.raises(InputError, match="leaves out 1 unchanged"):
            read(text)


def test_a_preview_without_steps_has_no_resources() -> None:
    assert read('{"changeSummary": {"same": 0}}').entries == ()
    assert read('{"steps": []}').entries == ()


@pytest.mark.parametrize("deployment", ["{}", '{"resources": null}', '{"resources": []}'])
def test_an_empty_stack_has_no_resources(deployment: str) -> None:
    assert read(f'{{"deployment": {deployment}}}').entries == ()


def test_a_resources_name_is_the_end_of_its_urn() -> None:
    [entry] = read(export(state(TASK, "t", {}))).entries
    assert entry.name == "t"


def test_the_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "\nExit codes:\n    0: No mandatory" in capsys.readouterr().out


def test_properties_that_are_no_more_than_a_mark_are_not_known() -> None:
    mark = {SIGNATURE: "another"}
    printed = export(state(TASK, "t", mark, outputs=mark), state(SERVICE, "s", mark, outputs=mark))
    found = evaluate(RULES, read(printed), DEFAULTS)
    assert not [each.message for each in found if "please report this" in each.message]


def test_a_terminal_that_knows_no_other_characters_gets_them_spelt_out(tmp_path: Path) -> None:
    path = written(tmp_path, export(state(SERVICE, "caf\u00e9\x1b[31m", PUBLIC)))
    done = run(f"{sys.executable} -m policies.check {path}", ROOT, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (1, "")
    assert r"caf\xe9\ufffd[31m" in done.stdout


def test_the_level_of_a_group_of_logs_without_retention_is_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([written(tmp_path, export(state(LOG_GROUP, "l", {})))]) == 0
    assert "Advice:\n  logs-retention" in capsys.readouterr().out
