"""The forms in which the pack without an engine prints its findings."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from check.engine_output import read
from check.evaluation import Finding, evaluate
from check.junit import as_junit
from check.sarif import as_sarif
from check.text import as_json, as_text
from fargate_policies.catalogue import RULES

from tests.policies.printed import preview, state
from tests.policies.protocol import PACK_FOLDER, UNKNOWN

SERVICE = "aws:ecs/service:Service"
FARGATE = {"launchType": "FARGATE", "platformVersion": "LATEST"}
ODD_NAME = "a\x1b]b\x00c\n<&>\ud800\U0001f600"

# What SARIF 2.1.0 demands of the objects that are printed here, and nothing else allowed: its own
# schema is closed too (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
TEXT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"uri": {"type": "string", "pattern": r"^[\w./%-]+$"}},
                },
                "region": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                },
            },
        },
        "logicalLocations": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "fullyQualifiedName": {"type": "string"},
                    "kind": {"type": "string"},
                },
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "additionalProperties": False,
                                "required": ["name", "rules"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "semanticVersion": {"pattern": r"^\d+\.\d+\.\d+$"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "minItems": 1,
                                        "items": {
                                            "type": "object",
                                            "additionalProperties": False,
                                            "required": ["id"],
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "help": TEXT,
                                                "helpUri": {"type": "string", "format": "uri"},
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "additionalProperties": False,
                                                    "properties": {"level": LEVEL},
                                                },
                                                "properties": {
                                                    "type": "object",
                                                    "properties": {
                                                        "tags": {
                                                            "type": "array",
                                                            "uniqueItems": True,
                                                            "items": {"type": "string"},
                                                        },
                                                    },
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["message"],
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "kind": {"enum": ["fail", "open"]},
                                "level": LEVEL,
                                "message": TEXT,
                                "locations": {"type": "array", "items": LOCATION},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture
def findings() -> list[Finding]:
    """A violation, advice and something undecided."""
    text = preview(
        state("pulumi:pulumi:Stack", "fargate-dev", {}, custom=False),
        state(SERVICE, "open", {**FARGATE, "networkConfiguration": {"assignPublicIp": True}}),
        state(SERVICE, "unknown", {**FARGATE, "networkConfiguration": UNKNOWN}),
        state("aws:cloudwatch/logGroup:LogGroup", "logs", {}),
        state(SERVICE, ODD_NAME, {"networkConfiguration": {"assignPublicIp": True}}),
    )
    return evaluate(RULES, read(text))


def results(findings: list[Finding], file: str = "out/stack.json") -> list[dict[str, Any]]:
    document = json.loads(as_sarif(RULES, findings, file))
    [run] = document["runs"]
    found: list[dict[str, Any]] = run["results"]
    return found


@pytest.mark.parametrize("file", ["stack.json", "-", "/a folder/stäck.json"])
def test_sarif_is_such_as_its_standard_demands(findings: list[Finding], file: str) -> None:
    for found in (findings, []):
        document = json.loads(as_sarif(RULES, found, file))
        jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft7Validator)


def test_sarif_has_each_rule_once_and_each_result_points_to_its_own(
    findings: list[Finding],
) -> None:
    document = json.loads(as_sarif(RULES, findings, "stack.json"))
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


def test_sarif_keeps_the_fingerprint_of_a_finding_in_another_file(
    findings: list[Finding],
) -> None:
    def prints(file: str) -> list[str]:
        return [each["partialFingerprints"]["finding/v1"] for each in results(findings, file)]

    assert prints("a.json") == prints("b.json")
    assert len(set(prints("a.json"))) == len(findings)


def test_junit_counts_its_tests_failures_and_skipped_ones(findings: list[Finding]) -> None:
    root = ET.fromstring(as_junit(RULES, findings, "stack.json"))  # noqa: S314 - our own text
    [suite] = root
    assert root.tag == "testsuites"
    for holder in (root, suite):
        assert int(holder.attrib["tests"]) == len(list(suite))
        assert int(holder.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(holder.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
        assert holder.attrib["errors"] == "0"
    levels = [finding.level.value for finding in findings]
    assert int(suite.attrib["failures"]) == levels.count("mandatory") > 0
    assert int(suite.attrib["skipped"]) == levels.count("undecided") > 0
    assert len(suite.findall("testcase/system-out")) == levels.count("advisory") > 0


def test_junit_has_a_test_of_each_rule(findings: list[Finding]) -> None:
    suite = ET.fromstring(as_junit(RULES, findings, "stack.json"))[0]  # noqa: S314 - our own text
    assert {test.attrib["classname"] for test in suite} == {rule.name for rule in RULES}
    [failure] = [
        test.find("failure")
        for test in suite
        if test.attrib == {"classname": "ecs-no-public-ip", "name": f"{SERVICE} open"}
    ]
    assert failure is not None
    assert "networkConfiguration.assignPublicIp" in failure.attrib["message"]


def test_json_counts_its_findings_by_weight(findings: list[Finding]) -> None:
    document = json.loads(as_json(RULES, findings, "stack.json"))
    assert document["file"] == "stack.json"
    assert document["rules"] == len(RULES)
    for level, count in document["summary"].items():
        assert count == sum(each["level"] == level for each in document["findings"]) > 0
    assert document["findings"][0].keys() == {"policy", "level", "severity", "urn", "message"}


def test_text_has_the_worst_first_and_no_line_that_a_name_made_up(
    findings: list[Finding],
) -> None:
    text = as_text(RULES, findings, "stack.json")
    headings = re.findall(r"^(\S.*):$", text, re.MULTILINE)
    assert headings == ["Violations of mandatory rules", "Advice", "Can't decide"]
    assert "\x1b" not in text
    assert "a\ufffd]b\ufffdc\ufffd<&>\ufffd\U0001f600" in text
