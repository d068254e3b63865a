"""What AWS, awsx, pulumi-eks and Kubernetes answer to the programs under test."""

from collections.abc import Mapping
from typing import Any

from components import Environment
from tests.unit.support.engine import PROJECT, STACK, Answers, Recorder, Registration

ENVIRONMENT = Environment(
    project=PROJECT, stack=STACK, account="111122223333", partition="aws", region="eu-west-1"
)
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
CLUSTER_GROUP = "sg-of-the-cluster"
ZONES = tuple(f"eu-west-1{letter}" for letter in "cab")
"""Unsorted, as AWS may list them."""


def lookup(token: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer an invoke."""
    answers: dict[str, Mapping[str, Any]] = {
        "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": list(ZONES)},
        "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ENVIRONMENT.account},
        "aws:index/getRegion:getRegion": {"region": ENVIRONMENT.region},
        "aws:index/getPartition:getPartition": {"partition": ENVIRONMENT.partition},
    }
    return answers[token]


def computed(_recorder: Recorder, resource: Registration) -> Mapping[str, Any]:
    """Return the outputs that the provider computes and components read."""
    # No real ARN: whoever writes one into a document shows, since documents take known names only.
    arn = f"arn:computed:{resource.name}"
    match resource.type:
        case "aws:sqs/queue:Queue":
            return {"arn": arn, "url": f"https://sqs.eu-west-1.amazonaws.com/{resource.name}"}
        case "aws:lb/loadBalancer:LoadBalancer":
            return {"arn": arn, "dnsName": "public-1.eu-west-1.elb.amazonaws.com"}
        case _:
            return {"arn": arn}


def construct_vpc(recorder: Recorder, vpc: Registration) -> Mapping[str, Any]:
    """Return the outputs of awsx's VPC, with references to its routes."""
    routes = [
        recorder.reference("aws:ec2/route:Route", f"{vpc.name}-private-{zone}", {})
        for zone in sorted(ZONES)
    ]
    if recorder.preview:
        return {"routes": routes}
    return {
        "vpcId": "vpc-1",
        "publicSubnetIds": ["subnet-public-1", "subnet-public-2"],
        "privateSubnetIds": ["subnet-private-1", "subnet-private-2"],
        "routes": routes,
    }


def construct_control_plane(recorder: Recorder, cluster: Registration) -> Mapping[str, Any]:
    """Return the outputs of pulumi-eks' cluster, with a reference to the control plane."""
    name = {"name": cluster.inputs["name"]}
    known = {
        **name,
        "vpcConfig": {"clusterSecurityGroupId": CLUSTER_GROUP},
        "identities": [{"oidcs": [{"issuer": f"https://{ISSUER}"}]}],
    }
    control_plane = recorder.reference(
        "aws:eks/cluster:Cluster", cluster.inputs["name"], name if recorder.preview else known
    )
    if recorder.preview:
        return {"eksCluster": control_plane}
    return {"eksCluster": control_plane, "kubeconfigJson": "{}"}


CLOUD = Answers(
    lookup=lookup,
    computed=computed,
    construct={
        "awsx:ec2:Vpc": construct_vpc,
        "eks:index:Cluster": construct_control_plane,
    },
)
