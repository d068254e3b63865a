"""vpc-hygiene: a VPC records its connections, and gives nothing open to who names no group."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Parameter, Stack, StackRule
from ..core.sources import checkov, security_hub
from ..core.values import UNKNOWN, Findings, Undecided, Violation
from ..models.routes import VPCS
from ..models.security_groups import GROUP_TYPES, RULE_TYPES

_FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
_DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_EGRESS_RULE: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_ECR: Final = ("ecr.api", "ecr.dkr")


def _check(stack: Stack) -> Findings:
    for vpc in stack.of_type(*VPCS):
        if not stack.referring(vpc, (_FLOW_LOG,), "vpcId", VPCS):
            yield Violation("no flow log records its connections", vpc.urn)
        groups = stack.referring(vpc, (_DEFAULT_GROUP,), "vpcId", VPCS)
        if not groups:
            yield Violation("its default security group is open to whatever has the group", vpc.urn)
        for group in groups:
            yield from _check_default_group(stack, group)
        if stack.settings["requireEcrEndpoints"]:
            yield from _check_endpoints(stack, vpc)


def _check_default_group(stack: Stack, group: Member) -> Findings:
    for place in (group.at("ingress"), group.at("egress")):
        if place.value is UNKNOWN:
            yield Undecided(f"{place.path} of {group.name}")
        elif place.items():
            yield Violation(f"{place.path}: the default security group has rules", group.urn)
    kinds = (*RULE_TYPES, _EGRESS_RULE)
    for rule in stack.referring(group, kinds, "securityGroupId", GROUP_TYPES):
        yield Violation("securityGroupId: the default security group has rules", rule.urn)


def _check_endpoints(stack: Stack, vpc: Member) -> Findings:
    endpoints = stack.referring(vpc, (_ENDPOINT,), "vpcId", VPCS)
    services = [endpoint.at("serviceName") for endpoint in endpoints]
    for missing in _missing(service.text for service in services):
        if any(service.value is UNKNOWN for service in services):
            yield Undecided(f"serviceName of endpoints in {vpc.name}")
        else:
            yield Violation(f"has no interface endpoint for {missing}", vpc.urn)


def _missing(services: Iterator[str]) -> list[str]:
    present = {".".join(service.split(".")[-2:]) for service in services}
    return [service for service in _ECR if service not in present]


RULE = StackRule(
    name="vpc-hygiene",
    description="VPCs have flow logs and a closed default security group.",
    fix=(
        "Create a FlowLog for the VPC, and a DefaultSecurityGroup with its vpcId and no rules."
        " Endpoints for ECR are advised (demanded by the parameter `requireEcrEndpoints`)."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(
        *security_hub("EC2.2", "EC2.6", "EC2.55", "EC2.56"),
        *checkov("CKV2_AWS_11", "CKV2_AWS_12"),
    ),
    parameters={
        "requireEcrEndpoints": Parameter(
            "whether images must be pulled by interface endpoints", default=False
        )
    },
    types=VPCS,
    check=_check,
)
