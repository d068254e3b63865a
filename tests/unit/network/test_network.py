"""Network: a VPC whose private subnets, groups and flow logs are as the settings say."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.settings import NetworkSettings
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import Answers, Recorder, deploy

LOG_GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vpc/flow-logs/platform-test-network"


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(programs.network, preview=preview)


def vpc(**settings: object) -> Mapping[str, Any]:
    run = programs.run(lambda: programs.network(**settings), preview=False)
    return run.one("awsx:ec2:Vpc").inputs


def test_the_vpc_has_a_public_and_a_private_subnet_in_each_zone(run: Recorder) -> None:
    inputs = run.one("awsx:ec2:Vpc").inputs
    assert [(spec["type"], spec["cidrMask"]) for spec in inputs["subnetSpecs"]] == [
        ("Public", 24),
        ("Private", 19),
    ]
    assert inputs["subnetStrategy"] == "Auto"
    assert inputs["enableDnsHostnames"]
    assert inputs["enableDnsSupport"]


def test_zones_are_chosen_in_the_order_of_their_names_whatever_aws_lists_first() -> None:
    assert vpc(zones=2)["availabilityZoneNames"] == ["eu-west-1a", "eu-west-1b"]
    assert vpc(zones=3)["availabilityZoneNames"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def test_zones_without_fargate_or_eks_are_left_out_and_no_outage_moves_a_subnet() -> None:
    asked: list[Any] = []

    def lookup(token: str, arguments: Any) -> Any:  # noqa: ANN401 - any JSON
        asked.append(arguments)
        return CLOUD.lookup(token, arguments)

    answers = Answers(lookup, CLOUD.computed, CLOUD.construct)
    deploy(programs.network, answers, preview=False)
    assert asked == [
        {
            "excludeZoneIds": ["apne1-az3", "cac1-az3", "cnn1-az4", "use1-az3", "usw1-az2"],
            "filters": [{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
        }
    ]


def test_a_region_with_fewer_zones_than_asked_for_is_an_error_that_names_the_setting() -> None:
    with pytest.raises(pulumi.RunError) as raised:
        vpc(zones=4)
    assert str(raised.value) == (
        "network.zones: given 4, but the region has 3 availability zones that ECS and EKS can use "
        "(eu-west-1c, eu-west-1a, eu-west-1b)"
    )


def test_isolated_subnets_are_made_where_they_are_asked_for_before_the_private_ones() -> None:
    specs = vpc(isolatedSubnets=True)["subnetSpecs"]
    assert [(spec["type"], spec["cidrMask"]) for spec in specs] == [
        ("Public", 24),
        ("Isolated", 21),
        ("Private", 19),
    ]
    assert "tags" not in specs[1]


@pytest.mark.parametrize(
    ("nat", "strategy"), [("none", "None"), ("single", "Single"), ("per-zone", "OnePerAz")]
)
def test_nat_gateways_are_as_the_settings_say(nat: str, strategy: str) -> None:
    assert vpc(nat=nat)["natGateways"] == {"strategy": strategy}


def test_image_layers_come_through_a_gateway_endpoint_on_every_route_table(run: Recorder) -> None:
    inputs = run.one("awsx:ec2:Vpc").inputs
    assert inputs["vpcEndpointStrategy"] == "Auto"
    assert inputs["vpcEndpointSpecs"] == [
        {"serviceName": "com.amazonaws.eu-west-1.s3", "vpcEndpointType": "Gateway"}
    ]


def test_subnets_are_tagged_for_load_balancers_of_kubernetes(run: Recorder) -> None:
    public, private = (spec["tags"] for spec in run.one("awsx:ec2:Vpc").inputs["subnetSpecs"])
    assert public == {"kubernetes.io/role/elb": "1"}
    assert private == {"kubernetes.io/role/internal-elb": "1"}


def test_no_subnet_gives_out_public_addresses(run: Recorder) -> None:
    (transform,) = run.one("awsx:ec2:Vpc").transforms
    subnet = SimpleNamespace(
        type_="aws:ec2/subnet:Subnet",
        props={"cidrBlock": "10.0.0.0/24", "mapPublicIpOnLaunch": True},
        opts=pulumi.ResourceOptions(),
    )
    assert transform(subnet).props == {"cidrBlock": "10.0.0.0/24", "mapPublicIpOnLaunch": False}
    table = SimpleNamespace(type_="aws:ec2/routeTable:RouteTable", props={}, opts=None)
    assert transform(table) is None


def test_the_default_security_group_is_closed(run: Recorder) -> None:
    group = run.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group.inputs["ingress"] == group.inputs["egress"] == []
    assert group.sources["vpcId"] == {run.one("awsx:ec2:Vpc").urn}


def test_all_connections_are_recorded_in_a_group_that_forgets(run: Recorder) -> None:
    group = run.one("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["retentionInDays"] == 14
    flow_log = run.one("aws:ec2/flowLog:FlowLog")
    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["maxAggregationInterval"] == 600
    assert flow_log.inputs["logDestination"] == LOG_GROUP
    assert run.depends(flow_log, group)
    assert run.depends(flow_log, run.named("network-flow-logs-policy"))


def test_flow_logs_are_kept_for_the_days_of_the_settings() -> None:
    given = {"retentionDays": 90}
    run = programs.run(lambda: programs.network(flowLogs=given), preview=False)
    assert run.named("network-flow-logs").inputs["retentionInDays"] == 90


def test_the_flow_logs_role_is_assumed_for_this_accounts_flow_logs_only(run: Recorder) -> None:
    assert trust(run, "network-flow-logs-role") == service_trust(
        "vpc-flow-logs.amazonaws.com",
        "arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*",
        ENVIRONMENT.account,
    )


def test_the_flow_logs_role_writes_to_its_log_group_only(run: Recorder) -> None:
    write, describe = statements(run, "network-flow-logs-policy")
    assert write == {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "Resource": [LOG_GROUP, f"{LOG_GROUP}:*"],
    }
    assert describe == {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": ["*"]}


def test_what_private_subnets_cost_and_lead_to_is_in_the_settings_description() -> None:
    described = NetworkSettings.model_fields["nat"].description or ""
    for words in ("`none` is", "0 USD a month", "`single` is 36.50 USD", "109.50 for three"):
        assert words in " ".join(described.split())


def test_flow_logs_can_be_switched_off() -> None:
    run = programs.run(lambda: programs.network(flowLogs={"enabled": False}), preview=False)
    assert {found.type for found in run.registrations} == {
        "fargate:network:Network",
        "awsx:ec2:Vpc",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    }
