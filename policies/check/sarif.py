"""Findings as SARIF 2.1.0, which code scanning reads.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. `security-severity` is
GitHub's own property: a score as CVSS has it, which decides how an alert is shown.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from fargate_policies.core.manifest import version
from fargate_policies.core.rule import AnyRule

from check.evaluation import Finding, Level

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Level.MANDATORY: {"kind": "fail", "level": "error"},
    Level.ADVISORY: {"kind": "fail", "level": "warning"},
    # SARIF's word for too little information to decide; its level must then be none.
    Level.UNDECIDED: {"kind": "open", "level": "none"},
}
_SCORES: Final = {"low": "3.0", "medium": "5.0", "high": "8.0", "critical": "9.5"}


def as_sarif(
    rules: Sequence[AnyRule], disabled: Sequence[AnyRule], findings: Sequence[Finding], file: str
) -> str:
    """Return one run: all rules, which of them are disabled, and a result for each finding."""
    every = [*rules, *disabled]
    numbers = {rule.name: number for number, rule in enumerate(every)}
    driver = {
        "name": "fargate-policies",
        "semanticVersion": version(),
        "rules": [_rule(rule) for rule in every],
    }
    overrides = [
        {
            "descriptor": {"id": rule.name, "index": numbers[rule.name]},
            "configuration": {"enabled": False},
        }
        for rule in disabled
    ]
    run = {
        "tool": {"driver": driver},
        "invocations": [
            {"executionSuccessful": True, "ruleConfigurationOverrides": overrides},
        ],
        "results": [_result(finding, numbers[finding.rule.name], file) for finding in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: AnyRule) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": rule.name,
        "shortDescription": {"text": rule.description},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": "error" if rule.mandatory else "warning"},
        "properties": {
            "security-severity": _SCORES[rule.severity.value],
            "tags": ["security", *(source.tag for source in rule.sources)],
        },
    }
    address = next((source.url for source in rule.sources if source.url), "")
    return {**described, "helpUri": address} if address else described


def _result(finding: Finding, number: int, file: str) -> dict[str, Any]:
    logical = {"fullyQualifiedName": finding.urn, "name": finding.resource, "kind": "resource"}
    uri = "stdin" if file == "-" else quote(PurePath(file).as_posix(), errors="replace")
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
        **({"logicalLocations": [logical]} if finding.urn else {}),
    }
    # What isn't in the result itself but in a file beside it is external, in SARIF's words. If one
    # result has suppressions all need them.
    suppressions = (
        [{"kind": "external", "status": "accepted", "justification": finding.exemption.because}]
        if finding.exemption
        else []
    )
    told = f"{finding.rule.name}\n{finding.urn}\n{finding.message}"
    return {
        "ruleId": finding.rule.name,
        "ruleIndex": number,
        **_LEVELS[finding.level],
        "message": {"text": finding.message},
        "locations": [location],
        "suppressions": suppressions,
        "partialFingerprints": {
            "finding/v1": hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
        },
    }
