"""What Pulumi prints of a stack: exports and previews made of resources."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.policies.cases.case import Case
from tests.policies.protocol import StackResource, urn

State = dict[str, Any]


def state(kind: str, name: str, inputs: Mapping[str, Any], **more: Any) -> State:  # noqa: ANN401 - any JSON value
    """Return a resource as Pulumi prints it."""
    printed = {"urn": urn(kind, name), "custom": True, "type": kind, "inputs": dict(inputs)}
    return {**printed, **more}


def export(*states: State) -> str:
    """Return a stack's export."""
    return json.dumps({"version": 3, "deployment": {"resources": states}})


def preview(*states: State, op: str = "create") -> str:
    """Return a preview in which the same is done to all resources."""
    steps = [{"op": op, "urn": each["urn"], "newState": each} for each in states]
    return json.dumps({"steps": steps, "changeSummary": {op: len(steps)}})


def of_case(case: Case) -> list[State]:
    """Return a case's resources as a first preview prints them."""
    if not case.stack:
        return [state(case.kind, "it", case.properties)]
    return [_member(resource, case.stack) for resource in case.stack]


def _member(resource: StackResource, stack: Sequence[StackResource]) -> State:
    urns = {other.name: other.urn for other in stack}
    given = {key: v for key, v in resource.properties.items() if key not in resource.computed}
    sources = {
        key: [urns[name] for name in names if name in urns]
        for key, names in resource.refers.items()
    }
    return state(resource.type, resource.name, given, propertyDependencies=sources)
