"""IAM documents and container definitions of a preview, and which of them it doesn't know."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that a preview doesn't know."""

DOCUMENTS = (
    "assumeRolePolicy",
    "containerDefinitions",
    "executionRoleArn",
    "inlinePolicies",
    "managedPolicyArns",
    "policy",
    "policyArn",
    "taskRoleArn",
)
"""Inputs that policies judge: documents, and which role a task has."""


def documents(preview: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield each document of a first preview as `COMPONENT NAME input`, and whether it is known."""
    for step in preview["steps"]:
        state = step.get("newState") or {}
        for key in DOCUMENTS:
            if state.get("type", "").startswith("aws:") and key in (state.get("inputs") or {}):
                known = UNKNOWN not in json.dumps(state["inputs"][key])
                yield f"{_component(state)} {step['urn'].rsplit('::', 1)[-1]} {key}", known


def _component(state: Mapping[str, Any]) -> str:
    """Return the class of the component that holds a resource."""
    return str(state.get("parent", "")).split("::")[-2].rsplit(":", 1)[-1]
