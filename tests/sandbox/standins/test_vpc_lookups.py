"""Lookups of a VPC that the stack didn't make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client

VPC = "vpc-0123456789abcdef0"
SUBNETS = [f"subnet-0123456789abcde0{digit}" for digit in "012"]
GET_SUBNET = "aws:ec2/getSubnet:getSubnet"


def test_a_vpc_has_the_id_that_is_asked_for_a_block_and_dns(aws: Client) -> None:
    vpc = aws.invoke("aws:ec2/getVpc:getVpc", id=VPC)
    assert (vpc["id"], vpc["arn"]) == (VPC, f"arn:aws:ec2:us-east-1:123456789012:vpc/{VPC}")
    assert [found["cidrBlock"] for found in vpc["cidrBlockAssociations"]] == [vpc["cidrBlock"]]
    assert vpc["enableDnsSupport"]
    assert vpc["enableDnsHostnames"]


def test_a_subnets_zone_follows_from_the_last_digit_of_its_id(aws: Client) -> None:
    found = [aws.invoke(GET_SUBNET, id=subnet) for subnet in SUBNETS]
    assert [subnet["id"] for subnet in found] == SUBNETS
    assert [subnet["availabilityZone"] for subnet in found] == [
        "us-east-1a",
        "us-east-1b",
        "us-east-1c",
    ]
    assert [subnet["availabilityZoneId"] for subnet in found] == [
        "use1-az1",
        "use1-az2",
        "use1-az3",
    ]
    assert not any(subnet["mapPublicIpOnLaunch"] for subnet in found)


def test_an_endpoints_service_is_offered_in_each_zone(aws: Client) -> None:
    token = "aws:ec2/getVpcEndpointService:getVpcEndpointService"  # noqa: S105 - a lookup
    found = aws.invoke(token, serviceName="com.amazonaws.us-east-1.ecr.api")
    assert found["privateDnsName"] == "ecr.api.us-east-1.amazonaws.com"
    assert found["availabilityZones"] == [f"us-east-1{letter}" for letter in "abcdef"]


@pytest.mark.parametrize(
    ("kind", "lookup", "ids"),
    [
        ("subnet", "getSubnets", SUBNETS),
        ("route-table", "getRouteTables", ["rtb-0123456789abcde00", "rtb-0123456789abcde01"]),
        ("vpc", "getVpcs", [VPC]),
    ],
)
def test_what_is_asked_for_by_id_is_all_there(
    aws: Client, kind: str, lookup: str, ids: list[str]
) -> None:
    filters = [{"name": "owner-id", "values": ["1"]}, {"name": f"{kind}-id", "values": ids}]
    assert aws.invoke(f"aws:ec2/{lookup}:{lookup}", filters=filters)["ids"] == ids
    assert aws.invoke(f"aws:ec2/{lookup}:{lookup}", filters=filters[:1])["ids"] == []
