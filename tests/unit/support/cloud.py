"""What AWS, awsx, pulumi-eks and Kubernetes answer to the programs under test."""

from collections.abc import Callable, Mapping
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


def lookup(token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer an invoke."""
    answers: dict[str, Mapping[str, Any]] = {
        "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
            "userName": "AWS",
            "password": "a token for some hours",
        },
        "aws:ecr/getImages:getImages": {"imageIds": []},
        "aws:ecr/getRepositories:getRepositories": {"names": []},
        "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": list(ZONES)},
        "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ENVIRONMENT.account},
        "aws:index/getRegion:getRegion": {"region": ENVIRONMENT.region},
        "aws:index/getPartition:getPartition": {"partition": ENVIRONMENT.partition},
        "aws:route53/getZone:getZone": {"zoneId": f"Z-of-{arguments.get('name')}"},
        "aws:secretsmanager/getSecretVersion:getSecretVersion": {
            "secretString": f"value of {arguments.get('secretId')}"
        },
    }
    if token.startswith("aws:ec2/"):
        return existing_network(token, arguments)
    asked: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
        "aws:ecs/getService:getService": steady_service,
        "aws:secretsmanager/getSecretVersions:getSecretVersions": secret_versions,
        "aws:ssm/getParameter:getParameter": parameter,
    }
    return asked[token](arguments) if token in asked else answers[token]


def parameter(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer for a parameter that was changed twice."""
    return {"name": arguments["name"], "version": 3, "value": "in clear"}


def existing_network(token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer for a VPC of somebody else: all subnets are in it, zones follow their last digits."""
    match token.rpartition(":")[2]:
        case "getManagedPrefixList":
            return {"id": f"pl-of-{arguments['name'].rpartition('.')[2]}"}
        case "getVpc":
            blocks = [
                {"cidrBlock": "10.9.0.0/16", "state": "associated"},
                {"cidrBlock": "100.64.0.0/16", "state": "associated"},
                {"cidrBlock": "10.8.0.0/16", "state": "disassociated"},
            ]
            return {
                "id": arguments["id"],
                "cidrBlock": "10.9.0.0/16",
                "cidrBlockAssociations": blocks,
                "enableDnsSupport": True,
                "enableDnsHostnames": True,
            }
        case "getVpcEndpointService":
            return {"serviceName": arguments["serviceName"], "availabilityZones": list(ZONES)}
        case "getVpcs":
            return {"ids": arguments["filters"][0]["values"]}
        case "getSubnets" | "getRouteTables":
            # All that are named are there; no subnet's table leads to an internet gateway.
            named = ("subnet-id", "route-table-id")
            asked = [each["values"] for each in arguments["filters"] if each["name"] in named]
            return {"ids": asked[0] if asked else []}
        case _:
            zone = sorted(ZONES)[int(arguments["id"][-1]) % len(ZONES)]
            return {
                "id": arguments["id"],
                "availabilityZone": zone,
                "availabilityZoneId": f"euw1-az{zone[-1]}",
                "mapPublicIpOnLaunch": False,
            }


def steady_service(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer for a service that runs the task definition it was told to run."""
    return service_of(f"arn:computed:{arguments['serviceName']}-task")


def service_of(
    task_definition: str, *, desired: int = 1, running: int = 1, pending: int = 0
) -> Mapping[str, Any]:
    """Answer for a service by what its primary deployment runs; tasks before it still stop."""
    counts = {"desiredCount": desired, "runningCount": running, "pendingCount": pending}
    older = {**counts, "status": "ACTIVE", "taskDefinition": "arn:computed:older"}
    primary = {**counts, "status": "PRIMARY", "taskDefinition": task_definition}
    return {"taskDefinition": task_definition, "deployments": [older, primary]}


def secret_versions(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer for a secret that was changed once."""
    return {
        "arn": arguments["secretId"],
        "versions": [
            {"versionId": "version-1", "versionStages": ["AWSPREVIOUS"]},
            {"versionId": "version-2", "versionStages": ["AWSCURRENT"]},
        ],
    }


def computed(_recorder: Recorder, resource: Registration) -> Mapping[str, Any]:
    """Return the outputs that the provider computes and components read."""
    # No real ARN: whoever writes one into a document shows, since documents take known names only.
    arn = f"arn:computed:{resource.name}"
    match resource.type:
        case "aws:sqs/queue:Queue":
            return {"arn": arn, "url": f"https://sqs.eu-west-1.amazonaws.com/{resource.name}"}
        case "aws:lb/loadBalancer:LoadBalancer":
            name = "public-1.eu-west-1.elb.amazonaws.com"
            suffix = f"app/{resource.name}"
            return {"arn": arn, "dnsName": name, "arnSuffix": suffix, "zoneId": "Z-of-balancers"}
        case "aws:acm/certificate:Certificate":
            return {"arn": arn, "domainValidationOptions": validation_options(resource.inputs)}
        case "aws:route53/record:Record":
            return {"fqdn": resource.inputs["name"]}
        case "aws:lb/targetGroup:TargetGroup":
            return {"arn": arn, "arnSuffix": f"targetgroup/{resource.name}"}
        case _:
            return {"arn": arn}


def validation_options(certificate: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Answer how a certificate is validated: a wildcard as its domain is."""
    names = [certificate["domainName"], *certificate.get("subjectAlternativeNames", ())]
    return [
        {
            "domainName": name,
            "resourceRecordName": f"_proof.{name.removeprefix('*.')}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_value-of-{name.removeprefix('*.')}.acm-validations.aws.",
        }
        for name in names
    ]


def construct_vpc(recorder: Recorder, vpc: Registration) -> Mapping[str, Any]:
    """Return the outputs of awsx's VPC, with references to its routes."""
    routes = [
        recorder.reference("aws:ec2/route:Route", f"{vpc.name}-private-{zone}", {})
        for zone in sorted(ZONES)
    ]
    endpoints = [
        recorder.reference("aws:ec2/vpcEndpoint:VpcEndpoint", spec["serviceName"], {})
        for spec in vpc.inputs["vpcEndpointSpecs"]
    ]
    if recorder.preview:
        return {"routes": routes, "vpcEndpoints": endpoints}
    of_zones = range(1, len(vpc.inputs["availabilityZoneNames"]) + 1)
    return {
        "vpcId": "vpc-1",
        "publicSubnetIds": ["subnet-public-1", "subnet-public-2"],
        "privateSubnetIds": [f"subnet-private-{number}" for number in of_zones],
        "isolatedSubnetIds": ["subnet-isolated-1", "subnet-isolated-2"],
        "routes": routes,
        "vpcEndpoints": endpoints,
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
