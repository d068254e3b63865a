"""eks:index:Cluster: registers the children that the real component registers without nodes."""

from __future__ import annotations

import importlib.metadata
import json
from typing import TYPE_CHECKING, Any

import pulumi

from sandbox.standins.components import Child, refuse
from sandbox.standins.eks.kubeconfig import kubeconfig
from sandbox.standins.eks.service_role import ServiceRole

if TYPE_CHECKING:
    from collections.abc import Mapping

# Arguments that end up in the cluster, by their own names.
_CLUSTER = ("deletionProtection", "enabledClusterLogTypes", "name", "upgradePolicy", "version")
_VPC_CONFIG = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")
_MODELLED = {
    *_CLUSTER, *_VPC_CONFIG, "accessEntries", "bootstrapSelfManagedAddons", "clusterTags",
    "encryptionConfigKeyArn", "ipFamily", "kubernetesServiceIpAddressRange", "privateSubnetIds",
    "publicSubnetIds", "serviceRole", "subnetIds", "tags", "vpcId",
}  # fmt: skip

# What must have one of a few values, since the children of any other are not modelled.
_FIXED: dict[str, tuple[tuple[Any, ...], str]] = {
    "authenticationMode": (("API",), "must be API: no aws-auth ConfigMap is modelled"),
    "createOidcProvider": ((None, False), "must be off: declare the OIDC provider yourself"),
    "skipDefaultNodeGroup": ((True,), "must be True: nodes are not modelled"),
    "skipDefaultSecurityGroups": ((True,), "must be True: those groups are not modelled"),
    "useDefaultVpcCni": ((True,), "must be True: the vpc-cni add-on is not modelled"),
}

# Add-ons that have to be off, and whether leaving the argument out means on.
_ADDONS = {"corednsAddonOptions": False, "kubeProxyAddonOptions": True}
_STAND_IN = "sandbox's stand-in for eks:index:Cluster"
_OUTPUTS = ("arn", "certificateAuthority", "endpoint", "identities", "name", "vpcConfig")


class Cluster(pulumi.ComponentResource):
    """An EKS control plane with access entries and a Kubernetes provider.

    Args:
        name: logical name, also the prefix of all children.
        args: arguments by their names on the wire.
        opts: options that the engine passes on.

    Raises:
        InputPropertyError: an argument isn't modelled, or the real component would refuse it.
    """

    def __init__(
        self, name: str, args: Mapping[str, Any], opts: pulumi.ResourceOptions | None
    ) -> None:
        _check(name, args)
        self._name_, self._args = name, args
        super().__init__("eks:index:Cluster", name, {}, opts)
        self._cluster = self._create_cluster()
        config = self._kubeconfig()
        self._provider = _KubernetesProvider(
            f"{name}-eks-k8s", config.apply(json.dumps), pulumi.ResourceOptions(parent=self)
        )
        self._create_access_entries()
        self.state = self._outputs(config)
        self.register_outputs(self.state)

    def _create_cluster(self) -> Child:
        args = self._args
        role_arn, role = self._role()
        inputs = {key: args.get(key) for key in _CLUSTER} | {
            "accessConfig": {
                "authenticationMode": "API",
                "bootstrapClusterCreatorAdminPermissions": True,
            },
            "bootstrapSelfManagedAddons": _or_true(args.get("bootstrapSelfManagedAddons")),
            "encryptionConfig": _encryption(args.get("encryptionConfigKeyArn")),
            "kubernetesNetworkConfig": _network(args),
            "roleArn": role_arn,
            "tags": _tags(self._name_, args),
            "vpcConfig": {
                "subnetIds": _subnet_ids(args),
                **{key: args[key] for key in _VPC_CONFIG if args.get(key) is not None},
            },
        }
        opts = pulumi.ResourceOptions(
            parent=self,
            depends_on=role,
            # As the real component: changes of these would replace a cluster in use.
            ignore_changes=[
                "accessConfig.bootstrapClusterCreatorAdminPermissions",
                "bootstrapSelfManagedAddons",
            ],
        )
        name = f"{self._name_}-eksCluster"
        return Child("aws:eks/cluster:Cluster", name, inputs, _OUTPUTS, opts)

    def _role(self) -> tuple[pulumi.Input[str], list[pulumi.Resource]]:
        """The role's ARN, and what has to be there before the cluster."""
        given = self._args.get("serviceRole")
        if given is None:
            own = ServiceRole(f"{self._name_}-eksRole", self._args.get("tags"), self)
            return own.arn, own.ready
        arn = pulumi.Output.from_input(given).apply(
            lambda role: role.output("arn") if isinstance(role, Child) else role
        )
        return arn, []

    def _kubeconfig(self) -> pulumi.Output[dict[str, Any]]:
        facts = {key: self._cluster.output(key) for key in (*_OUTPUTS[:3], "name")}
        return pulumi.Output.all(**facts).apply(kubeconfig)

    def _create_access_entries(self) -> None:
        cluster = self._cluster
        for key, entry in (self._args.get("accessEntries") or {}).items():
            name = f"{self._name_}-{key}"
            principal = entry["principalArn"]
            common = {"clusterName": cluster.output("name"), "principalArn": principal}
            made = Child(
                "aws:eks/accessEntry:AccessEntry",
                name,
                {
                    **common,
                    "kubernetesGroups": entry.get("kubernetesGroups"),
                    "tags": entry.get("tags"),
                    "type": entry.get("type"),
                    "userName": entry.get("username"),
                },
                opts=pulumi.ResourceOptions(parent=self, depends_on=[cluster]),
            )
            for policy, association in (entry.get("accessPolicies") or {}).items():
                Child(
                    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
                    f"{name}-{policy}",
                    {
                        **common,
                        "accessScope": association["accessScope"],
                        "policyArn": association["policyArn"],
                    },
                    opts=pulumi.ResourceOptions(parent=made, depends_on=[made]),
                )

    def _outputs(self, config: pulumi.Output[dict[str, Any]]) -> dict[str, Any]:
        cluster = self._cluster
        group = cluster.output("vpcConfig").apply(lambda c: c["clusterSecurityGroupId"])
        issuer = cluster.output("identities").apply(lambda i: i[0]["oidcs"][0]["issuer"])
        return {
            "autoModeNodeRoleName": "",
            "clusterIngressRuleId": "",
            "clusterSecurityGroupId": group,
            "core": {
                "cluster": cluster,
                "endpoint": cluster.output("endpoint"),
                "instanceRoles": [],
                "kubeconfig": config,
                "provider": self._provider,
                "subnetIds": _subnet_ids(self._args),
                "vpcId": self._args.get("vpcId"),
            },
            "defaultNodeGroupAsgName": "",
            "eksCluster": cluster,
            "fargateProfileId": "",
            "fargateProfileStatus": "",
            "instanceRoles": [],
            "kubeconfig": config,
            "kubeconfigJson": config.apply(json.dumps),
            "nodeSecurityGroupId": group,
            "oidcIssuer": issuer.apply(lambda url: url.removeprefix("https://")),
            "oidcProviderArn": "",
            "oidcProviderUrl": issuer,
        }


class _KubernetesProvider(pulumi.ProviderResource):
    """A provider of the kubernetes package."""

    def __init__(self, name: str, config: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
        version = pulumi.ResourceOptions(version=importlib.metadata.version("pulumi_kubernetes"))
        super().__init__(
            "kubernetes", name, {"kubeconfig": config}, pulumi.ResourceOptions.merge(version, opts)
        )


def _check(name: str, args: Mapping[str, Any]) -> None:
    """Refuse what isn't modelled, or what the real component would refuse."""
    for key in sorted(args.keys() - _MODELLED - _FIXED.keys() - set(_ADDONS)):
        if args[key] not in (None, False):
            refuse(name, key, f"is not modelled by the {_STAND_IN}")
    for key, (allowed, reason) in _FIXED.items():
        if args.get(key) not in allowed:
            refuse(name, key, f"{reason} ({_STAND_IN})")
    for key, required in _ADDONS.items():
        given = args.get(key)
        if (given or required) and (given or {}).get("enabled") is not False:
            refuse(name, key, f"must have enabled False: the {_STAND_IN} has no nodes")
    _check_network(name, args)


def _check_network(name: str, args: Mapping[str, Any]) -> None:
    if args.get("subnetIds") and (args.get("publicSubnetIds") or args.get("privateSubnetIds")):
        refuse(name, "subnetIds", "can't be given with publicSubnetIds or privateSubnetIds")
    if args.get("publicAccessCidrs") and args.get("endpointPublicAccess") is False:
        refuse(name, "publicAccessCidrs", "can only be given when endpointPublicAccess is True")
    if not args.get("vpcId"):
        refuse(name, "vpcId", "must be given: without it the real component uses the default VPC")


def _or_true(value: object) -> object:
    return True if value is None else value


def _encryption(key_arn: object) -> dict[str, Any] | None:
    return {"provider": {"keyArn": key_arn}, "resources": ["secrets"]} if key_arn else None


def _network(args: Mapping[str, Any]) -> dict[str, Any] | None:
    family, cidr = args.get("ipFamily"), args.get("kubernetesServiceIpAddressRange")
    if family is None and cidr is None:
        return None
    return {"ipFamily": family or "ipv4", **({"serviceIpv4Cidr": cidr} if cidr else {})}


def _subnet_ids(args: Mapping[str, Any]) -> pulumi.Output[list[str]]:
    if args.get("subnetIds") is not None:
        return pulumi.Output.from_input(args["subnetIds"])
    return pulumi.Output.all(args.get("publicSubnetIds"), args.get("privateSubnetIds")).apply(
        lambda both: [*(both[0] or []), *(both[1] or [])]
    )


def _tags(name: str, args: Mapping[str, Any]) -> pulumi.Output[dict[str, str]]:
    return pulumi.Output.all(args.get("clusterTags"), args.get("tags")).apply(
        lambda given: {"Name": f"{name}-eksCluster", **(given[0] or {}), **(given[1] or {})}
    )
