"""Findings for people, as text, and for programs, as JSON."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from fargate_policies.core.rule import AnyRule

from check.evaluation import Finding, Level

_HEADINGS: Final = {
    Level.MANDATORY: "Violations of mandatory rules",
    Level.ADVISORY: "Advice",
    Level.UNDECIDED: "Can't decide",
}
_ODD: Final = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return one line of text, without what moves a terminal's cursor or XML doesn't allow."""
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text)


def as_text(rules: Sequence[AnyRule], findings: Sequence[Finding], _file: str) -> str:
    """Return the findings by weight, and how many there are."""
    lines: list[str] = []
    for level, heading in _HEADINGS.items():
        found = [finding for finding in findings if finding.level is level]
        if found:
            lines += [f"{heading}:", *(line for each in found for line in _lines(each)), ""]
    counts = Counter(finding.level for finding in findings)
    said = ", ".join(f"{counts[level]} {level.value}" for level in Level)
    return "\n".join([*lines, f"{len(rules)} rules: {said}."])


def _lines(finding: Finding) -> tuple[str, str]:
    rule = finding.rule
    return (
        f"  {rule.name} ({rule.severity.value}), {clean(finding.resource)}",
        f"      {clean(finding.message)}",
    )


def as_json(rules: Sequence[AnyRule], findings: Sequence[Finding], file: str) -> str:
    """Return one JSON document: how many findings there are, and each of them."""
    counts = Counter(finding.level for finding in findings)
    document = {
        "file": file,
        "rules": len(rules),
        "summary": {level.value: counts[level] for level in Level},
        "findings": [
            {
                "policy": finding.rule.name,
                "level": finding.level.value,
                "severity": finding.rule.severity.value,
                "urn": finding.urn,
                "message": finding.message,
            }
            for finding in findings
        ],
    }
    return json.dumps(document, indent=2)
