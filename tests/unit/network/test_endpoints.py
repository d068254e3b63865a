"""Endpoints: what is made, for whom, and behind which group."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import grpc
import pulumi
import pytest

from components import Network
from components.settings import NetworkSettings, SettingsError
from components.settings.endpoints import PRESETS
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, ENVIRONMENT, ZONES
from tests.unit.support.engine import Answers, Recorder, deploy

UUID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def network(*, preview: bool = False, **settings: object) -> Recorder:
    return programs.run(lambda: programs.network(**settings), preview=preview)


def services(run: Recorder) -> list[str]:
    prefix = "com.amazonaws.eu-west-1."
    return sorted(
        str(found.inputs["serviceName"]).removeprefix(prefix) for found in run.of(ENDPOINT)
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_stands_for_its_services(preset: str) -> None:
    assert services(network(interfaceEndpoints=preset)) == sorted(PRESETS[preset])


def test_a_list_is_taken_as_it_is_given() -> None:
    assert services(network(interfaceEndpoints=["sqs", "ecr.api"])) == ["ecr.api", "sqs"]


def test_no_interface_endpoint_is_made_unless_it_is_asked_for() -> None:
    assert services(network()) == []
    assert network().of("aws:ec2/securityGroup:SecurityGroup") == []


def test_an_endpoint_is_in_every_private_subnet_and_has_the_services_usual_name(
    *, preview: bool
) -> None:
    run = network(preview=preview, interfaceEndpoints=["ecr.api"])
    endpoint = run.named("network-endpoint-ecr-api")
    assert endpoint.inputs["vpcEndpointType"] == "Interface"
    assert endpoint.inputs["privateDnsEnabled"] is True
    assert endpoint.sources["subnetIds"] == {run.one("awsx:ec2:Vpc").urn}
    if not preview:
        assert endpoint.inputs["subnetIds"] == [f"subnet-private-{zone}" for zone in (1, 2, 3)]


class Refused(grpc.RpcError):
    """What the engine answers where a provider's lookup fails."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return "no matching EC2 VPC Endpoint Service found"


def offering(zones: tuple[str, ...]) -> Answers:
    """Return a cloud that offers endpoints in some zones only, or nowhere in the region."""

    def lookup(token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        found = CLOUD.lookup(token, arguments)
        if not token.endswith(":getVpcEndpointService"):
            return found
        if not zones:
            raise Refused
        return {**found, "availabilityZones": list(zones)}

    return Answers(lookup, CLOUD.computed, CLOUD.construct)


def test_an_endpoint_is_only_in_zones_that_offer_it() -> None:
    program = lambda: programs.network(interfaceEndpoints=["email-smtp"])  # noqa: E731 - one line
    run = deploy(program, offering(("eu-west-1c", "eu-west-1a")), preview=False)
    assert run.one(ENDPOINT).inputs["subnetIds"] == ["subnet-private-1", "subnet-private-3"]


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        (
            (),
            "looking com.amazonaws.eu-west-1.email-smtp up failed; does eu-west-1 offer it? (invo",
        ),
        (
            ("eu-west-1d",),
            f"is offered in eu-west-1d, and private subnets are in {', '.join(sorted(ZONES))}; rem",
        ),
    ],
)
def test_an_endpoint_that_is_not_offered_is_an_error(zones: tuple[str, ...], said: str) -> None:
    with pytest.raises(pulumi.RunError) as raised:
        deploy(
            lambda: programs.network(interfaceEndpoints=["email-smtp"]),
            offering(zones),
            preview=False,
        )
    assert str(raised.value).startswith("network.interfaceEndpoints: email-smtp: ")
    assert said in str(raised.value)


def test_in_china_some_services_have_names_of_their_own() -> None:
    china = replace(ENVIRONMENT, partition="aws-cn", region="cn-north-1")
    settings = programs.section(NetworkSettings, {"interfaceEndpoints": "ecs"})
    run = programs.run(lambda: Network("network", settings, environment=china), preview=False)
    assert services(run) == [
        "cn.com.amazonaws.cn-north-1.ecr.api",
        "cn.com.amazonaws.cn-north-1.ecr.dkr",
        "com.amazonaws.cn-north-1.logs",
    ]


def test_one_group_admits_https_from_the_vpc_to_all_endpoints_and_nothing_else(
    *, preview: bool
) -> None:
    run = network(preview=preview, interfaceEndpoints="ecs", cidr="10.7.0.0/16")
    group = run.one("aws:ec2/securityGroup:SecurityGroup")
    assert {frozenset(e.sources["securityGroupIds"]) for e in run.of(ENDPOINT)} == {
        frozenset({group.urn})
    }
    rule = run.one(INGRESS)
    assert rule.sources["securityGroupId"] == {group.urn}
    assert (rule.inputs["cidrIpv4"], rule.inputs["ipProtocol"]) == ("10.7.0.0/16", "tcp")
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (443, 443)
    assert run.of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []


def test_gateway_endpoints_are_made_with_the_vpc_on_every_route_table() -> None:
    specs = network(gatewayEndpoints=["s3", "dynamodb"]).one("awsx:ec2:Vpc").inputs
    assert specs["vpcEndpointStrategy"] == "Auto"
    assert specs["vpcEndpointSpecs"] == [
        {"serviceName": "com.amazonaws.eu-west-1.s3", "vpcEndpointType": "Gateway"},
        {"serviceName": "com.amazonaws.eu-west-1.dynamodb", "vpcEndpointType": "Gateway"},
    ]
    none = network(gatewayEndpoints=[]).one("awsx:ec2:Vpc").inputs
    assert none["vpcEndpointSpecs"] == []


def test_a_service_starts_after_the_endpoints_that_it_needs(*, preview: bool) -> None:
    run = programs.platform("private-network", preview=preview)
    service = run.one("aws:ecs/service:Service")
    for needed in (*run.of(ENDPOINT), run.named("network-endpoints-from-10.60.0.0-18")):
        assert run.depends(service, needed), needed.name
    made_with_the_vpc = {urn for urn in service.dependencies if f"::{ENDPOINT}::com." in urn}
    assert {urn.rpartition(".")[2] for urn in made_with_the_vpc} == {"s3", "dynamodb"}


def test_the_preset_all_is_enough_for_whatever_workloads_can_need_without_internet() -> None:
    image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1"
    arn = "arn:aws:{}:us-east-1:111122223333:{}"
    stack: dict[str, Any] = {
        "network": {
            "nat": "none",
            "interfaceEndpoints": "all",
            "gatewayEndpoints": ["s3", "dynamodb"],
        },
        "ecs": {"exec": {"enabled": True}, "guardDuty": True},
        "eks": {"enabled": True, "controllerImage": image},
        "loadBalancer": {"enabled": False},
        "queues": {"orders": {}},
        "topics": {"news": {}},
        "buckets": {"files": {}},
        "tables": {"visits": {"partitionKey": {"name": "id", "type": "string"}}},
        "eventBuses": {"events": {}},
        "parameters": {"rates": {"name": "/shop/rates"}},
        "secrets": {"database": {"arn": arn.format("secretsmanager", "secret:db-AbCdEf")}},
        "keys": {"sealing": {"arn": arn.format("kms", f"key/{UUID}")}},
        "services": {
            "web": {
                "image": image,
                "exec": True,
                "readOnlyRoot": False,
                "secrets": {"DB": "database", "RATES": "rates"},
                "grants": {
                    "orders": ["send"],
                    "news": ["publish"],
                    "files": ["read"],
                    "visits": ["read"],
                    "events": ["publish"],
                    "sealing": ["encrypt"],
                },
                "sidecars": {
                    "firelens": {"image": image, "deliveryStream": "logs"},
                    "adot": {"image": image},
                },
            },
            "pods": {"runtime": "eks", "image": image},
        },
    }
    assert programs.settings(**stack).services
    stack["network"]["interfaceEndpoints"] = "none"
    with pytest.raises(SettingsError) as raised:
        programs.settings(**stack)
    missing = set(re.findall(r"([\w.-]+) \(for ", str(raised.value)))
    # Nothing of the platform's calls CloudWatch itself: services that do find it there.
    assert missing == {*PRESETS["all"]} - {"monitoring"}
