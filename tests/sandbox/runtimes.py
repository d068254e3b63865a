"""What a service on ECS and one on EKS are, in the same words, read from a deployment."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.sandbox import secret_readers
from tests.sandbox.cluster import Cluster, at, name, namespace
from tests.sandbox.edges import Resource

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
EKS_TAKES = 256
"""MiB of a pod's size that EKS takes for itself."""

SIDES = {
    "in": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "out": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}
CLUSTER = "the cluster's own group"
BALANCER = "public-group"
"""The load balancer's group."""

Description = dict[str, Any]


class Described:
    """Describes services of a deployment.

    Args:
        resources: the deployment's.
    """

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._cluster = Cluster(resources)
        self._resources = resources
        self._groups = {g["id"]: name(g) for g in self._of("aws:ec2/securityGroup:SecurityGroup")}
        for control_plane in self._of("aws:eks/cluster:Cluster"):
            self._groups[control_plane["outputs"]["vpcConfig"]["clusterSecurityGroupId"]] = CLUSTER

    def ecs(self, service: str) -> Description:
        """Describe a service on ECS."""
        task = self._own(TASK, service)
        deployed = self._own("aws:ecs/service:Service", service)
        (container,) = json.loads(at(task, "containerDefinitions"))
        network = at(deployed, "networkConfiguration")
        logs = self._log_group(container["logConfiguration"]["options"]["awslogs-group"])
        execution_role = self._role(at(task, "executionRoleArn"))
        protocols = [port.get("appProtocol", "tcp") for port in container["portMappings"]]
        served = _client_names(deployed)
        return {
            **self._route(service),
            **self._reach(network["securityGroups"]),
            **self._rights(self._role(at(task, "taskRoleArn"))),
            **_tasks_scaling(
                deployed,
                self._of("aws:appautoscaling/target:Target"),
                self._of("aws:appautoscaling/policy:Policy"),
            ),
            "image": container["image"],
            "command": container.get("command"),
            **secret_readers.of_task(self._cluster, container, execution_role),
            "port": [port["containerPort"] for port in container["portMappings"]],
            "protocol": protocols,
            "environment": {each["name"]: each["value"] for each in container["environment"]},
            "secrets": sorted(each["name"] for each in container.get("secrets", [])),
            "user": container["user"],
            "read-only root": container["readonlyRootFilesystem"],
            "privileged": container["privileged"],
            "capabilities": container["linuxParameters"]["capabilities"]["drop"],
            "size": (int(at(task, "cpu")) / 1024, int(at(task, "memory"))),
            "writable folders": {
                each["containerPath"]: each["size"]
                for each in container["linuxParameters"].get("tmpfs", [])
            },
            "health check": _health_check(container.get("healthCheck")),
            "seconds after SIGTERM": container["stopTimeout"],
            "percent during a deployment": (
                at(deployed, "deploymentMinimumHealthyPercent"),
                at(deployed, "deploymentMaximumPercent"),
            ),
            "subnets": sorted(network["subnets"]),
            "public address": network["assignPublicIp"],
            "logs are kept": at(logs, "retentionInDays") > 0,
            "called by the name": served,
            "Log group": name(logs),
            "Days for which logs are kept": at(logs, "retentionInDays"),
            "Who answers for the name": "Service Connect" if served else None,
            # The proxy of Service Connect takes calls apart where it knows what is spoken.
            "Calls on one connection": "any task"
            if served and protocols != ["tcp"]
            else "the same",
            "Role for images and logs": name(execution_role),
            "Memory of the container": int(at(task, "memory")),
            "Folders to write in": "memory" if "tmpfs" in container["linuxParameters"] else None,
            "Readiness": "load balancer" if at(deployed, "loadBalancers") else None,
            "Before SIGTERM": 0,
            "A failed deployment": at(deployed, "deploymentCircuitBreaker"),
        }

    def eks(self, service: str) -> Description:
        """Describe a service on EKS."""
        cluster = self._cluster
        deployed = self._own(DEPLOYMENT, service)
        pod = at(deployed, "spec", "template")
        (container,) = pod["spec"]["containers"]
        (policy,) = cluster.selecting(
            "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy",
            deployed, "spec", "podSelector", "matchLabels",
        )  # fmt: skip
        names = cluster.selecting("kubernetes:core/v1:Service", deployed, "spec", "selector")
        (profile,) = cluster.profiles(namespace(deployed), pod["metadata"]["labels"])
        output = at(cluster.logging(), "data", "output.conf")
        logs = self._log_group(re.findall(r"log_group_name (\S+)", output)[0])
        security, limits = container["securityContext"], container["resources"]["limits"]
        memory = int(limits["memory"].removesuffix("Mi"))
        wait = at({"inputs": container}, "lifecycle", "preStop", "sleep", "seconds") or 0
        rolling = at(deployed, "spec", "strategy", "rollingUpdate")
        reach = self._reach(at(policy, "spec", "securityGroups", "groupIds"))
        callers = reach["callers"]
        return {
            **self._route(service),
            **reach,
            **self._rights(cluster.role(cluster.account(deployed))),
            **_pods_scaling(deployed, self._of(SCALER)),
            "image": container["image"],
            "command": container.get("args"),
            **secret_readers.of_pod(cluster, container, deployed),
            "port": [port["containerPort"] for port in container.get("ports", [])],
            "protocol": [port["name"] for port in container.get("ports", [])],
            "environment": {e["name"]: e["value"] for e in container["env"] if "value" in e},
            "secrets": sorted(e["name"] for e in container["env"] if "valueFrom" in e),
            "user": str(security["runAsUser"]),
            "read-only root": security["readOnlyRootFilesystem"],
            "privileged": security["privileged"],
            "capabilities": security["capabilities"]["drop"],
            "size": (int(limits["cpu"].removesuffix("m")) / 1000, memory + EKS_TAKES),
            "writable folders": _empty_folders(pod["spec"], container),
            "health check": _liveness(container.get("livenessProbe")),
            "seconds after SIGTERM": pod["spec"]["terminationGracePeriodSeconds"] - wait,
            "percent during a deployment": (
                100 - int(rolling["maxUnavailable"].removesuffix("%")),
                100 + int(rolling["maxSurge"].removesuffix("%")),
            ),
            "subnets": sorted(at(profile, "subnetIds")),
            # Fargate profiles take private subnets only.
            "public address": False,
            "logs are kept": at(logs, "retentionInDays") > 0,
            "called by the name": [
                f"{at(found, 'metadata', 'name')}:{port['port']}"
                for found in names
                for port in at(found, "spec", "ports")
                # One with a route alone has a Service for the binding, and nobody who may call it.
                if any(peer.endswith("-group") and peer != BALANCER for _, peer, _ in callers)
            ],
            "Log group": name(logs),
            "Days for which logs are kept": at(logs, "retentionInDays"),
            "Who answers for the name": "Kubernetes" if names else None,
            # The address of a Service leads a connection to one pod.
            "Calls on one connection": "the same",
            "Role for images and logs": name(self._role(at(profile, "podExecutionRoleArn"))),
            "Memory of the container": memory,
            "Folders to write in": "disk" if pod["spec"].get("volumes") else None,
            "Readiness": "probe and load balancer" if container.get("readinessProbe") else None,
            "Before SIGTERM": wait,
            "A failed deployment": None,
        }

    def _of(self, type_: str) -> list[Resource]:
        return self._cluster.of(type_)

    def _own(self, type_: str, service: str) -> Resource:
        """Return a service's only resource of a type."""
        (found,) = self._owned(type_, service)
        return found

    def _owned(self, type_: str, service: str) -> list[Resource]:
        return [r for r in self._of(type_) if r["parent"].rpartition("::")[2] == service]

    def _role(self, arn: str) -> Resource:
        (found,) = [r for r in self._of("aws:iam/role:Role") if r["outputs"]["arn"] == arn]
        return found

    def _log_group(self, wanted: str) -> Resource:
        groups = self._of("aws:cloudwatch/logGroup:LogGroup")
        (found,) = [group for group in groups if at(group, "name") == wanted]
        return found

    def _route(self, service: str) -> Description:
        """Return which requests come from the load balancer, and how."""
        given = (
            "deregistrationDelay", "healthCheck", "loadBalancingAlgorithmType", "port", "protocol",
            "protocolVersion", "slowStart", "stickiness", "targetType",
        )  # fmt: skip
        targets = self._owned("aws:lb/targetGroup:TargetGroup", service)
        return {
            "conditions of the route": [
                sorted(map(json.dumps, at(rule, "conditions")))
                for rule in self._owned("aws:lb/listenerRule:ListenerRule", service)
            ],
            "target group": [{key: at(target, key) for key in given} for target in targets],
        }

    def _reach(self, groups: Sequence[str]) -> Description:
        """Return who may connect to whom, by all rules of the security groups together."""
        found = set(self._connections(groups))
        with_cluster = {each for each in found if each[1] == CLUSTER}
        return {
            "callers": sorted(each for each in found - with_cluster if each[0] == "in"),
            "reach": sorted(each for each in found - with_cluster if each[0] == "out"),
            "Security groups": sorted(self._groups[group] for group in groups),
            "Connections with the cluster": sorted(with_cluster),
        }

    def _connections(self, groups: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        for side, type_ in SIDES.items():
            for rule in self._of(type_):
                if at(rule, "securityGroupId") in groups:
                    group = at(rule, "referencedSecurityGroupId")
                    peer = self._groups[group] if group else at(rule, "cidrIpv4")
                    ports = f"{at(rule, 'fromPort')}-{at(rule, 'toPort')}"
                    yield side, peer, f"{at(rule, 'ipProtocol')} {ports}"

    def _rights(self, role: Resource) -> Description:
        """Return what a role may do and who can have it."""
        policies = self._cluster.role_policies(role)
        (trusted,) = json.loads(at(role, "assumeRolePolicy"))["Statement"]
        return {
            "grants": [
                statement
                for policy in policies
                for statement in json.loads(at(policy, "policy") or "{}").get("Statement", [])
            ],
            "managed policies": [
                at(policy, "policyArn") for policy in policies if at(policy, "policyArn")
            ],
            "boundary": at(role, "permissionsBoundary"),
            "Who can have the role": trusted["Principal"],
        }


def _tasks_scaling(
    service: Resource, targets: Sequence[Resource], policies: Sequence[Resource]
) -> Description:
    suffix = f"/{at(service, 'name')}"
    own = [target for target in targets if at(target, "resourceId").endswith(suffix)]
    held = [
        at(policy, "targetTrackingScalingPolicyConfiguration")
        for policy in policies
        if at(policy, "resourceId").endswith(suffix)
    ]
    metrics = {
        "ECSServiceAverageCPUUtilization": "cpu",
        "ECSServiceAverageMemoryUtilization": "memory",
    }
    return {
        "count": None if own else at(service, "desiredCount"),
        "range": [(at(target, "minCapacity"), at(target, "maxCapacity")) for target in own],
        "held": {
            metrics[each["predefinedMetricSpecification"]["predefinedMetricType"]]: each[
                "targetValue"
            ]
            for each in held
        },
        "Pauses in scaling": sorted(
            {(each["scaleInCooldown"], each["scaleOutCooldown"]) for each in held}
        ),
    }


def _pods_scaling(deployed: Resource, scalers: Sequence[Resource]) -> Description:
    wanted = at(deployed, "metadata", "name")
    own = [one for one in scalers if at(one, "spec", "scaleTargetRef", "name") == wanted]
    return {
        "count": at(deployed, "spec", "replicas"),
        "range": [(at(one, "spec", "minReplicas"), at(one, "spec", "maxReplicas")) for one in own],
        "held": {
            metric["resource"]["name"]: metric["resource"]["target"]["averageUtilization"]
            for one in own
            for metric in at(one, "spec", "metrics")
        },
        "Pauses in scaling": [at(one, "spec", "behavior") for one in own],
    }


def _client_names(service: Resource) -> list[str]:
    return [
        f"{alias['dnsName']}:{alias['port']}"
        for named in at(service, "serviceConnectConfiguration", "services") or []
        for alias in named["clientAlias"]
    ]


def _health_check(check: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - any JSON value
    return check and {**check, "command": check["command"][1:]}


def _liveness(probe: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - any JSON value
    return probe and {
        "command": probe["exec"]["command"],
        "interval": probe["periodSeconds"],
        "retries": probe["failureThreshold"],
        "startPeriod": probe["initialDelaySeconds"],
        "timeout": probe["timeoutSeconds"],
    }


def _empty_folders(pod: Mapping[str, Any], container: Mapping[str, Any]) -> Mapping[str, int]:
    sizes = {
        volume["name"]: int(volume["emptyDir"]["sizeLimit"].removesuffix("Mi"))
        for volume in pod.get("volumes", [])
    }
    return {each["mountPath"]: sizes[each["name"]] for each in container.get("volumeMounts", [])}
