"""The reach report as text and as JSON."""

from typing import Any

from reports.reach.analysis import Path, ReachReport
from reports.tables import table


def as_text(report: ReachReport) -> str:
    """Return the report for a person to read."""
    rows = [[pair.source, pair.target, str(pair.ports), pair.note] for pair in report.pairs]
    ways = [
        [path.target, path.source or "-", _way(path) if path.source else "not reachable"]
        for path in report.paths
    ]
    sections = [
        (
            f"Stack {report.stack or '(empty)'}: who can open a connection to whom, by the "
            "security groups of both sides."
        ),
        table(["FROM", "TO", "PORTS", "NOTE"], rows) if rows else "Nobody can reach anybody.",
    ]
    if ways:
        sections.append(
            "From outside, directly or through what can be reached:\n"
            + table(["TARGET", "FROM", "THROUGH"], ways)
        )
    if report.without_groups:
        sections.append(
            "Not considered, since which groups they carry isn't in this stack: "
            + ", ".join(report.without_groups)
        )
    if report.unused:
        sections.append(f"Groups that nothing here carries: {', '.join(report.unused)}")
    return "\n\n".join(sections)


def _way(path: Path) -> str:
    return " -> ".join(f"{name} ({ports})" for name, ports in path.hops)


def as_json(report: ReachReport) -> dict[str, Any]:
    """Return the report for a machine."""
    return {
        "stack": report.stack,
        "pairs": [
            {
                "from": pair.source,
                "to": pair.target,
                "protocol": pair.ports.protocol,
                "firstPort": pair.ports.first,
                "lastPort": pair.ports.last,
                "note": pair.note,
            }
            for pair in report.pairs
        ],
        "fromOutside": [
            {
                "target": path.target,
                "reachable": bool(path.source),
                "from": path.source,
                "through": [{"name": name, "ports": ports} for name, ports in path.hops],
            }
            for path in report.paths
        ],
        "withoutGroups": list(report.without_groups),
        "unusedGroups": list(report.unused),
    }
