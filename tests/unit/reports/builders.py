"""Stacks as the engine prints them, made by hand."""

import json
from pathlib import Path
from typing import Any

from reports.engine_output import read_stack
from reports.stack import Stack

DATA = Path(__file__).parent / "data"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK_URN = "urn:pulumi:test::project::pulumi:pulumi:Stack::project-test"


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:test::project::{kind}::{name}"


def resource(
    kind: str,
    name: str,
    inputs: dict[str, Any] | None = None,
    *,
    id: str = "",  # noqa: A002 - the engine's word
    outputs: dict[str, Any] | None = None,
    parent: str = STACK_URN,
    sources: dict[str, list[str]] | None = None,
    custom: bool = True,
) -> dict[str, Any]:
    return {
        "urn": urn(kind, name),
        "type": kind,
        "custom": custom,
        "id": id,
        "inputs": inputs or {},
        "outputs": outputs or {},
        "parent": parent,
        "propertyDependencies": sources or {},
    }


def export_text(*resources: dict[str, Any], region: str = "us-east-1") -> str:
    provider = resource("pulumi:providers:aws", "default", {"region": region})
    return json.dumps({"version": 3, "deployment": {"resources": [provider, *resources]}})


def preview_text(*resources: dict[str, Any], region: str = "us-east-1") -> str:
    steps = [{"op": "create", "urn": each["urn"], "newState": each} for each in resources]
    return json.dumps(
        {
            "config": {"aws:region": region},
            "steps": steps,
            "changeSummary": {"create": len(steps)},
        }
    )


def exported(*resources: dict[str, Any], region: str = "us-east-1") -> Stack:
    return read_stack(export_text(*resources, region=region))


def previewed(*resources: dict[str, Any], region: str = "us-east-1") -> Stack:
    return read_stack(preview_text(*resources, region=region))


def dev(kind: str) -> Stack:
    """Return the dev stack as the engine printed it: its export or its first preview."""
    return read_stack((DATA / f"dev-{kind}.json").read_text(encoding="utf-8"))
