"""The whole page, `__main__.py`, with this repository's stack files."""

import json
import re

import pytest

from tests.unit.support.documents import documents
from tests.unit.support.engine import UNKNOWN, Registration
from tests.unit.support.programs import STACKS, platform, read_stack

LATE_TRUSTS = {"alb-controller-role", "reports-role"}
"""Trust documents that hold the cluster's issuer, which AWS names when the cluster exists: the only
documents that a first preview can't know."""

MENTIONS_BEFORE = {
    # A group that a service would make for itself must be there before it.
    ("ecs-insights", "ecs-cluster"),
    ("eks-control-plane-logs", "eks-cluster"),
    ("eks-pod-logs", "eks-cluster"),
    # A role that trusts exactly one cluster precedes the cluster.
    ("eks-cluster-role", "eks-cluster"),
    ("eks-pod-execution-role", "eks-cluster"),
    # A key's description carries the cluster's name; the cluster is encrypted with the key.
    ("eks-secrets", "eks-cluster"),
    ("eks-pod-logs-policy", "eks-cluster"),
    # Descriptions for people.
    ("eks-pods", "eks-cluster"),
    # The cluster and its namespace in Cloud Map have one name.
    ("ecs-namespace", "ecs-cluster"),
    ("ecs-insights", "ecs-namespace"),
}
# The key policy admits one cluster by its name; the cluster's tasks can't start without the key.
STORAGE_KEY = {"prod": {("ecs-storage-key", "ecs-cluster"), ("ecs-storage-key", "ecs-namespace")}}
"""Where a resource mentions the name of one that comes after it, on purpose."""


@pytest.mark.parametrize("stack", STACKS)
def test_the_first_preview_knows_every_document_except_the_closed_list(stack: str) -> None:
    found = list(documents(platform(stack, preview=True)))
    unknown = {resource.name for resource, text in found if UNKNOWN in text}
    assert unknown == LATE_TRUSTS
    assert len(found) == {"dev": 20, "prod": 21}[stack]


@pytest.mark.parametrize("stack", STACKS)
def test_documents_are_the_same_in_the_first_preview_and_afterwards(stack: str) -> None:
    first = {r.urn: text for r, text in documents(platform(stack, preview=True))}
    then = {r.urn: text for r, text in documents(platform(stack, preview=False))}
    assert {urn: text for urn, text in first.items() if text != UNKNOWN}.items() <= then.items()


@pytest.mark.parametrize("stack", STACKS)
def test_documents_name_no_computed_arn(stack: str) -> None:
    for resource, text in documents(platform(stack, preview=False)):
        if resource.name not in LATE_TRUSTS:
            assert "arn:computed" not in text, resource.name


@pytest.mark.parametrize("stack", STACKS)
def test_documents_are_canonical_json(stack: str) -> None:
    for _, text in documents(platform(stack, preview=False)):
        assert text == json.dumps(json.loads(text), sort_keys=True)


@pytest.mark.parametrize("stack", STACKS)
def test_whoever_mentions_a_fixed_name_of_the_stack_depends_on_its_resource(
    stack: str, *, preview: bool
) -> None:
    run = platform(stack, preview=preview)
    texts = [(resource, json.dumps(resource.inputs)) for resource in run.registrations]
    missing = {
        (other.name, named.name)
        for named, name in ((named, fixed_name(named)) for named in run.registrations)
        for other, text in texts
        if name and other is not named and mentions(text, name) and not run.depends(other, named)
    }
    assert missing == MENTIONS_BEFORE | STORAGE_KEY.get(stack, set())


def mentions(text: str, name: str) -> bool:
    """Say whether a text holds a name, not as a part of a longer one."""
    return name in text and bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))


def fixed_name(resource: Registration) -> str | None:
    """Return a name that only this resource has: the project's and stack's name are in it."""
    name = resource.inputs.get("name") or resource.inputs.get("family")
    return name if isinstance(name, str) and "platform-test" in name else None


@pytest.mark.parametrize("stack", STACKS)
def test_a_setting_of_the_stack_file_reaches_its_resource(stack: str) -> None:
    run = platform(stack, preview=False)
    given = read_stack(stack)
    vpc = run.one("awsx:ec2:Vpc").inputs
    assert vpc["cidrBlock"] == given["network"].get("cidr", "10.0.0.0/16")
    assert (
        vpc["natGateways"]["strategy"]
        == {"single": "Single", "per-zone": "OnePerAz"}[given["network"]["nat"]]
    )
    for name, service in given["services"].items():
        if service.get("runtime", "ecs") == "ecs":
            task = run.one("aws:ecs/taskDefinition:TaskDefinition", f"{name}-task").inputs
            assert task["memory"] == str(service.get("size", {}).get("memory", 512))


@pytest.mark.parametrize("stack", STACKS)
def test_no_resource_uses_a_default_provider_of_kubernetes(stack: str) -> None:
    run = platform(stack, preview=False)
    for resource in run.registrations:
        if resource.type.startswith("kubernetes:"):
            assert "::eks-kubernetes::" in resource.provider, resource.name
