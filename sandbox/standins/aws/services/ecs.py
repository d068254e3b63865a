"""ECS and its service discovery namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import containers, limits, models
from sandbox.standins.aws.kinds import Check, Facts, Kind, operation
from sandbox.standins.package import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins import diff
    from sandbox.standins.wire import Properties


def _cluster_name(facts: Facts) -> str:
    return facts.text("cluster").rsplit("/", 1)[-1] or "default"


def _service_arn(facts: Facts) -> str:
    return facts.place.arn("ecs", f"service/{_cluster_name(facts)}/{facts.text('name')}")


def _strategy_needs_forced_deployment(_: Properties, new: Properties, change: diff.Change) -> bool:
    """Always in place, by a forced deployment: capacityProviderStrategyCustomizeDiff upstream."""
    if change.path.startswith("capacityProviderStrategies") and not new.get("forceNewDeployment"):
        message = "forceNewDeployment: must be true when capacityProviderStrategies is updated"
        raise Rejected(message)
    return False


def _name(key: str) -> Check:
    """Names of clusters, services and families (CreateCluster in the ECS API reference)."""
    allowed = "be 1 to 255 letters, digits, hyphens and underscores"
    return limits.text(key, r"[A-Za-z0-9_-]{1,255}", allowed)


def _fargate_scheduling(inputs: Mapping[str, Any]) -> list[str]:
    """Fargate has no daemons (ECS developer guide, "Service scheduler concepts")."""
    providers = [s.get("capacityProvider") for s in inputs.get("capacityProviderStrategies") or []]
    on_fargate = inputs.get("launchType") == "FARGATE" or {"FARGATE", "FARGATE_SPOT"} & set(
        providers
    )
    if on_fargate and inputs.get("schedulingStrategy") == "DAEMON":
        return ["schedulingStrategy: must be REPLICA on Fargate"]
    return []


def _one_base(inputs: Mapping[str, Any]) -> list[str]:
    """CapacityProviderStrategyItem in the ECS API reference."""
    given = [s for s in inputs.get("capacityProviderStrategies") or [] if s.get("base")]
    if len(given) > 1:
        return ["capacityProviderStrategies: only one capacity provider may have a base"]
    return []


def _session_log(inputs: Mapping[str, Any]) -> list[str]:
    """ExecuteCommandConfiguration in the ECS API reference."""
    path = "configuration.executeCommandConfiguration"
    if limits.value_at(inputs, f"{path}.logging") != "OVERRIDE":
        return []
    if models.value_at(inputs, f"{path}.logConfiguration"):
        return []
    return [f"{path}.logConfiguration: must be given with the logging OVERRIDE"]


KINDS = {
    "aws:ecs/cluster:Cluster": Kind(
        # CreateCluster of an existing name returns that cluster: no error to AWS.
        id=lambda f: f.place.arn("ecs", f"cluster/{f.text('name')}"),
        outputs=lambda f: {
            "arn": f.id,
            "settings": [{"name": "containerInsights", "value": "disabled"}],
        },
        replaces=("name",),
        operations=(operation("ecs", "CreateCluster", renames={"name": "clusterName"}),),
        checks=(
            _name("name"),
            _session_log,
            # ECS developer guide, "Create an encryption key for Fargate ephemeral storage".
            limits.text(
                "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId",
                r"(?!(.*:)?alias/)(?!(.*/)?mrk-).+",
                "be a single-Region key's id or ARN, not an alias",
            ),
        ),
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Kind(
        id=lambda f: f.text("clusterName"),
        replaces=("clusterName",),
        operations=(
            operation("ecs", "PutClusterCapacityProviders", renames={"clusterName": "cluster"}),
        ),
        checks=(limits.at_most("capacityProviders", 20, "capacity providers"),),
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Kind(
        id=lambda f: f.text("family"),
        outputs=lambda f: {
            "arn": f.place.arn("ecs", f"task-definition/{f.text('family')}:{f.revision}"),
            "arnWithoutRevision": f.place.arn("ecs", f"task-definition/{f.text('family')}"),
            "networkMode": "bridge",
            "revision": f.revision,
        },
        replaces=("*", "!tags", "!skipDestroy", "!trackLatest"),
        defaults={"skipDestroy": False, "trackLatest": False},
        numbered="family",
        operations=(
            operation(
                "ecs",
                "RegisterTaskDefinition",
                skips={
                    "skipDestroy": "decides whether a revision is deregistered",
                    "trackLatest": "decides which revision is read",
                },
                json=("containerDefinitions",),
            ),
        ),
        checks=(
            _name("family"),
            limits.number("ephemeralStorage.sizeInGib", 21, 200, "GiB"),
            containers.task_size,
            containers.network_mode,
            containers.container_definitions,
        ),
    ),
    "aws:ecs/service:Service": Kind(
        id=_service_arn,
        outputs=lambda f: {
            "arn": f.id,
            "availabilityZoneRebalancing": "ENABLED",
            "cluster": f.place.arn("ecs", "cluster/default"),
            "deploymentConfiguration": {"bakeTimeInMinutes": "0", "strategy": "ROLLING"},
            "iamRole": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
            "launchType": "" if f.inputs.get("capacityProviderStrategies") else "EC2",
            "platformVersion": "LATEST",
        },
        replaces=(
            "cluster",
            "deploymentController.type",
            "iamRole",
            "launchType",
            "name",
            "schedulingStrategy",
        ),
        replaces_if=_strategy_needs_forced_deployment,
        defaults={
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "schedulingStrategy": "REPLICA",
            "waitForSteadyState": False,
        },
        unique=_service_arn,
        taken="InvalidParameterException: Creation of service was not idempotent",
        operations=(
            operation(
                "ecs",
                "CreateService",
                renames={
                    "alarms": "deploymentConfiguration.alarms",
                    "deploymentCircuitBreaker": "deploymentConfiguration.deploymentCircuitBreaker",
                    "deploymentMaximumPercent": "deploymentConfiguration.maximumPercent",
                    "deploymentMinimumHealthyPercent": "deploymentConfiguration"
                    ".minimumHealthyPercent",
                    "iamRole": "role",
                    "name": "serviceName",
                    "networkConfiguration": "networkConfiguration.awsvpcConfiguration",
                    "orderedPlacementStrategies": "placementStrategy",
                },
                skips={
                    "forceDelete": "DeleteService: a Boolean",
                    "forceNewDeployment": "UpdateService: a Boolean",
                    "sigintRollback": "decides what an interrupt does",
                    "triggers": "the provider's own",
                    "waitForSteadyState": "the provider's own",
                },
            ),
        ),
        # CreateService in the ECS API reference; ECS service quotas.
        checks=(
            _name("name"),
            limits.at_most("networkConfiguration.subnets", 16, "subnets"),
            limits.at_most("networkConfiguration.securityGroups", 5, "security groups"),
            limits.at_most("capacityProviderStrategies", 20, "capacity providers"),
            limits.not_both("launchType", "capacityProviderStrategies"),
            limits.number("healthCheckGracePeriodSeconds", 0, 2147483647, "seconds"),
            limits.number("desiredCount", 0, 5000, "tasks"),
            _fargate_scheduling,
            _one_base,
        ),
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": Kind(
        id=lambda f: f"ns-{f.hex('id', 16)}",
        outputs=lambda f: {
            "arn": f.place.arn("servicediscovery", f"namespace/{f.id}"),
            "httpName": f.text("name"),
        },
        replaces=("description", "name"),
        unique=lambda f: f.text("name"),
        taken="NamespaceAlreadyExists",
        operations=(operation("servicediscovery", "CreateHttpNamespace"),),
    ),
}
