"""Dependency edges of a deployment: who is named in a resource's inputs precedes the resource.

A name that was written as plain text, rather than taken from the named resource's output, shows
here: the engine knows of no dependency, and would create and delete the two in any order.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Resource = Mapping[str, Any]
"""A resource as an export has it."""

OWN_NAME = ("name", "family", "bucket")
"""Inputs that give a resource its fixed name."""

NO_REFERENCE = ("__defaults", "description", "tags")
"""Inputs in which a name is a label for people."""

AHEAD = {
    ("aws:iam/role:Role", "aws:pipes/pipe:Pipe"),
    ("aws:iam/role:Role", "aws:sfn/stateMachine:StateMachine"),
    ("aws:iam/role:Role", "aws:lambda/function:Function"),
    ("aws:iam/role:Role", "aws:eks/cluster:Cluster"),
    ("aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup"),
    ("aws:kms/key:Key", "aws:ecs/cluster:Cluster"),
    ("aws:kms/key:Key", "aws:sns/topic:Topic"),
}
"""Who names another before that one exists, and whom: the trust and the key policies that admit a
resource alone have to be there before it. Then the other one, or whoever uses both, comes later.
"""


def missing_edges(resources: Sequence[Resource], prefix: str) -> list[str]:
    """Return what names another resource of the stack without depending on it.

    Where several resources share a name, such as an ECS cluster and its namespace, an edge to one
    of them will do.

    Args:
        resources: the deployment's.
        prefix: what all fixed names of the stack hold: PROJECT-STACK.
    """
    by_urn = {resource["urn"]: resource for resource in resources}
    before = {urn: reached(urn, by_urn) for urn in by_urn}
    owners = _owners(resources, prefix)
    objects = _objects(resources)
    return sorted(
        f"{_short(resource)} names {name} and doesn't depend on it"
        for resource in resources
        for name, urns in (
            *((name, owners[name]) for name in _named(resource, owners)),
            *((name, objects[name]) for name in _referred(resource) if name in objects),
        )
        if not any(_ordered(resource, by_urn[owner], before) for owner in urns)
    )


def named_pairs(resources: Sequence[Resource], prefix: str) -> int:
    """Return how many times a resource names another one."""
    owners = _owners(resources, prefix)
    return sum(len(list(_named(resource, owners))) for resource in resources)


def reached(urn: str, by_urn: Mapping[str, Resource]) -> set[str]:
    """Return all URNs that one depends on, over whichever others, as the engine orders them.

    The engine creates a resource after all of these, and deletes it before them: what it names in
    its inputs or options, its parent, and its provider.
    """
    found: set[str] = set()
    waiting = [urn]
    while waiting:
        resource = by_urn.get(waiting.pop())
        if resource is None:
            continue
        properties = (resource.get("propertyDependencies") or {}).values()
        direct = {*(resource.get("dependencies") or ()), *(u for urns in properties for u in urns)}
        direct |= {resource["parent"]} if resource.get("parent") else set()
        # A provider is referred to by its URN and its id.
        direct |= {resource["provider"].rpartition("::")[0]} if resource.get("provider") else set()
        waiting += direct - found
        found |= direct
    return found


def _owners(resources: Sequence[Resource], prefix: str) -> dict[str, list[str]]:
    """Return URNs by fixed name; a service's name counts together with its cluster's."""
    owners = defaultdict(list)
    for resource in resources:
        for name in _own_names(resource):
            if prefix in name:
                owners[name].append(resource["urn"])
    return owners


def _own_names(resource: Resource) -> Iterator[str]:
    inputs = resource.get("inputs") or {}
    for key in OWN_NAME:
        if isinstance(inputs.get(key), str) and key not in inputs.get("__defaults", ()):
            yield inputs[key]
    if resource["type"] == "aws:ecs/service:Service":
        yield f"{inputs['cluster'].rsplit('/', 1)[-1]}/{inputs['name']}"


def _named(resource: Resource, owners: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the names of others in a resource's inputs; one inside of a longer one is none."""
    own = set(_own_names(resource))
    inputs = resource.get("inputs") or {}
    given = {key: value for key, value in inputs.items() if key not in NO_REFERENCE}
    text = "\n".join(found for found in _texts(given) if found not in own)
    for name in sorted(owners, key=len, reverse=True):
        if name not in text:
            continue
        text, count = re.subn(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", "", text)
        if count and resource["urn"] not in owners[name]:
            yield name


def _objects(resources: Sequence[Resource]) -> dict[str, list[str]]:
    """Return URNs of Kubernetes objects by kind, namespace and name: they hold no prefix."""
    found = defaultdict(list)
    for resource in resources:
        inputs = resource.get("inputs") or {}
        name = (inputs.get("metadata") or {}).get("name")
        if resource["type"].startswith("kubernetes:") and name:
            found[_object(inputs["kind"], inputs["metadata"].get("namespace"), name)].append(
                resource["urn"]
            )
    return found


def _object(kind: str, namespace: str | None, name: str) -> str:
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def _referred(resource: Resource) -> Iterator[str]:
    """Yield what a Kubernetes object names: its namespace, account, Service and what it scales."""
    inputs = resource.get("inputs") or {}
    namespace = (inputs.get("metadata") or {}).get("namespace")
    if not resource["type"].startswith("kubernetes:") or not namespace:
        return
    yield _object("Namespace", None, namespace)
    for key, value in _members(inputs.get("spec")):
        if key == "serviceAccountName":
            yield _object("ServiceAccount", namespace, value)
        elif key == "serviceRef":
            yield _object("Service", namespace, value["name"])
        elif key == "scaleTargetRef":
            yield _object(value["kind"], namespace, value["name"])


def _members(value: object) -> Iterator[tuple[str, Any]]:
    """Yield each key with its value, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key, inner
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _ordered(resource: Resource, owner: Resource, before: Mapping[str, set[str]]) -> bool:
    if owner["urn"] in before[resource["urn"]]:
        return True
    if (resource["type"], owner["type"]) not in AHEAD:
        return False
    both = {resource["urn"], owner["urn"]}
    return any(both <= {urn, *reached} for urn, reached in before.items())


def _short(resource: Resource) -> str:
    return f"{resource['type'].split(':')[-1]} {resource['urn'].rsplit('::', 1)[-1]}"
