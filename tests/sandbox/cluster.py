"""An EKS cluster and what runs on it, found in a deployment."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.sandbox.edges import Resource, reached

CRON_JOB = "kubernetes:batch/v1:CronJob"
WORKLOADS = (
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:batch/v1:Job",
    CRON_JOB,
)
"""Objects that run pods, all with a template of them."""

BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
RELEASE = "kubernetes:helm.sh/v3:Release"
ROLE_ARN = "eks.amazonaws.com/role-arn"


class Cluster:
    """The cluster of a deployment.

    Args:
        resources: the deployment's.
    """

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._resources = resources
        by_urn = {resource["urn"]: resource for resource in resources}
        self._before = functools.cache(lambda urn: reached(urn, by_urn))

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these types."""
        return [resource for resource in self._resources if resource["type"] in types]

    def follows(self, later: Resource, earlier: Resource) -> bool:
        """Say whether a resource is created after another, and so deleted before it."""
        return earlier["urn"] in self._before(later["urn"])

    def too_early(self, later: Resource, earlier: Sequence[Resource]) -> list[str]:
        """Return what a resource doesn't wait for, each as `LATER before EARLIER`."""
        return [
            f"{name(later)} before {name(each)}"
            for each in earlier
            if not self.follows(later, each)
        ]

    def ways_out(self) -> list[Resource]:
        """Return the routes and endpoints by which images are pulled and AWS is reached."""
        endpoints = self.of("aws:ec2/vpcEndpoint:VpcEndpoint")
        inside = [each for each in endpoints if at(each, "vpcEndpointType") == "Interface"]
        return [*self.of("aws:ec2/route:Route"), *inside]

    def addon(self, addon_name: str) -> Resource:
        """Return an add-on."""
        (found,) = [a for a in self.of("aws:eks/addon:Addon") if at(a, "addonName") == addon_name]
        return found

    def logging(self) -> Resource:
        """Return the configuration of the log router."""
        (found,) = [
            config
            for config in self.of("kubernetes:core/v1:ConfigMap")
            if at(config, "metadata", "name") == "aws-logging"
        ]
        return found

    def charts_with_pods(self) -> list[Resource]:
        """Return the Helm releases that run pods; one of custom resource definitions doesn't."""
        return [r for r in self.of(RELEASE) if at(r, "values", "replicaCount") != 0]

    def controllers(self) -> list[Resource]:
        """Return the load balancer controller's release; none without a load balancer."""
        releases = self.of(RELEASE)
        return [r for r in releases if at(r, "chart") == "aws-load-balancer-controller"]

    def profiles(self, namespace: str, labels: Mapping[str, str]) -> list[Resource]:
        """Return the Fargate profiles that take pods with these labels."""
        return [
            profile
            for profile in self.of("aws:eks/fargateProfile:FargateProfile")
            for selector in at(profile, "selectors")
            if selector["namespace"] == namespace
            and (selector.get("labels") or {}).items() <= labels.items()
        ]

    def gated_namespaces(self) -> set[str]:
        """Return the namespaces whose pods are ready when the load balancer says so."""
        gate = "elbv2.k8s.aws/pod-readiness-gate-inject"
        return {
            at(found, "metadata", "name")
            for found in self.of("kubernetes:core/v1:Namespace")
            if (at(found, "metadata", "labels") or {}).get(gate) == "enabled"
        }

    def account(self, workload: Resource) -> Resource:
        """Return the service account of a workload's pods."""
        wanted = template(workload)["spec"]["serviceAccountName"]
        (found,) = [
            account
            for account in self.of("kubernetes:core/v1:ServiceAccount")
            if at(account, "metadata", "name") == wanted
            and namespace(account) == namespace(workload)
        ]
        return found

    def role(self, account: Resource) -> Resource:
        """Return the IAM role of a service account."""
        arn = at(account, "metadata", "annotations", ROLE_ARN)
        (found,) = [r for r in self.of("aws:iam/role:Role") if r["outputs"]["arn"] == arn]
        return found

    def role_policies(self, role: Resource) -> list[Resource]:
        """Return what a role may do: its own policies, and managed ones attached to it."""
        attached = self.of(
            "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
        )
        return [policy for policy in attached if at(policy, "role") == at(role, "name")]

    def selecting(self, type_: str, workload: Resource, *path: str) -> list[Resource]:
        """Return objects of a type whose selector, at a path, takes a workload's pods."""
        labels = template(workload)["metadata"]["labels"]
        return [
            found
            for found in self.of(type_)
            if namespace(found) == namespace(workload)
            and at(found, *path)
            and at(found, *path).items() <= labels.items()
        ]

    def bindings(self, service: Resource) -> list[Resource]:
        """Return the bindings of a Service to target groups."""
        return [
            binding
            for binding in self.of(BINDING)
            if at(binding, "spec", "serviceRef", "name") == at(service, "metadata", "name")
            and namespace(binding) == namespace(service)
        ]

    def rules_of(self, policy: Resource) -> list[Resource]:
        """Return the rules of the security groups that a policy puts pods into."""
        types = ("Egress", "Ingress")
        rules = self.of(
            *(f"aws:vpc/securityGroup{one}Rule:SecurityGroup{one}Rule" for one in types)
        )
        groups = at(policy, "spec", "securityGroups", "groupIds")
        return [rule for rule in rules if at(rule, "securityGroupId") in groups]

    def rules(self, binding: Resource) -> list[Resource]:
        """Return the listener rules that lead to a binding's target group."""
        arn = at(binding, "spec", "targetGroupARN")
        return [rule for rule in self.of("aws:lb/listenerRule:ListenerRule") if arn in _text(rule)]


def at(resource: Resource, *path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what stands at a path of a resource's inputs, or None."""
    found: Any = resource["inputs"]
    for step in path:
        found = (found or {}).get(step)
    return found


def name(resource: Resource) -> str:
    """Return a resource's name in the program."""
    return str(resource["urn"]).rpartition("::")[2]


def namespace(resource: Resource) -> str:
    """Return the namespace that an object is in."""
    found: str = at(resource, "metadata", "namespace")
    return found


def template(workload: Resource) -> Any:  # noqa: ANN401 - any JSON value
    """Return the template of a workload's pods."""
    if workload["type"] == CRON_JOB:
        return at(workload, "spec", "jobTemplate", "spec", "template")
    return at(workload, "spec", "template")


def _text(resource: Resource) -> str:
    return json.dumps(resource["inputs"])
