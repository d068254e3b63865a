"""NAT gateways, and what is said to bear Spot."""

from dataclasses import replace
from typing import Any

from tests.policies.cases.budgets import (
    MIXED,
    ON_DEMAND,
    SERVICE,
    SPOT,
    TASK_SET,
    WINDOWS,
    default_capacity,
    task,
)
from tests.policies.cases.case import AboutStack, Case, Json, one
from tests.policies.protocol import UNKNOWN, StackResource

EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE = "aws:scheduler/schedule:Schedule"
PIPE = "aws:pipes/pipe:Pipe"
GATEWAY = "aws:ec2/natGateway:NatGateway"
SUBNET = "aws:ec2/subnet:Subnet"
VPC = "aws:ec2/vpc:Vpc"
ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
QUEUE = "aws:batch/jobQueue:JobQueue"
SAFE = {"spot": "safe"}
PROD = {"environment": "prod"}


def subnets(*names: str, **properties: Json) -> list[StackResource]:
    """Return subnets of the VPC."""
    return [
        one(SUBNET, name, {"vpcId": ["vpc"]}, **{"vpcId": UNKNOWN, **properties}) for name in names
    ]


def gateway(name: str, subnet: str, **properties: Json) -> StackResource:
    """Return a NAT gateway in a subnet of the stack."""
    given = {"subnetId": UNKNOWN, "connectivityType": "public", **properties}
    return one(GATEWAY, name, {"subnetId": [subnet]}, **given)


def regional(**properties: Json) -> StackResource:
    """Return a NAT gateway that is in no subnet."""
    given = {"vpcId": UNKNOWN, "availabilityMode": "regional", **properties}
    return one(GATEWAY, "nat", {"vpcId": ["vpc"]}, **given)


NETWORK = [one(VPC, "vpc", id=UNKNOWN), *subnets("a", "b")]
BOTH = [*NETWORK, gateway("nat-a", "a"), gateway("nat-b", "b")]

GATEWAYS = (
    AboutStack("cost-nat-per-zone")
    .passes(
        {
            "one for all zones": [*NETWORK, gateway("nat", "a")],
            "production": [*NETWORK, gateway("nat-a", "a", tags=PROD), gateway("nat-b", "b")],
            "a VPC of production": [
                one(VPC, "vpc", tags=PROD),
                *NETWORK[1:],
                gateway("nat-a", "a"),
                gateway("nat-b", "b"),
            ],
            "one in each of two VPCs": [
                *NETWORK,
                one(VPC, "other"),
                one(SUBNET, "c", {"vpcId": ["other"]}, vpcId=UNKNOWN),
                gateway("nat-a", "a"),
                gateway("nat-c", "c"),
            ],
            "private ones": [
                *NETWORK,
                gateway("nat-a", "a"),
                gateway("nat-b", "b", connectivityType="private"),
            ],
            "a regional one in one zone": [
                *NETWORK,
                regional(availabilityZoneAddresses=[{"availabilityZone": "us-east-1a"}]),
            ],
            "subnets of somebody else": [
                one(GATEWAY, "nat-a", subnetId="subnet-1"),
                one(GATEWAY, "nat-b", subnetId="subnet-2"),
            ],
            "one in an unknown subnet": [one(GATEWAY, "nat", subnetId=UNKNOWN)],
        }
    )
    .fails(
        {
            "one in each zone": BOTH,
            "one in each zone, by ids": [
                one(VPC, "vpc", id="vpc-1"),
                one(SUBNET, "a", id="subnet-1", vpcId="vpc-1"),
                one(SUBNET, "b", id="subnet-2", vpcId="vpc-1"),
                one(GATEWAY, "nat-a", subnetId="subnet-1"),
                one(GATEWAY, "nat-b", subnetId="subnet-2", tags={"environment": "dev"}),
            ],
            "a VPC of somebody else": [
                one(SUBNET, "a", id="subnet-1", vpcId="vpc-1"),
                one(SUBNET, "b", id="subnet-2", vpcId="vpc-1"),
                one(GATEWAY, "nat-a", subnetId="subnet-1"),
                one(GATEWAY, "nat-b", subnetId="subnet-2"),
            ],
            "a regional one": [*NETWORK, regional()],
            "a regional one in two zones": [
                *NETWORK,
                regional(availabilityZoneAddresses=[{"availabilityZone": "a"}, {}]),
            ],
            "tags as a list": [
                *NETWORK,
                gateway("nat-a", "a", tags=["environment=prod"]),
                gateway("nat-b", "b"),
            ],
        }
    )
    .undecided(
        {
            "unknown tags": [
                *NETWORK,
                gateway("nat-a", "a", tags=UNKNOWN),
                gateway("nat-b", "b"),
            ],
            "an unknown environment": [
                *NETWORK,
                gateway("nat-a", "a", tags={"environment": UNKNOWN}),
                gateway("nat-b", "b"),
            ],
            "unknown subnets": [
                one(GATEWAY, "nat-a", subnetId=UNKNOWN),
                one(GATEWAY, "nat-b", subnetId=UNKNOWN),
            ],
            "one in an unknown subnet, and another": [
                *NETWORK,
                gateway("nat-a", "a"),
                one(GATEWAY, "nat-b", subnetId=UNKNOWN),
            ],
            "an unknown VPC": [one(GATEWAY, "nat", availabilityMode="regional", vpcId=UNKNOWN)],
        }
    )
)


def launch(
    kind: str, tags: object = None, *, joined: bool = False, **parameters: Json
) -> StackResource:
    """Return what starts tasks, on demand, with its tags where that type has them.

    Args:
        kind: its type.
        tags: its tags.
        joined: whether definition and cluster are the stack's.
        parameters: what it says of the tasks.
    """
    given = {"capacityProviderStrategies": ON_DEMAND, "tags": tags, **parameters}
    properties: dict[str, Any] = {
        SERVICE: given,
        TASK_SET: given,
        EVENT_TARGET: {"ecsTarget": given},
        SCHEDULE: {"target": {"ecsParameters": given}},
        PIPE: {"tags": tags, "targetParameters": {"ecsTaskParameters": {**given, "tags": None}}},
    }[kind]
    definition = "taskDefinition" if kind in (SERVICE, TASK_SET) else next(reversed(properties))
    cluster = {EVENT_TARGET: "arn", SCHEDULE: "target", PIPE: "target"}.get(kind, "cluster")
    refers: dict[str, list[str]] = {definition: ["definition"]}
    refers[cluster] = [*refers.get(cluster, []), "cluster"]
    return one(kind, "nightly", refers if joined else {}, **properties)


STARTERS = (SERVICE, TASK_SET, EVENT_TARGET, SCHEDULE, PIPE)


def of_each(title: str, tags: object = SAFE, **parameters: Json) -> dict[str, Any]:
    """Return a case for each type that starts tasks."""
    return {
        f"{title}, {kind.rpartition(':')[2]}": [launch(kind, tags, **parameters)]
        for kind in STARTERS
    }


def environment(name: str, kind: object, tags: object = SAFE) -> StackResource:
    return one(ENVIRONMENT, name, computeResources={"type": kind}, tags=tags)


def queue(*environments: str) -> StackResource:
    orders = [{"order": order, "computeEnvironment": UNKNOWN} for order in range(len(environments))]
    return one(
        QUEUE,
        "queue",
        {"computeEnvironmentOrders": environments},
        computeEnvironmentOrders=orders,
    )


UNSAFE = {"spot": "unsafe", "service": "web"}

INTERRUPTIBLE = (
    AboutStack("cost-spot-safe")
    .passes(
        {
            **of_each("not declared", UNSAFE),
            **of_each("no tags", None),
            **of_each("on Spot", capacityProviderStrategies=SPOT),
            **of_each("partly on Spot", capacityProviderStrategies=MIXED),
            "Spot by the cluster's default": [
                *default_capacity(SPOT),
                launch(SERVICE, SAFE, joined=True, capacityProviderStrategies=None),
            ],
            "not on Fargate": [
                launch(SERVICE, SAFE, capacityProviderStrategies=[], launchType="EC2")
            ],
            "a cluster of somebody else": [launch(SERVICE, SAFE, capacityProviderStrategies=None)],
            "Windows has no Spot": [
                task(runtimePlatform=WINDOWS),
                launch(SERVICE, SAFE, joined=True),
            ],
            "a rule that starts no tasks": [one(EVENT_TARGET, "target", arn=UNKNOWN)],
            "an environment of Spot": [environment("cheap", "FARGATE_SPOT")],
            "an environment on demand": [environment("reliable", "FARGATE", UNSAFE)],
            "a strategy that is no list, not declared": [
                launch(SERVICE, UNSAFE, capacityProviderStrategies="SPOT")
            ],
            "an unknown environment, not declared": [environment("reliable", UNKNOWN, UNSAFE)],
            "an environment of instances": [environment("instances", "EC2")],
            "an environment behind one of Spot": [
                environment("cheap", "FARGATE_SPOT"),
                environment("reliable", "FARGATE"),
                queue("cheap", "reliable"),
            ],
        }
    )
    .fails(
        {
            **of_each("declared safe"),
            **of_each("in other words", {"Spot-Safe": "True"}),
            **of_each("the launch type", capacityProviderStrategies=None, launchType="FARGATE"),
            **{
                f"declared by the task definition, {kind.rpartition(':')[2]}": [
                    task(tags=SAFE),
                    launch(kind, joined=True),
                ]
                for kind in STARTERS
            },
            "one provider without a weight": [
                launch(SERVICE, SAFE, capacityProviderStrategies=[{"capacityProvider": "FARGATE"}])
            ],
            "on demand by an ARN": [
                launch(
                    SERVICE,
                    SAFE,
                    capacityProviderStrategies=[
                        {"capacityProvider": "arn:aws:ecs:::capacity-provider/FARGATE"}
                    ],
                )
            ],
            "Spot without a weight": [
                launch(
                    SERVICE,
                    SAFE,
                    capacityProviderStrategies=[*ON_DEMAND, {"capacityProvider": "FARGATE_SPOT"}],
                )
            ],
            **{
                f"on demand by the cluster's default, {kind.rpartition(':')[2]}": [
                    *default_capacity(ON_DEMAND),
                    launch(kind, SAFE, joined=True, capacityProviderStrategies=None),
                ]
                for kind in STARTERS
            },
            "a weight that is no number": [
                launch(SERVICE, SAFE, capacityProviderStrategies=[{**SPOT[0], "weight": "all"}])
            ],
            "a strategy that is no list": [
                launch(SERVICE, SAFE, capacityProviderStrategies="SPOT")
            ],
            "an environment": [environment("reliable", "FARGATE")],
            "an environment that another queue has alone": [
                environment("reliable", "FARGATE"),
                queue("reliable"),
            ],
            "an environment that one of two queues has alone": [
                environment("cheap", "FARGATE_SPOT"),
                environment("reliable", "FARGATE"),
                queue("cheap", "reliable"),
                replace(queue("reliable"), name="urgent"),
            ],
        }
    )
    .undecided(
        {
            "nothing known": [one(SERVICE, "web")],
            "nothing known of an environment": [one(ENVIRONMENT, "environment")],
            **of_each("unknown tags", UNKNOWN),
            "an unknown value": [launch(SERVICE, {"spot": UNKNOWN})],
            **of_each("an unknown strategy", capacityProviderStrategies=UNKNOWN),
            "an unknown launch type": [
                launch(SERVICE, SAFE, capacityProviderStrategies=None, launchType=UNKNOWN)
            ],
            "an unknown provider": [
                launch(SERVICE, SAFE, capacityProviderStrategies=[{"capacityProvider": UNKNOWN}])
            ],
            "an environment of an unknown type": [environment("environment", UNKNOWN)],
            "an environment with unknown tags": [environment("reliable", "FARGATE", UNKNOWN)],
        }
    )
)

CASES: list[Case] = [*GATEWAYS.cases, *INTERRUPTIBLE.cases]
