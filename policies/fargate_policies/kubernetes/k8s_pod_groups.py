"""k8s-pod-groups: every pod has security groups of its own.

A pod that no SecurityGroupPolicy selects silently gets the cluster's group, which admits everything
from itself: that would end the isolation of all pods.
"""

from pulumi_policy import Severity

from ..core.rule import Member, Parameter, Stack, StackRule
from ..core.sources import guide
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation
from ..models.selectors import selects
from ..models.tags import all_of
from ..models.workloads import (
    SECURITY_GROUP_POLICY,
    SERVICE_ACCOUNT,
    WORKLOAD_TYPES,
    namespace,
    pod,
)

_CLUSTERS = ("aws:eks/cluster:Cluster", "eks:index:Cluster")


def _check(stack: Stack) -> Findings:
    policies = list(stack.of_type(SECURITY_GROUP_POLICY))
    for workload in stack.of_type(*WORKLOAD_TYPES):
        yield from _check_workload(stack, workload, policies)
    for policy in policies:
        yield from _check_groups(stack, policy)


def _check_workload(stack: Stack, workload: Member, policies: list[Member]) -> Findings:
    if (namespace(workload).text or "default") in stack.settings["exemptNamespaces"]:
        return
    answers = {_covers(stack, policy, workload) for policy in policies}
    if True in answers:
        return
    if None in answers:
        yield Undecided(f"labels and namespace of {workload.name}")
    else:
        yield Violation("no SecurityGroupPolicy selects its pods", workload.urn)


def _covers(stack: Stack, policy: Member, workload: Member) -> bool | None:
    """Whether a policy selects a workload's pods; None if that isn't known yet.

    With both selectors it takes the pods that both select.
    """
    same = _same_namespace(policy, workload)
    if not same:
        return same
    template = pod(workload)
    account = _service_account(stack, workload, template.at("spec", "serviceAccountName"))
    given = {
        "podSelector": template.at("metadata", "labels"),
        "serviceAccountSelector": account.at("metadata", "labels") if account else Place(None, ""),
    }
    selectors = {key: policy.at("spec", key) for key in given}
    answers = [selects(selectors[key], given[key]) for key in given if selectors[key].present]
    return bool(answers) and all_of(answers)


def _same_namespace(one: Member, other: Member) -> bool | None:
    first, second = namespace(one), namespace(other)
    if UNKNOWN in (first.value, second.value):
        return None
    return (first.text or "default") == (second.text or "default")


def _service_account(stack: Stack, workload: Member, name: Place) -> Member | None:
    return next(
        (
            account
            for account in stack.of_type(SERVICE_ACCOUNT)
            if name.text
            and account.at("metadata", "name").text == name.text
            and _same_namespace(account, workload)
        ),
        None,
    )


def _check_groups(stack: Stack, policy: Member) -> Findings:
    ids = policy.at("spec", "securityGroups", "groupIds")
    if not ids.items():
        yield Violation(f"{ids.path}: names no security group", policy.urn)
    cluster_groups = {
        cluster.at("vpcConfig", "clusterSecurityGroupId").text
        for cluster in stack.of_type(_CLUSTERS[0])
    } - {""}
    by_id = any(item.text in cluster_groups for item in ids.items())
    if by_id or stack.referred(policy, "spec", _CLUSTERS):
        yield Violation(f"{ids.path}: holds the cluster's security group", policy.urn)


RULE = StackRule(
    name="k8s-pod-groups",
    description="Every pod has security groups of its own, and none has the cluster's.",
    fix=(
        "Create a SecurityGroupPolicy in the pods' namespace that selects them, with groups made"
        " for them."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Amazon EKS user guide",
        "security groups for pods",
        "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
    ),
    parameters={
        "exemptNamespaces": Parameter(
            "namespaces whose pods may have the cluster's group, as EKS's own add-ons do",
            ("kube-system",),
        )
    },
    types=(*WORKLOAD_TYPES, SECURITY_GROUP_POLICY),
    check=_check,
)
