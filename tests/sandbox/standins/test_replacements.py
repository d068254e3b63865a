"""What the AWS provider replaces, refuses to change, and fills in, as its own schema says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client

SERVICE = "aws:ecs/service:Service"
STRATEGY = "capacityProviderStrategies"
ON_DEMAND = [{"capacityProvider": "FARGATE", "weight": 1}]
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
CLUSTER = "aws:eks/cluster:Cluster"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SUBNET = "aws:ec2/subnet:Subnet"


def urn(type_: str) -> str:
    return f"urn:pulumi:dev::platform::{type_}::it"


def replaced(aws: Client, type_: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return list(aws.diff(urn(type_), old, new).replaces)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({STRATEGY: ON_DEMAND}, {STRATEGY: SPOT}),
        ({}, {STRATEGY: SPOT}),
        ({STRATEGY: ON_DEMAND}, {}),
        ({"launchType": "FARGATE"}, {STRATEGY: SPOT}),
    ],
)
def test_a_capacity_strategy_changes_in_place_by_a_forced_deployment(
    old: dict[str, Any], new: dict[str, Any], aws: Client
) -> None:
    service = {"name": "web", "forceNewDeployment": True}
    assert replaced(aws, SERVICE, {**service, **old}, {**service, **new}) == []


def test_a_capacity_strategy_does_not_change_without_a_forced_deployment(aws: Client) -> None:
    with pytest.raises(Exception, match=r"forceNewDeployment: must be true"):
        aws.diff(
            urn(SERVICE), {"name": "web", STRATEGY: ON_DEMAND}, {"name": "web", STRATEGY: SPOT}
        )


def _encrypted(key: str) -> dict[str, Any]:
    return {"encryptionConfig": {"provider": {"keyArn": key}, "resources": ["secrets"]}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, _encrypted("arn:1"), []),
        (_encrypted("arn:1"), _encrypted("arn:2"), []),
        (_encrypted("arn:1"), {}, ["encryptionConfig"]),
    ],
    ids=["added", "changed", "taken away"],
)
def test_a_cluster_is_replaced_only_to_take_its_encryption_away(
    old: dict[str, Any], new: dict[str, Any], expected: list[str], aws: Client
) -> None:
    assert replaced(aws, CLUSTER, {"name": "main", **old}, {"name": "main", **new}) == expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("Interface", []), ("Resource", ["privateDnsEnabled"])]
)
def test_only_an_interface_endpoint_changes_its_private_names_in_place(
    kind: str, expected: list[str], aws: Client
) -> None:
    given = {"vpcEndpointType": kind, "vpcId": "vpc-1"}
    old, new = {**given, "privateDnsEnabled": False}, {**given, "privateDnsEnabled": True}
    assert replaced(aws, ENDPOINT, old, new) == expected


@pytest.mark.parametrize(("assigns", "expected"), [(False, []), (True, ["ipv6CidrBlock"])])
def test_a_subnet_that_assigns_ipv6_addresses_is_replaced_for_another_block(
    assigns: bool,  # noqa: FBT001 - a parameter of the test
    expected: list[str],
    aws: Client,
) -> None:
    old = {
        "vpcId": "vpc-1",
        "assignIpv6AddressOnCreation": assigns,
        "ipv6CidrBlock": "2001:db8::/64",
    }
    assert replaced(aws, SUBNET, old, {**old, "ipv6CidrBlock": "2001:db8:1::/64"}) == expected


@pytest.mark.parametrize(
    ("type_", "old", "new", "expected"),
    [
        (
            SERVICE,
            {"deploymentController": {"type": "ECS"}},
            {"deploymentController": {"type": "EXTERNAL"}},
            ["deploymentController"],
        ),
        (SUBNET, {"ipv6NetmaskLength": 56}, {"ipv6NetmaskLength": 60}, ["ipv6NetmaskLength"]),
        (
            "aws:servicediscovery/httpNamespace:HttpNamespace",
            {"description": "a"},
            {"description": "b"},
            ["description"],
        ),
    ],
    ids=["a service's controller", "a subnet's mask", "a namespace's description"],
)
def test_what_the_provider_marks_as_forcing_a_new_resource_does(
    type_: str, old: dict[str, Any], new: dict[str, Any], expected: list[str], aws: Client
) -> None:
    assert replaced(aws, type_, {"name": "it", **old}, {"name": "it", **new}) == expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("aws:sqs/queue:Queue", {"contentBasedDeduplication": False, "maxMessageSize": 262144}),
        ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 0}),
        (SUBNET, {"ipv6Native": False}),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            {
                "dnsRecordClientRoutingPolicy": "any_availability_zone",
                "enableCrossZoneLoadBalancing": False,
                "enableZonalShift": False,
            },
        ),
    ],
)
def test_the_provider_fills_in_its_defaults(
    type_: str, expected: dict[str, Any], aws: Client
) -> None:
    inputs, _ = aws.check(urn(type_), {})
    assert {key: inputs[key] for key in expected} == expected
    assert set(expected) <= set(inputs["__defaults"])
