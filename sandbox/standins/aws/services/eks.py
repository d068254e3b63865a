"""EKS: clusters, access entries, Fargate profiles, add-ons."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import EVERYTHING_BUT_TAGS, Facts, Kind, operation, short_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins import diff
    from sandbox.standins.wire import Properties

_CREATED = "2026-01-01T00:00:00Z"


def _cluster(facts: Facts) -> dict[str, Any]:
    place, key = facts.place, facts.hex("cluster", 32).upper()
    subnets = (facts.inputs.get("vpcConfig") or {}).get("subnetIds")
    certificate = f"-----BEGIN CERTIFICATE-----\n{facts.hex('ca', 64)}\n-----END CERTIFICATE-----\n"
    return {
        "arn": place.arn("eks", f"cluster/{facts.text('name')}"),
        "accessConfig": {
            "authenticationMode": "CONFIG_MAP",
            "bootstrapClusterCreatorAdminPermissions": True,
        },
        "certificateAuthority": {"data": base64.b64encode(certificate.encode()).decode()},
        "createdAt": _CREATED,
        "deletionProtection": False,
        "endpoint": f"https://{key}.gr7.{place.region}.eks.{place.dns_suffix}",
        "identities": [
            {"oidcs": [{"issuer": f"https://oidc.eks.{place.region}.{place.dns_suffix}/id/{key}"}]}
        ],
        "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "upgradePolicy": {"supportType": "EXTENDED"},
        "version": "1.35",
        "vpcConfig": {
            "clusterSecurityGroupId": facts.short_id("sg"),
            "endpointPrivateAccess": False,
            "endpointPublicAccess": True,
            "publicAccessCidrs": ["0.0.0.0/0"],
            "vpcId": short_id("vpc", str(subnets)),
        },
    }


def _loses_encryption(_: Properties, new: Properties, change: diff.Change) -> bool:
    """Encryption can't be taken away; with another key the provider tries an update."""
    return change.path.startswith("encryptionConfig") and not new.get("encryptionConfig")


def _member(facts: Facts, key: str) -> str:
    return f"{facts.text('clusterName')}:{facts.text(key)}"


def _part_arn(facts: Facts, kind: str, key: str) -> str:
    resource = f"{kind}/{facts.text('clusterName')}/{facts.text(key)}/{facts.uuid(kind)}"
    return facts.place.arn("eks", resource)


_MOST_SELECTORS, _MOST_LABELS = 5, 5
_LONGEST_KEY, _LONGEST_VALUE = 127, 255
_ENTRY_TYPES = (
    "STANDARD", "FARGATE_LINUX", "EC2_LINUX", "EC2_WINDOWS", "EC2", "HYBRID_LINUX",
    "HYPERPOD_LINUX",
)  # fmt: skip


def _selectors(inputs: Mapping[str, Any]) -> list[str]:
    """One to five selectors with a namespace each (EKS user guide)."""
    given = limits.value_at(inputs, "selectors")
    if not isinstance(given, list):
        return []
    if not 1 <= len(given) <= _MOST_SELECTORS:
        return [f"selectors: must be 1 to {_MOST_SELECTORS}"]
    return [problem for index, one in enumerate(given) for problem in _selector(index, one)]


def _selector(index: int, selector: Mapping[str, Any]) -> list[str]:
    """A namespace, and few and short labels (EKS user guide, "Service quotas"; API reference)."""
    found = []
    if not selector.get("namespace"):
        found.append(f"selectors[{index}].namespace: must be given")
    labels = selector.get("labels") or {}
    if len(labels) > _MOST_LABELS:
        found.append(f"selectors[{index}].labels: must be at most {_MOST_LABELS}")
    if any(len(k) > _LONGEST_KEY or len(str(v)) > _LONGEST_VALUE for k, v in labels.items()):
        found.append(
            f"selectors[{index}].labels: keys must be at most {_LONGEST_KEY} characters, values at "
            f"most {_LONGEST_VALUE}"
        )
    return found


def _scope(inputs: Mapping[str, Any]) -> list[str]:
    """Namespaces go with a namespace scope, and with it alone (AssociateAccessPolicy)."""
    scope = limits.value_at(inputs, "accessScope")
    if not isinstance(scope, dict):
        return []
    named = bool(scope.get("namespaces"))
    if scope.get("type") == "namespace" and not named:
        return ["accessScope.namespaces: must be given with the type namespace"]
    if scope.get("type") == "cluster" and named:
        return ["accessScope.namespaces: must not be given with the type cluster"]
    return []


KINDS = {
    "aws:eks/cluster:Cluster": Kind(
        id=lambda f: f.text("name"),
        outputs=_cluster,
        replaces=(
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "bootstrapSelfManagedAddons",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
            "name",
            "outpostConfig.controlPlaneInstanceType",
            "outpostConfig.controlPlanePlacement",
            "roleArn",
        ),
        replaces_if=_loses_encryption,
        defaults={"bootstrapSelfManagedAddons": True},
        name_limit=100,
        unique=lambda f: f.text("name"),
        taken="ResourceInUseException",
        operations=(
            operation(
                "eks",
                "CreateCluster",
                renames={
                    "enabledClusterLogTypes": "logging.clusterLogging.types",
                    "vpcConfig": "resourcesVpcConfig",
                },
                skips={
                    "defaultAddonsToRemoves": "the provider's own",
                    "forceUpdateVersion": "UpdateClusterVersion: a Boolean",
                },
            ),
        ),
        checks=(
            limits.text("version", r"1\.\d{2}", "be a Kubernetes minor version such as 1.34"),
            limits.networks("vpcConfig.publicAccessCidrs"),
            limits.check(
                "vpcConfig.subnetIds", "hold at least two subnets", lambda v: len(v) > 1
            ),  # EKS user guide, "Network requirements"
        ),
    ),
    "aws:eks/accessEntry:AccessEntry": Kind(
        id=lambda f: _member(f, "principalArn"),
        outputs=lambda f: {
            "accessEntryArn": f.place.arn(
                "eks",
                f"access-entry/{f.text('clusterName')}/role/{f.hex('account', 12)}/"
                f"{f.text('principalArn').rsplit('/', 1)[-1]}/{f.uuid('entry')}",
            ),
            "createdAt": _CREATED,
            "modifiedAt": _CREATED,
            "userName": f.text("principalArn"),
        },
        replaces=("clusterName", "principalArn", "type"),
        defaults={"type": "STANDARD"},
        unique=lambda f: _member(f, "principalArn"),
        taken="ResourceInUseException",
        operations=(operation("eks", "CreateAccessEntry", renames={"userName": "username"}),),
        checks=(limits.one_of("type", _ENTRY_TYPES),),
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Kind(
        id=lambda f: "#".join(f.text(k) for k in ("clusterName", "principalArn", "policyArn")),
        outputs=lambda _: {"associatedAt": _CREATED, "modifiedAt": _CREATED},
        replaces=("*",),
        operations=(operation("eks", "AssociateAccessPolicy"),),
        checks=(
            limits.text(
                "policyArn",
                r"arn:[\w-]+:eks::aws:cluster-access-policy/\w+",
                "be the ARN of an access policy of EKS",
            ),
            _scope,
        ),
    ),
    "aws:eks/fargateProfile:FargateProfile": Kind(
        id=lambda f: _member(f, "fargateProfileName"),
        outputs=lambda f: {
            "arn": _part_arn(f, "fargateprofile", "fargateProfileName"),
            "status": "ACTIVE",
        },
        replaces=EVERYTHING_BUT_TAGS,
        name="fargateProfileName",
        name_limit=100,
        unique=lambda f: _member(f, "fargateProfileName"),
        taken="ResourceInUseException",
        operations=(operation("eks", "CreateFargateProfile", renames={"subnetIds": "subnets"}),),
        checks=(
            # EKS user guide, "Define which Pods use Fargate".
            limits.text(
                "fargateProfileName",
                r"(?!eks-)[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
                "be 1 to 100 letters, digits, hyphens and underscores, not begin with eks-",
            ),
            limits.text(
                "podExecutionRoleArn",
                r"arn:[\w-]+:iam::\d{12}:role/[^/]+",
                "be the ARN of a role with the path /",
            ),
            _selectors,
        ),
    ),
    "aws:eks/addon:Addon": Kind(
        id=lambda f: _member(f, "addonName"),
        outputs=lambda f: {
            "arn": _part_arn(f, "addon", "addonName"),
            "addonVersion": "v1.0.0-eksbuild.1",
            "createdAt": _CREATED,
            "modifiedAt": _CREATED,
        },
        replaces=("addonName", "clusterName"),
        unique=lambda f: _member(f, "addonName"),
        taken="ResourceInUseException",
        operations=(
            operation(
                "eks",
                "CreateAddon",
                renames={"resolveConflictsOnCreate": "resolveConflicts"},
                skips={
                    "preserve": "DeleteAddon: a Boolean",
                    "resolveConflictsOnUpdate": "UpdateAddon",
                },
            ),
            operation(
                "eks",
                "UpdateAddon",
                renames={"resolveConflictsOnUpdate": "resolveConflicts"},
            ),
        ),
        checks=(limits.document("configurationValues"),),
    ),
}
