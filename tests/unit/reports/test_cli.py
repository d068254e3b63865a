import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.cli import main
from tests.unit.reports.builders import (
    DATA,
    UNKNOWN_TEXT,
    export_text,
    preview_text,
    resource,
)

EXPORT = str(DATA / "dev-export.json")
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
odd = st.sampled_from([None, True, -1, "x", UNKNOWN_TEXT, [], {}, [None], ["x"], {"x": "x"}])


def paths(value: object, so_far: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths to all that a JSON value holds."""
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    inner = (paths(value[key], (*so_far, key)) for key in keys)  # type: ignore[index]  # it has keys
    return [(*so_far, key) for key in keys] + [path for each in inner for path in each]


def written(folder: Path, text: str) -> str:
    path = folder / "input.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("report", ["cost", "reach"])
def test_a_complete_report_is_printed_and_exits_with_0(
    report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([report, EXPORT]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("Stack dev")
    assert "\x1b" not in shown.out
    assert shown.err == ""


@pytest.mark.parametrize("report", ["cost", "reach"])
def test_json_is_one_document(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([report, EXPORT, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stack"] == "dev"


def test_a_dash_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = io.TextIOWrapper(io.BytesIO(export_text(resource("aws:kms/key:Key", "k")).encode()))
    monkeypatch.setattr(sys, "stdin", text)
    assert main(["cost", "-"]) == 0
    assert capsys.readouterr().out.startswith("Stack test: 1.00 USD")


def test_the_region_option_counts_where_the_input_says_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {"deployment": {"resources": [resource("aws:kms/key:Key", "k")]}}
    path = written(tmp_path, json.dumps(document))
    assert main(["cost", path]) == 3
    assert "name it with --region" in capsys.readouterr().out
    assert main(["cost", path, "--region", "us-east-1"]) == 0


def test_a_cost_report_with_something_unpriced_exits_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, export_text(resource("aws:kms/key:Key", "k"), region="eu-west-1"))
    assert main(["cost", path]) == 3
    shown = capsys.readouterr().out
    assert "1 could not be priced" in shown
    assert "no price known for eu-west-1; prices are known for us-east-1" in shown


def test_a_reach_report_that_needs_a_deployment_exits_with_3_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = resource(EGRESS, "r", {"securityGroupId": UNKNOWN_TEXT})
    assert main(["reach", written(tmp_path, preview_text(rule))]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "SecurityGroupEgressRule r: securityGroupId is not known before" in shown.err
    assert "`pulumi stack export`" in shown.err


@pytest.mark.parametrize("report", ["cost", "reach"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"{}", b"[1, 2]"])
def test_bad_input_gets_one_message_and_exits_with_2(
    report: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "input.json"
    path.write_bytes(content)
    assert main([report, str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert shown.err.count("\n") == 1


def test_a_file_that_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cost", str(tmp_path / "none.json")]) == 2
    assert "none.json can't be read: No such file or directory" in capsys.readouterr().err


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), value=odd)
def test_properties_of_any_shape_give_a_report_or_a_message(
    data: st.DataObject, value: object, tmp_path: Path
) -> None:
    document = json.loads((DATA / "dev-export.json").read_text(encoding="utf-8"))
    resources = document["deployment"]["resources"]
    state = data.draw(st.sampled_from([each for each in resources if each.get("inputs")]))
    *way, last = data.draw(st.sampled_from(paths(state["inputs"])))
    holder = state["inputs"]
    for key in way:
        holder = holder[key]
    holder[last] = value
    for report in ("cost", "reach"):
        assert main([report, written(tmp_path, json.dumps(document))]) in (0, 2, 3)


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("kubernetes:apps/v1:Deployment", {"spec": {"template": {"spec": {"containers": "x"}}}}),
        ("aws:ecs/service:Service", {"capacityProviderStrategies": [{"weight": 1}]}),
        ("aws:ecs/cluster:Cluster", {"settings": ["x"]}),
    ],
)
def test_a_resource_that_is_not_as_its_provider_has_it_is_named(
    kind: str, inputs: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = resource(
        "aws:eks/fargateProfile:FargateProfile", "p", {"selectors": [{"namespace": "default"}]}
    )
    path = written(tmp_path, export_text(profile, resource(kind, "odd", inputs)))
    assert main(["cost", path]) == 2
    expected = f"error: {kind} odd: its properties aren't such as its provider has.\n"
    assert capsys.readouterr().err == expected


def test_a_reader_that_stops_early_is_no_error() -> None:
    process = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m reports cost {EXPORT} | head -n 1"],
        cwd=DATA.parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stdout.startswith("Stack dev: 218.97 USD")
    assert process.stderr == ""


def test_reports_import_nothing_of_the_platform() -> None:
    script = (
        "import sys, reports.cli; "
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('components', 'policies', 'sandbox', 'pulumi', 'fargate_policies')])"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=DATA.parents[3], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert process.stdout.strip() == "[]"
