"""Findings for people, as text, and for programs, as JSON."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from fargate_policies.core.rule import AnyRule

from check.evaluation import EXEMPT, KINDS, Finding, Level

_HEADINGS: Final = {
    Level.MANDATORY.value: "Violations of mandatory rules",
    Level.ADVISORY.value: "Advice",
    Level.UNDECIDED.value: "Can't decide",
    EXEMPT: "Exempt",
}
_ODD: Final = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return one line of text, without what moves a terminal's cursor or XML doesn't allow."""
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text)


def as_text(
    rules: Sequence[AnyRule], disabled: Sequence[AnyRule], findings: Sequence[Finding], _file: str
) -> str:
    """Return the findings by weight, which rules are disabled, and how many there are of all."""
    lines: list[str] = []
    for kind, heading in _HEADINGS.items():
        found = [finding for finding in findings if finding.kind == kind]
        if found:
            lines += [f"{heading}:", *(line for each in found for line in _lines(each)), ""]
    if disabled:
        lines += [f"Disabled: {', '.join(rule.name for rule in disabled)}.", ""]
    counts = Counter(finding.kind for finding in findings)
    said = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
    return "\n".join([*lines, f"{len(rules)} rules: {said}."])


def _lines(finding: Finding) -> list[str]:
    rule, exemption = finding.rule, finding.exemption
    why = [f"      exempt {clean(exemption.because)}"] if exemption else []
    return [
        f"  {rule.name} ({rule.severity.value}), {clean(finding.resource)}",
        f"      {clean(finding.message)}",
        *why,
    ]


def as_json(
    rules: Sequence[AnyRule], disabled: Sequence[AnyRule], findings: Sequence[Finding], file: str
) -> str:
    """Return one JSON document: which rules are disabled, how many findings there are, and each."""
    counts = Counter(finding.kind for finding in findings)
    document = {
        "file": file,
        "rules": len(rules),
        "disabled": [rule.name for rule in disabled],
        "summary": {kind: counts[kind] for kind in KINDS},
        "findings": [
            {
                "policy": finding.rule.name,
                "level": finding.kind,
                "severity": finding.rule.severity.value,
                "urn": finding.urn,
                "message": finding.message,
                "exemption": _exemption(finding),
            }
            for finding in findings
        ],
    }
    return json.dumps(document, indent=2)


def _exemption(finding: Finding) -> dict[str, str] | None:
    given = finding.exemption
    return {"reason": given.reason, "expires": given.expires.isoformat()} if given else None
