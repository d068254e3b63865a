"""Cases of VPC endpoints and flow logs, besides those of the first types."""

from __future__ import annotations

from typing import Any

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        ENDPOINT,
        {"vpcId": "v", "vpcEndpointType": "Interface", "routeTableIds": ["rtb-1"]},
        "routeTableIds: must be absent for an endpoint of type Interface",
    ),
    (
        ENDPOINT,
        {"vpcId": "v", "vpcEndpointType": "Gateway", "securityGroupIds": ["sg-1"]},
        "securityGroupIds: must be absent for an endpoint of type Gateway",
    ),
    (FLOW_LOG, {"vpcId": "v", "logDestination": "arn:x"}, "iamRoleArn: must be given"),
    (
        FLOW_LOG,
        {"vpcId": "v", "logDestination": "a", "logDestinationType": "s3", "iamRoleArn": "b"},
        "iamRoleArn: must be absent for S3",
    ),
    (FLOW_LOG, {"vpcId": "v", "logDestinationType": "s3"}, "logDestination: must be given"),
    (FLOW_LOG, {"vpcId": "v", "logDestinationType": "disk"}, "one of cloud-watch-logs, s3"),
]
