from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client


def test_the_caller_region_partition_and_zones_are_known(aws: Client) -> None:
    assert (
        aws.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    )
    region = aws.invoke("aws:index/getRegion:getRegion")
    assert (region["name"], region["region"]) == ("us-east-1", "us-east-1")
    assert aws.invoke("aws:index/getPartition:getPartition")["partition"] == "aws"
    zones = aws.invoke("aws:index/getAvailabilityZones:getAvailabilityZones")
    assert zones["names"] == [f"us-east-1{letter}" for letter in "abcdef"]
    assert zones["zoneIds"][0] == "use1-az1"


def test_lookups_follow_the_providers_region(aws: Client) -> None:
    aws.configure(region="us-gov-west-1")
    assert aws.invoke("aws:index/getPartition:getPartition")["partition"] == "aws-us-gov"
    aws.configure(region="cn-north-1")
    assert aws.invoke("aws:index/getPartition:getPartition")["dnsSuffix"] == "amazonaws.com.cn"
    aws.configure(region="eu-central-1")
    zones = aws.invoke("aws:index/getAvailabilityZones:getAvailabilityZones")
    assert (len(zones["names"]), zones["zoneIds"][0]) == (3, "euc1-az1")


def test_a_prefix_list_has_an_id_that_depends_on_its_name(aws: Client) -> None:
    token = "aws:ec2/getManagedPrefixList:getManagedPrefixList"  # noqa: S105 - a lookup
    one = aws.invoke(token, name="com.amazonaws.us-east-1.s3")
    two = aws.invoke(token, name="com.amazonaws.us-east-1.dynamodb")
    assert one["id"].startswith("pl-")
    assert one["id"] != two["id"]


def test_the_prefix_list_of_a_gateway_endpoint_is_the_one_that_the_lookup_gives(
    aws: Client,
) -> None:
    service = "com.amazonaws.us-east-1.s3"
    urn = "urn:pulumi:dev::p::aws:ec2/vpcEndpoint:VpcEndpoint::s3"
    _, state, _ = aws.deploy(urn, vpcId="vpc-1", serviceName=service)
    looked_up = aws.invoke("aws:ec2/getManagedPrefixList:getManagedPrefixList", name=service)
    assert looked_up["id"] == state["prefixListId"]


def test_an_unknown_lookup_is_named_with_those_that_are_answered(aws: Client) -> None:
    with pytest.raises(Exception, match=r"no answer to the lookup aws:ec2/getAmi:getAmi") as error:
        aws.invoke("aws:ec2/getAmi:getAmi")
    assert "aws:index/getCallerIdentity:getCallerIdentity" in str(error.value)
