"""Budgets: services of ECS, and workloads of EKS."""

from typing import Any

from tests.policies.cases.case import AboutStack, Case, Json, Refers, one
from tests.policies.protocol import UNKNOWN, StackResource

SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TASK_SET = "aws:ecs/taskSet:TaskSet"
TARGET = "aws:appautoscaling/target:Target"
ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"
CLUSTER = "aws:ecs/cluster:Cluster"
CAPACITY = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"

BUDGET = "monthly-budget-usd"
ON_DEMAND = [{"capacityProvider": "FARGATE", "weight": 1}]
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
MIXED = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {**SPOT[0], "weight": 3}]
ARM = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
OF_DEFINITION: Refers = {"taskDefinition": ["definition"]}
IN_CLUSTER: Refers = {**OF_DEFINITION, "cluster": ["cluster"]}
WINDOWS = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}


def task(name: str = "definition", **properties: Json) -> StackResource:
    """Return a task definition: the smallest one costs 9.01 USD a month in us-east-1."""
    return one(TASK, name, **{"family": "web", "cpu": "256", "memory": "512", **properties})


def service(
    budget: object = "10", *, refers: Refers = OF_DEFINITION, **properties: Json
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


def scaled(low: object, high: object, **properties: Json) -> StackResource:
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
    budget="18.03",
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


DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
PROFILE = one("aws:eks/fargateProfile:FargateProfile", "profile", selectors=[{"namespace": "apps"}])
EKS = [PROFILE, one("aws:eks/cluster:Cluster", "eks", region="us-east-1")]
SMALL = {"cpu": "250m", "memory": "256Mi"}


def requests(asked: object = None, **container: Json) -> dict[str, Any]:
    """Return a container; without a word about its size a pod of the smallest."""
    return {
        "name": "app",
        "resources": {"requests": SMALL if asked is None else asked},
        **container,
    }


def pods(
    budget: object = "10",
    *containers: object,
    kind: str = DEPLOYMENT,
    replicas: object = 1,
    **spec: Json,
) -> StackResource:
    """Return a workload with a budget: one pod on Fargate in us-east-1."""
    template = {"spec": {"containers": list(containers or [requests()]), **spec}}
    metadata = {"name": "api", "namespace": "apps", "annotations": {BUDGET: budget}}
    return one(kind, "api", metadata=metadata, spec={"replicas": replicas, "template": template})


def scaler(
    low: object,
    high: object,
    *,
    refers: Refers | None = None,
    space: str = "apps",
    **target: Json,
) -> StackResource:
    """Return what scales the pods."""
    named = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api", **target}
    spec = {"scaleTargetRef": named, "minReplicas": low, "maxReplicas": high}
    return one(SCALER, "scaler", refers, metadata={"namespace": space}, spec=spec)


BUDGETS = (
    AboutStack("cost-budget")
    .passes(
        {
            "within the budget": [task(), service()],
            "no budget": [task(cpu="4096", memory="8192"), service(tags={"service": "web"})],
            "no tags": [task(cpu="4096", memory="8192"), service(tags=None)],
            "as much as the budget": [task(), service("3604.01", desiredCount=400)],
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
            "pods within the budget": [*EKS, pods()],
            "pods without a budget": [*EKS, pods(None, requests({"cpu": "8"}))],
            "pods that nobody asked anything for": [*EKS, pods("10", {"name": "app"})],
            "pods by their limits": [*EKS, pods("10", {"resources": {"limits": SMALL}})],
            "what automatic scaling may add to pods": [*EKS, pods(), scaler(1, 6)],
            "what scales another workload": [*EKS, pods(), scaler(3, 6, name="web")],
            "what scales a workload of another namespace": [
                *EKS,
                pods(),
                scaler(3, 6, space="shop"),
            ],
            "what scales a workload of another kind": [
                *EKS,
                pods(),
                scaler(3, 6, kind="StatefulSet"),
            ],
            "the pod's disk that is free": [
                *EKS,
                pods("10", requests({**SMALL, "ephemeral-storage": "13Gi"})),
            ],
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
            "two task sets": [
                task(),
                EXTERNAL,
                task_set("blue", 100),
                task_set("green", 50),
                task_set("old", 1),
            ],
            "more pods": [*EKS, pods(replicas=2)],
            "pods of a StatefulSet": [*EKS, pods(kind=STATEFUL_SET, replicas=2)],
            "the least that automatic scaling keeps of pods": [
                *EKS,
                pods(replicas=None),
                scaler(2, 6),
            ],
            "the least that is kept of pods whose name isn't known": [
                *EKS,
                pods(),
                scaler(2, 6, refers={"spec": ["api"]}, name=UNKNOWN),
            ],
            "larger pods": [*EKS, pods("10", requests({"cpu": "1", "memory": "2Gi"}))],
            "several containers": [*EKS, pods("10", requests(), requests())],
            "a sidecar": [*EKS, pods(initContainers=[requests(restartPolicy="Always")])],
            "a container that runs before": [
                *EKS,
                pods(initContainers=[requests({"memory": "1Gi"})]),
            ],
            "the pod's disk": [
                *EKS,
                pods("10", requests({**SMALL, "ephemeral-storage": "100Gi"})),
            ],
            "pods that no profile takes": [EKS[1], pods()],
            "a pod larger than all sizes": [*EKS, pods("999", requests({"cpu": "17"}))],
            "a request that is no quantity": [*EKS, pods("10", requests({"cpu": "much"}))],
            "requests that are a list": [*EKS, pods("10", requests(["cpu"]))],
            "containers that are a text": [*EKS, pods("10", containers="app")],
            "no pod": [*EKS, one(DEPLOYMENT, "api", metadata=pods().properties["metadata"])],
            "a number of pods that is none": [*EKS, pods(replicas="many")],
            "an annotation that is no amount": [*EKS, pods("ten dollars")],
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
            "a share beyond all": [task(), EXTERNAL, task_set("blue", 100.5)],
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
            "nothing known of pods": [one(DEPLOYMENT, "api")],
            "an unknown annotation": [*EKS, pods(UNKNOWN)],
            "an unknown request": [*EKS, pods("10", requests({"cpu": UNKNOWN}))],
            "an unknown profile": [
                one(PROFILE.type, "profile", selectors=UNKNOWN),
                EKS[1],
                pods(),
            ],
            "an unknown number of pods": [*EKS, pods(replicas=UNKNOWN)],
            "an unknown range of pods": [*EKS, pods(), scaler(UNKNOWN, 6)],
            "an unknown share": [task(), EXTERNAL, task_set("blue", UNKNOWN)],
        }
    )
)

CASES: list[Case] = BUDGETS.cases
