"""IAM documents and container definitions of a stack, and which of them a preview doesn't know."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that a preview doesn't know."""

DOCUMENTS = (
    "assumeRolePolicy",
    "containerDefinitions",
    "containerProperties",
    "executionRoleArn",
    "inlinePolicies",
    "managedPolicyArns",
    "policy",
    "policyArn",
    "taskRoleArn",
)
"""Inputs that policies judge: documents, and which role a task has."""

Resource = Mapping[str, Any]
"""A resource as a preview's step or an export has it."""


def previewed(preview: Mapping[str, Any]) -> Sequence[Resource]:
    """Return the resources that a preview would create."""
    return [step["newState"] for step in preview["steps"] if step.get("newState")]


def documents(resources: Sequence[Resource]) -> Iterator[tuple[str, bool]]:
    """Yield each document as `COMPONENT NAME input`, and whether it is known."""
    for resource in resources:
        for key, value in _inputs(resource).items():
            if key in DOCUMENTS:
                known = UNKNOWN not in json.dumps(value)
                yield f"{_component(resource)} {_name(resource)} {key}", known


def expected(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield what each service and job of a stack file has of its own, as `NAME input`.

    Args:
        config: what the stack file says.
    """
    for name, task in (*config.get("services", {}).items(), *config.get("jobs", {}).items()):
        if task.get("runtime") == "eks":
            yield f"{name}-role assumeRolePolicy"
            continue
        for role in ("execution", "task"):
            yield f"{name}-{role}-role assumeRolePolicy"
        yield f"{name}-execution-policy policy"
        if "batch" in task:
            yield f"{name}-job containerProperties"
            continue
        yield f"{name}-task executionRoleArn"
        yield f"{name}-task taskRoleArn"
        yield f"{name}-task containerDefinitions"


def _inputs(resource: Resource) -> Mapping[str, Any]:
    """Return what AWS is given; nothing of other providers' resources."""
    given: Mapping[str, Any] = resource.get("inputs") or {}
    return given if str(resource["type"]).startswith("aws:") else {}


def _name(resource: Resource) -> str:
    return str(resource["urn"]).rsplit("::", 1)[-1]


def _component(resource: Resource) -> str:
    """Return the class of the component that holds a resource."""
    return str(resource.get("parent", "")).split("::")[-2].rsplit(":", 1)[-1]
