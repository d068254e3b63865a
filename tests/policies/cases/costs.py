"""What a stack costs: budgets of services, NAT gateways, and what is said to bear Spot."""

from typing import Any

from tests.policies.cases.case import AboutStack, Case, Refers, one
from tests.policies.protocol import UNKNOWN, StackResource

SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TASK_SET = "aws:ecs/taskSet:TaskSet"
TARGET = "aws:appautoscaling/target:Target"
ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"
CLUSTER = "aws:ecs/cluster:Cluster"
CAPACITY = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE = "aws:scheduler/schedule:Schedule"
PIPE = "aws:pipes/pipe:Pipe"
GATEWAY = "aws:ec2/natGateway:NatGateway"
SUBNET = "aws:ec2/subnet:Subnet"
VPC = "aws:ec2/vpc:Vpc"
ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
QUEUE = "aws:batch/jobQueue:JobQueue"

BUDGET = "monthly-budget-usd"
SAFE = {"spot": "safe"}
PROD = {"environment": "prod"}
ON_DEMAND = [{"capacityProvider": "FARGATE", "weight": 1}]
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
MIXED = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {**SPOT[0], "weight": 3}]
ARM = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
OF_DEFINITION: Refers = {"taskDefinition": ["definition"]}
IN_CLUSTER: Refers = {**OF_DEFINITION, "cluster": ["cluster"]}
WINDOWS = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}


def task(name: str = "definition", **properties: object) -> StackResource:
    """Return a task definition: the smallest one costs 9.01 USD a month in us-east-1."""
    return one(TASK, name, **{"family": "web", "cpu": "256", "memory": "512", **properties})


def service(
    budget: object = "10", *, refers: Refers = OF_DEFINITION, **properties: object
) -> StackResource:
    """Return a service with a budget: one task on demand in us-east-1."""
    given = {
        "taskDefinition": UNKNOWN,
        "capacityProviderStrategies": ON_DEMAND,
        "desiredCount": 1,
        "region": "us-east-1",
        "tags": {BUDGET: budget},
        **properties,
    }
    return one(SERVICE, "web", refers, **given)


def scaled(low: object, high: object, **properties: object) -> StackResource:
    """Return the range of the service's number of tasks."""
    given = {"resourceId": UNKNOWN, "minCapacity": low, "maxCapacity": high, **properties}
    return one(TARGET, "scaling", {"resourceId": ["web"]}, **given)


def scheduled(
    low: object = None, high: object = None, schedule: str = "cron(0 8 * * ? *)"
) -> StackResource:
    """Return what changes the range by the time of day."""
    given: dict[str, Any] = {
        "resourceId": UNKNOWN,
        "schedule": schedule,
        "scalableTargetAction": {"minCapacity": low, "maxCapacity": high},
    }
    return one(ACTION, "morning", {"resourceId": ["scaling"]}, **given)


def task_set(name: str, percent: object) -> StackResource:
    """Return a part of the tasks of a service whose deployments something else controls."""
    given: dict[str, Any] = {
        "service": UNKNOWN,
        "taskDefinition": UNKNOWN,
        "launchType": "FARGATE",
        "scale": {"unit": "PERCENT", "value": percent},
    }
    return one(TASK_SET, name, {"service": ["web"], "taskDefinition": ["definition"]}, **given)


EXTERNAL = service(
    budget="12",
    deploymentController={"type": "EXTERNAL"},
    desiredCount=1,
    taskDefinition=None,
    capacityProviderStrategies=None,
)


def default_capacity(strategy: object) -> list[StackResource]:
    """Return a cluster with a strategy for what has none."""
    given: dict[str, Any] = {"clusterName": UNKNOWN, "defaultCapacityProviderStrategies": strategy}
    return [
        one(CLUSTER, "cluster"),
        one(CAPACITY, "capacity", {"clusterName": ["cluster"]}, **given),
    ]


BUDGETS = (
    AboutStack("cost-budget")
    .passes(
        {
            "within the budget": [task(), service()],
            "no budget": [task(cpu="4096", memory="8192"), service(tags={"service": "web"})],
            "no tags": [task(cpu="4096", memory="8192"), service(tags=None)],
            "as much as the budget": [task(cpu=1024, memory=2048), service("36.05")],
            "a number": [task(), service(10)],
            "on Spot": [
                task(cpu="1024", memory="2048"),
                service("12", capacityProviderStrategies=SPOT),
            ],
            "on ARM": [task(runtimePlatform=ARM), service("8")],
            "the launch type": [
                task(),
                service(capacityProviderStrategies=None, launchType="FARGATE"),
            ],
            "the default capacity of the cluster": [
                task(cpu="1024", memory="2048"),
                *default_capacity(SPOT),
                service("12", refers=IN_CLUSTER, capacityProviderStrategies=None),
            ],
            "what automatic scaling may add": [task(), service(), scaled(1, 6)],
            "no task": [task(), service("1", desiredCount=0)],
            "sizes as words": [task(cpu="0.25 vCPU", memory="0.5 GB"), service()],
            "free ephemeral storage": [task(ephemeralStorage={"sizeInGib": 20}), service()],
            "once, by a schedule": [
                task(),
                service(),
                scaled(1, 6),
                scheduled(6, 6, "at(2027-01-01T00:00:00)"),
            ],
            "a task set": [task(), EXTERNAL, task_set("blue", 100)],
        }
    )
    .fails(
        {
            "above the budget": [task(cpu="1024", memory="2048"), service("20")],
            "more tasks": [task(), service(desiredCount=2)],
            "by a cent": [task(cpu="1024", memory="2048"), service("36.03")],
            "more than on Spot": [task(cpu="1024", memory="2048"), service("12")],
            "partly on Spot": [
                task(cpu="1024", memory="2048"),
                service("68", capacityProviderStrategies=MIXED, desiredCount=4),
            ],
            "the least that automatic scaling keeps": [task(), service(), scaled(2, 6)],
            "the least that a schedule keeps": [task(), service(), scaled(1, 6), scheduled(2)],
            "ephemeral storage": [task(ephemeralStorage={"sizeInGib": 50}), service()],
            "a dearer region": [task(), service(region="sa-east-1")],
            "a region whose price isn't known": [task(), service("9", region="me-south-1")],
            "two task sets": [task(), EXTERNAL, task_set("blue", 100), task_set("green", 50.5)],
            "a budget that is no amount": [task(), service("ten dollars")],
            "a budget with a sign": [task(), service("$10")],
            "a negative budget": [task(), service("-1")],
            "an empty budget": [task(), service("")],
            "a budget that is a list": [task(), service([10])],
            "tags as a list": [task(), service(tags=[BUDGET])],
            "a task definition of somebody else": [
                service(refers={}, taskDefinition="arn:aws:ecs:us-east-1:111122223333:web:1")
            ],
            "a size that is no number": [task(cpu="a lot"), service()],
            "a size in another unit": [task(cpu="1 GB"), service()],
            "no size": [task(cpu=None, memory=None), service()],
            "Windows": [task(runtimePlatform=WINDOWS), service("1000")],
            "another architecture": [task(runtimePlatform={"cpuArchitecture": "RISCV"}), service()],
            "not on Fargate": [
                task(),
                service(capacityProviderStrategies=[{"capacityProvider": "instances"}]),
            ],
            "capacity that the stack doesn't say": [
                task(),
                service(capacityProviderStrategies=None),
            ],
            "a number of tasks that is none": [task(), service(desiredCount="many")],
            "a negative number of tasks": [task(), service(desiredCount=-1)],
            "a weight that is no number": [
                task(),
                service(capacityProviderStrategies=[{**SPOT[0], "weight": "all"}]),
            ],
            "no capacity provider": [task(), service(capacityProviderStrategies=[{"weight": 1}])],
            "a strategy that is no list": [task(), service(capacityProviderStrategies="SPOT")],
            "a share of tasks that is none": [task(), EXTERNAL, task_set("blue", "half")],
            "a share beyond all": [task(), EXTERNAL, task_set("blue", 101)],
        }
    )
    .undecided(
        {
            "nothing known": [one(SERVICE, "web")],
            "unknown tags": [task(), service(tags=UNKNOWN)],
            "an unknown budget": [task(), service(UNKNOWN)],
            "an unknown task definition": [service(refers={})],
            "an unknown number of tasks": [task(), service(desiredCount=UNKNOWN)],
            "an unknown size": [task(memory=UNKNOWN), service()],
            "an unknown architecture": [
                task(runtimePlatform={"cpuArchitecture": UNKNOWN}),
                service(),
            ],
            "an unknown system": [
                task(runtimePlatform={"operatingSystemFamily": UNKNOWN}),
                service(),
            ],
            "unknown ephemeral storage": [task(ephemeralStorage=UNKNOWN), service()],
            "an unknown strategy": [task(), service(capacityProviderStrategies=UNKNOWN)],
            "an unknown launch type": [
                task(),
                service(capacityProviderStrategies=None, launchType=UNKNOWN),
            ],
            "an unknown weight": [
                task(),
                service(capacityProviderStrategies=[{**SPOT[0], "weight": UNKNOWN}]),
            ],
            "an unknown range": [task(), service(), scaled(UNKNOWN, 6)],
            "an unknown share": [task(), EXTERNAL, task_set("blue", UNKNOWN)],
        }
    )
)


def subnets(*names: str, **properties: object) -> list[StackResource]:
    """Return subnets of the VPC."""
    return [
        one(SUBNET, name, {"vpcId": ["vpc"]}, **{"vpcId": UNKNOWN, **properties}) for name in names
    ]


def gateway(name: str, subnet: str, **properties: object) -> StackResource:
    """Return a NAT gateway in a subnet of the stack."""
    given = {"subnetId": UNKNOWN, "connectivityType": "public", **properties}
    return one(GATEWAY, name, {"subnetId": [subnet]}, **given)


def regional(**properties: object) -> StackResource:
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
            "an unknown VPC": [one(GATEWAY, "nat", availabilityMode="regional", vpcId=UNKNOWN)],
        }
    )
)


def launch(
    kind: str, tags: object = None, *, joined: bool = False, **parameters: object
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


def of_each(title: str, tags: object = SAFE, **parameters: object) -> dict[str, Any]:
    """Return a case for each type that starts tasks."""
    return {
        f"{title}, {kind.rpartition(':')[2]}": [launch(kind, tags, **parameters)]
        for kind in STARTERS
    }


def environment(name: str, kind: object, tags: object = SAFE) -> StackResource:
    return one(ENVIRONMENT, name, computeResources={"type": kind}, tags=tags)


def queue(*environments: str) -> StackResource:
    given = [{"order": order, "computeEnvironment": UNKNOWN} for order in range(len(environments))]
    key = "computeEnvironmentOrders"
    return one(QUEUE, "queue", {key: environments}, **{key: given})


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
            "on demand by the cluster's default": [
                *default_capacity(ON_DEMAND),
                launch(SERVICE, SAFE, joined=True, capacityProviderStrategies=None),
            ],
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

CASES: list[Case] = [*BUDGETS.cases, *GATEWAYS.cases, *INTERRUPTIBLE.cases]
