"""EC2's VPC endpoints and flow logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import (
    ACCOUNT,
    EVERYTHING_BUT_TAGS,
    Facts,
    Kind,
    digest,
    operation,
)

if TYPE_CHECKING:
    from sandbox.standins import diff
    from sandbox.standins.wire import Properties

if TYPE_CHECKING:
    from collections.abc import Mapping

# AWS's managed prefix lists of gateway endpoints, in us-east-1 (DescribeManagedPrefixLists).
_PREFIX_LISTS = {
    "com.amazonaws.us-east-1.dynamodb": "pl-02cd2c6b",
    "com.amazonaws.us-east-1.s3": "pl-63a5400a",
}


def prefix_list_id(name: str) -> str:
    """The id of AWS's managed prefix list of a service, such as com.amazonaws.us-east-1.s3."""
    return _PREFIX_LISTS.get(name) or f"pl-{digest(name, 8)}"


def _endpoint(facts: Facts) -> dict[str, Any]:
    service = facts.text("serviceName").rsplit(".", 1)[-1]
    gateway = facts.inputs.get("vpcEndpointType") == "Gateway"
    subnets = facts.inputs.get("subnetIds") or []
    return {
        "arn": facts.place.arn("ec2", f"vpc-endpoint/{facts.id}"),
        "cidrBlocks": ["52.216.0.0/15"] if gateway else [],
        "dnsEntries": [] if gateway else [
            {
                "dnsName": f"{facts.id}-{facts.hex('dns', 8)}.{service}.{facts.place.region}"
                ".vpce.amazonaws.com",
                "hostedZoneId": "Z7HUB22UULQXV",
            }
        ],
        "ipAddressType": "ipv4",
        "networkInterfaceIds": [facts.short_id("eni", f"eni{i}") for i in range(len(subnets))],
        "ownerId": ACCOUNT,
        "policy": '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],'
        '"Version":"2008-10-17"}',
        "prefixListId": prefix_list_id(facts.text("serviceName")) if gateway else "",
        "serviceRegion": facts.place.region,
        "state": "available",
    }  # fmt: skip


def _private_names_of_a_gateway(_: Properties, new: Properties, change: diff.Change) -> bool:
    """Only interface endpoints can begin and cease to answer to their service's own name."""
    return change.path == "privateDnsEnabled" and new.get("vpcEndpointType") != "Interface"


def _of_the_other_type(inputs: Mapping[str, Any]) -> list[str]:
    """Parameters of CreateVpcEndpoint that one type of endpoint has and the other refuses."""
    type_ = limits.value_at(inputs, "vpcEndpointType") or "Gateway"
    refused = {
        "Gateway": ("privateDnsEnabled", "securityGroupIds", "subnetIds"),
        "Interface": ("routeTableIds",),
    }
    return [
        f"{key}: must be absent for an endpoint of type {type_}"
        for key in refused.get(str(type_), ())
        if inputs.get(key)
    ]


def _delivery(inputs: Mapping[str, Any]) -> list[str]:
    """What a flow log's destination needs (Amazon VPC user guide, "Publish flow logs")."""
    to_logs = (inputs.get("logDestinationType") or "cloud-watch-logs") == "cloud-watch-logs"
    found = []
    if to_logs and inputs.get("iamRoleArn") is None:
        found.append("iamRoleArn: must be given for CloudWatch Logs")
    if not to_logs and inputs.get("iamRoleArn") is not None:
        found.append("iamRoleArn: must be absent for S3: a bucket policy admits log delivery")
    if inputs.get("logDestination") is None and inputs.get("logGroupName") is None:
        found.append("logDestination: must be given")
    return found


_TAGS = {"tags": "become TagSpecifications; limits.tags checks them"}
_FLOW_SOURCES = (
    "eniId", "regionalNatGatewayId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId",
    "vpcId",
)  # fmt: skip

KINDS = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": Kind(
        id=lambda f: f.short_id("vpce"),
        outputs=_endpoint,
        follows=("networkInterfaceIds",),
        replaces=(
            "resourceConfigurationArn", "serviceName", "serviceNetworkArn", "serviceRegion",
            "vpcEndpointType", "vpcId",
        ),
        replaces_if=_private_names_of_a_gateway,
        defaults={"vpcEndpointType": "Gateway"},
        operations=(
            operation(
                "ec2",
                "CreateVpcEndpoint",
                renames={"policy": "PolicyDocument"},
                skips={**_TAGS, "autoAccept": "AcceptVpcEndpointConnections"},
            ),
        ),
        checks=(limits.document("policy", 20480), _of_the_other_type),
    ),
    "aws:ec2/flowLog:FlowLog": Kind(
        id=lambda f: f.short_id("fl"),
        outputs=lambda f: {
            "arn": f.place.arn("ec2", f"vpc-flow-log/{f.id}"),
            "logFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} "
            "${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} "
            "${log-status}",
        },
        replaces=EVERYTHING_BUT_TAGS,
        defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
        operations=(
            operation(
                "ec2",
                "CreateFlowLogs",
                renames={"iamRoleArn": "DeliverLogsPermissionArn"},
                skips={
                    **_TAGS,
                    **dict.fromkeys(_FLOW_SOURCES, "becomes ResourceIds, which has no constraints"),
                },
            ),
        ),
        checks=(
            limits.exactly_one(*_FLOW_SOURCES),
            limits.one_of("maxAggregationInterval", (60, 600)),  # CreateFlowLogs, API reference
            _delivery,
        ),
    ),
}  # fmt: skip
