"""Who may do what in an EKS cluster: an access entry for each IAM role."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.settings import EksSettings

ADMIN: Final = "AmazonEKSClusterAdminPolicy"
EDIT: Final = "AmazonEKSEditPolicy"
VIEW: Final = "AmazonEKSViewPolicy"
"""Without Secrets; AmazonEKSAdminViewPolicy shows them (EKS user guide, "Review access policy
permissions")."""

SUFFIXES: Final[Mapping[str, str]] = {ADMIN: "admin", EDIT: "edit", VIEW: "view"}

Scope = tuple[str, ...]
"""Namespaces in which a policy holds; none of them stands for the whole cluster."""
CLUSTER: Final[Scope] = ()


def access(settings: EksSettings) -> Mapping[str, Mapping[str, Scope]]:
    """Return each role's policies and where they hold.

    A role has one entry, whatever lists name it, and a policy once: where it is given for the
    cluster and for a namespace, the cluster's holds.
    """
    found: dict[str, dict[str, Scope]] = {}
    for role_arn, policy, scope in _given(settings):
        policies = found.setdefault(role_arn, {})
        before = policies.get(policy, scope)
        whole = CLUSTER in (before, scope)
        policies[policy] = CLUSTER if whole else tuple(sorted({*before, *scope}))
    return found


def _given(settings: EksSettings) -> Iterator[tuple[str, str, Scope]]:
    for role_arn in settings.admin_role_arns:
        yield role_arn, ADMIN, CLUSTER
    for role_arn in settings.viewer_role_arns:
        yield role_arn, VIEW, CLUSTER
    for namespace, given in settings.namespaces.items():
        for role_arn in given.editor_role_arns:
            yield role_arn, EDIT, (namespace,)
        for role_arn in given.viewer_role_arns:
            yield role_arn, VIEW, (namespace,)


def create_access_entries(
    name: str,
    settings: EksSettings,
    *,
    cluster_name: pulumi.Input[str],
    environment: Environment,
    parent: pulumi.Resource,
) -> None:
    """Create the access entries and associate their policies.

    Args:
        name: prefix of the resources' names.
        settings: the cluster's.
        cluster_name: its name, as its output.
        environment: where it is.
        parent: the cluster's component.
    """
    for role_arn, policies in access(settings).items():
        entry = aws.eks.AccessEntry(
            f"{name}-access-{_entry_name(role_arn)}",
            cluster_name=cluster_name,
            principal_arn=role_arn,
            type="STANDARD",
            # A role has one entry of a cluster: a new one can't be there beside the old one.
            opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
        )
        for policy, namespaces in policies.items():
            aws.eks.AccessPolicyAssociation(
                f"{name}-access-{_entry_name(role_arn)}-{SUFFIXES[policy]}",
                cluster_name=cluster_name,
                principal_arn=entry.principal_arn,
                policy_arn=f"arn:{environment.partition}:eks::aws:cluster-access-policy/{policy}",
                access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(
                    type="namespace" if namespaces else "cluster",
                    namespaces=list(namespaces) or None,
                ),
                # Another scope is another association, which the old one's deletion would end.
                opts=pulumi.ResourceOptions(
                    parent=parent, depends_on=[entry], delete_before_replace=True
                ),
            )


def _entry_name(role_arn: str) -> str:
    """Return a name for a role's entry that depends on nothing but the role."""
    digest = hashlib.sha256(role_arn.encode()).hexdigest()[:8]
    return f"{role_arn.rpartition('/')[2]}-{digest}"
