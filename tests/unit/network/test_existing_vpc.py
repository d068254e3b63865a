"""A VPC that is there already: used as the settings say, checked, and not changed."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components import Network
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD
from tests.unit.support.engine import Answers, Recorder, deploy

PRIVATE = ["subnet-0a1b2c3d4e5f60710", "subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60713"]
PUBLIC = ["subnet-0f6e5d4c3b2a10980", "subnet-0f6e5d4c3b2a10981"]
EXISTING = {
    "vpcId": "vpc-0a1b2c3d4e5f60718",
    "privateSubnetIds": PRIVATE,
    "publicSubnetIds": PUBLIC,
}
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def network(existing: Mapping[str, object], **settings: object) -> Network:
    return programs.network(existing={**EXISTING, **existing}, **settings)


def run(existing: Mapping[str, object], **settings: object) -> Recorder:
    return programs.run(lambda: network(existing, **settings), preview=False)


def changed(token: str, **answer: object) -> Answers:
    """Return a cloud that answers one lookup otherwise."""

    def lookup(asked: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        found = CLOUD.lookup(asked, arguments)
        return {**found, **answer} if asked.endswith(f":{token}") else found

    return Answers(lookup, CLOUD.computed, CLOUD.construct)


def refusal(answers: Answers, **existing: object) -> str:
    with pytest.raises(pulumi.RunError) as raised:
        deploy(lambda: network(existing), answers, preview=False)
    return str(raised.value)


def test_nothing_of_the_vpc_is_created_or_changed() -> None:
    assert [found.type for found in run({}).registrations] == ["fargate:network:Network"]


def test_its_ids_are_those_of_the_settings() -> None:
    found: dict[str, object] = {}

    def program() -> None:
        made = network({"isolatedSubnetIds": ["subnet-0123456789abcde00"]})
        for name in ("vpc_id", "private_subnet_ids", "public_subnet_ids", "isolated_subnet_ids"):
            getattr(made, name).apply(lambda value, name=name: found.__setitem__(name, value))

    programs.run(program, preview=True)
    assert found == {
        "vpc_id": EXISTING["vpcId"],
        "private_subnet_ids": PRIVATE,
        "public_subnet_ids": PUBLIC,
        "isolated_subnet_ids": ["subnet-0123456789abcde00"],
    }


def test_its_endpoints_are_in_one_private_subnet_of_each_zone_and_admit_all_its_blocks() -> None:
    made = run({}, interfaceEndpoints=["sqs"])
    endpoint = made.one(ENDPOINT)
    assert endpoint.inputs["subnetIds"] == PRIVATE[:2]
    admitted = made.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert [rule.inputs["cidrIpv4"] for rule in admitted] == ["10.9.0.0/16", "100.64.0.0/16"]


def test_gateway_endpoints_are_made_on_the_route_tables_that_are_named_only() -> None:
    tables = ["rtb-0a1b2c3d4e5f60710"]
    made = run({"routeTableIds": tables}, gatewayEndpoints=["dynamodb"]).one(ENDPOINT)
    assert made.inputs["vpcEndpointType"] == "Gateway"
    assert made.inputs["serviceName"] == "com.amazonaws.eu-west-1.dynamodb"
    assert made.inputs["routeTableIds"] == tables
    assert run({}).of(ENDPOINT) == []


def test_without_internet_tasks_reach_endpoints_of_the_owner_within_the_vpc_only() -> None:
    ways: list[tuple[str, str | None, str | None]] = []

    def program() -> None:
        made = network({"internet": False, "endpoints": ["ecr.api", "ecr.dkr", "logs", "s3"]})
        ways.extend((way.name, way.block, way.prefix_list) for way in made.ways_out)

    programs.run(program, preview=False)
    assert ways == [
        ("vpc-10.9.0.0-16", "10.9.0.0/16", None),
        ("vpc-100.64.0.0-16", "100.64.0.0/16", None),
        ("s3", None, "pl-of-s3"),
    ]


def test_a_subnet_of_another_vpc_is_an_error_that_names_it() -> None:
    others = [*PRIVATE, PUBLIC[0]]
    assert refusal(changed("getSubnets", ids=others)) == (
        f"network.existing.publicSubnetIds[1]: {PUBLIC[1]} is no subnet of "
        f"{EXISTING['vpcId']} in this region and account"
    )


def test_a_private_subnet_that_gives_out_public_addresses_is_an_error() -> None:
    assert refusal(changed("getSubnet", mapPublicIpOnLaunch=True)) == (
        f"network.existing.privateSubnetIds[0]: {PRIVATE[0]} gives out public addresses; name a "
        "private subnet, or switch that off"
    )


def test_two_public_subnets_in_one_zone_are_an_error() -> None:
    assert refusal(changed("getSubnet", availabilityZone="eu-west-1a")) == (
        f"network.existing.publicSubnetIds[1]: {PUBLIC[1]} is in eu-west-1a as {PUBLIC[0]} is; a "
        "load balancer takes one of each zone"
    )


@pytest.mark.parametrize("switch", ["enableDnsSupport", "enableDnsHostnames"])
def test_a_vpc_that_resolves_no_names_is_an_error(switch: str) -> None:
    assert refusal(changed("getVpc", **{switch: False})).startswith(
        "network.existing.vpcId: vpc-0a1b2c3d4e5f60718 has DNS support or DNS hostnames switched"
    )


def test_a_vpc_that_is_not_there_is_an_error_and_no_crash() -> None:
    assert refusal(changed("getVpcs", ids=[])) == (
        f"network.existing.vpcId: there is no {EXISTING['vpcId']} in this region and account; is "
        "aws:region its region, and are the credentials of its account?"
    )


def test_a_route_table_of_another_vpc_is_an_error_that_names_it() -> None:
    tables = ["rtb-0a1b2c3d4e5f60710", "rtb-0a1b2c3d4e5f60711"]
    assert refusal(changed("getRouteTables", ids=tables[:1]), routeTableIds=tables) == (
        f"network.existing.routeTableIds[1]: {tables[1]} is no route table of "
        f"{EXISTING['vpcId']} in this region and account"
    )


def test_a_private_subnet_in_a_zone_without_fargate_is_an_error() -> None:
    assert refusal(changed("getSubnet", availabilityZoneId="apne1-az3")) == (
        f"network.existing.privateSubnetIds[0]: {PRIVATE[0]} is in eu-west-1a (apne1-az3), a zone "
        "that Fargate or EKS doesn't work in; name a subnet in another"
    )


def test_a_private_subnet_that_is_a_public_one_is_an_error() -> None:
    def lookup(token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        gateways = {"name": "route.gateway-id", "values": ["igw-*"]}
        of_the_second = {"name": "association.subnet-id", "values": [PRIVATE[1]]}
        if arguments.get("filters") == [of_the_second, gateways]:
            return {"ids": ["rtb-0a1b2c3d4e5f60719"]}
        return CLOUD.lookup(token, arguments)

    assert refusal(Answers(lookup, CLOUD.computed, CLOUD.construct)) == (
        f"network.existing.privateSubnetIds[1]: {PRIVATE[1]} is a public subnet, its route table "
        "leads to an internet gateway, which tasks without a public address get nothing through; "
        "name a subnet behind a NAT gateway, or one without internet"
    )
