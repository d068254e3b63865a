"""awsx:ec2:Vpc: registers the children that the real component registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from sandbox.standins.awsx import subnets as layouts
from sandbox.standins.components import Child, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.standins.awsx.subnets import Spec, Subnet

_PASSED_ON = ("enableDnsHostnames", "enableDnsSupport", "enableNetworkAddressUsageMetrics",
              "instanceTenancy")  # fmt: skip
_ENDPOINT = (
    "autoAccept", "dnsOptions", "ipAddressType", "policy", "privateDnsEnabled", "routeTableIds",
    "securityGroupIds", "serviceName", "subnetIds", "vpcEndpointType",
)  # fmt: skip
_MODELLED = {
    *_PASSED_ON, "availabilityZoneCidrMask", "availabilityZoneNames", "cidrBlock", "natGateways",
    "numberOfAvailabilityZones", "subnetSpecs", "subnetStrategy", "tags", "vpcEndpointSpecs",
    "vpcEndpointStrategy",
}  # fmt: skip
_NAT_STRATEGIES = ("None", "Single", "OnePerAz")
_EVERYWHERE = "0.0.0.0/0"


class Vpc(pulumi.ComponentResource):
    """A VPC with subnets, routes, gateways and endpoints.

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
        self._name_, self._args = name, args
        self._strategy = _checked(name, args)
        super().__init__("awsx:ec2:Vpc", name, {}, opts)
        zones = self._zones()
        specs = layouts.parse(name, args.get("subnetSpecs") or [])
        cidr = args.get("cidrBlock") or "10.0.0.0/16"
        sized, subnets = layouts.layout(
            name, cidr, zones, specs, args.get("availabilityZoneCidrMask")
        )
        self._check_nat(sized)
        self._vpc = self._create_vpc(cidr)
        self._gateway = self._create_internet_gateway()
        self._made: dict[str, list[Child]] = {kind: [] for kind in _COLLECTIONS}
        self._ids: dict[str, list[pulumi.Output[str]]] = {
            "public": [],
            "private": [],
            "isolated": [],
        }
        for subnet in subnets:
            self._create_subnet(subnet, zones.index(subnet.zone))
        self._create_endpoints()
        self.state = self._outputs(sized)
        self.register_outputs(self.state)

    def _zones(self) -> list[str]:
        if names := self._args.get("availabilityZoneNames"):
            return list(names)
        wanted = int(self._args.get("numberOfAvailabilityZones") or 3)
        token = "aws:index/getAvailabilityZones:getAvailabilityZones"  # noqa: S105 - a lookup
        opts = pulumi.InvokeOptions(parent=self, version=_aws_version())
        found = pulumi.runtime.invoke(token, {}, opts).value["names"]
        if len(found) < wanted:
            refuse(self._name_, "numberOfAvailabilityZones", f"is {wanted}; there are {len(found)}")
        return list(found[:wanted])

    def _check_nat(self, specs: Sequence[Spec]) -> None:
        types = {spec.type for spec in specs}
        if self._strategy != "None" and not {"Public", "Private"} <= types:
            reason = "needs public and private subnets unless its strategy is None"
            refuse(self._name_, "natGateways", reason)

    def _create_vpc(self, cidr: str) -> Child:
        inputs = {"cidrBlock": cidr, "tags": self._tags()}
        inputs |= {"enableDnsHostnames": True, "enableDnsSupport": True}
        inputs |= {key: self._args[key] for key in _PASSED_ON if self._args.get(key) is not None}
        return Child("aws:ec2/vpc:Vpc", self._name_, inputs, opts=_under(self))

    def _create_internet_gateway(self) -> Child:
        inputs = {"vpcId": self._vpc.id, "tags": self._tags()}
        token = "aws:ec2/internetGateway:InternetGateway"  # noqa: S105 - a type token
        return Child(token, self._name_, inputs, opts=_after(self._vpc))

    def _create_subnet(self, spec: Subnet, zone: int) -> None:
        tags = {**spec.tags, "Name": spec.name, "SubnetType": spec.type}
        subnet = self._add(
            "subnets",
            spec.name,
            self._vpc,
            {
                "vpcId": self._vpc.id,
                "availabilityZone": spec.zone,
                "mapPublicIpOnLaunch": spec.type == "Public",
                "assignIpv6AddressOnCreation": False,
                "cidrBlock": spec.cidr,
                "tags": self._tags(tags),
            },
        )
        self._ids[spec.type.lower()].append(subnet.id)
        own = {"Name": spec.name, "SubnetType": spec.type}
        table = self._add(
            "routeTables",
            spec.name,
            subnet,
            {"vpcId": self._vpc.id, "tags": self._tags(own)},
        )
        self._add(
            "routeTableAssociations",
            spec.name,
            table,
            {"routeTableId": table.id, "subnetId": subnet.id},
        )
        if spec.type == "Public":
            self._create_nat(subnet, zone)
        self._create_route(spec, table, zone)

    def _create_nat(self, subnet: Child, zone: int) -> None:
        wanted = {"None": 0, "Single": 1, "OnePerAz": zone + 1}[self._strategy]
        if len(self._made["natGateways"]) >= wanted:
            return
        name = f"{self._name_}-{zone + 1}"
        given = (self._args.get("natGateways") or {}).get("elasticIpAllocationIds") or []
        tags = self._tags({"Name": name})
        if given:
            allocation: pulumi.Input[str] = given[zone]
        else:
            eip = self._add("eips", name, subnet, {"tags": tags}, "allocationId")
            allocation = eip.output("allocationId")
        inputs = {"subnetId": subnet.id, "allocationId": allocation, "tags": tags}
        self._add("natGateways", name, subnet, inputs)

    def _create_route(self, spec: Subnet, table: Child, zone: int) -> None:
        route = {"routeTableId": table.id, "destinationCidrBlock": _EVERYWHERE}
        if spec.type == "Public":
            self._add("routes", spec.name, table, {**route, "gatewayId": self._gateway.id})
        elif spec.type == "Private" and self._strategy != "None":
            nat = self._made["natGateways"][0 if self._strategy == "Single" else zone]
            self._add("routes", spec.name, table, {**route, "natGatewayId": nat.id})

    def _create_endpoints(self) -> None:
        for index, spec in enumerate(self._args.get("vpcEndpointSpecs") or []):
            for key in spec.keys() - {*_ENDPOINT, "tags"}:
                reason = "is not modelled by the sandbox"
                refuse(self._name_, f"vpcEndpointSpecs[{index}].{key}", reason)
            inputs = {key: spec.get(key) for key in _ENDPOINT}
            if self._args.get("vpcEndpointStrategy") == "Auto":
                inputs |= self._filled_in(spec)
            inputs |= {"vpcId": self._vpc.id, "tags": self._tags(spec.get("tags") or {})}
            self._add("vpcEndpoints", spec["serviceName"], self._vpc, inputs)

    def _filled_in(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """What the strategy Auto adds where it is omitted: route tables, or private subnets."""
        type_ = spec.get("vpcEndpointType") or "Gateway"
        if type_ == "Gateway" and not spec.get("routeTableIds"):
            return {"routeTableIds": [table.id for table in self._made["routeTables"]]}
        if type_ == "Interface" and not spec.get("subnetIds"):
            return {"subnetIds": self._ids["private"] or self._ids["isolated"]}
        return {}

    def _tags(self, own: Mapping[str, Any] | None = None) -> pulumi.Output[dict[str, Any]]:
        named = {"Name": self._name_}
        return pulumi.Output.all(tags=self._args.get("tags"), own=own or {}).apply(
            lambda given: {**named, **(given["tags"] or {}), **given["own"]}
        )

    def _add(
        self, kind: str, name: str, parent: Child, inputs: Mapping[str, Any], *outputs: str
    ) -> Child:
        child = Child(_COLLECTIONS[kind], name, inputs, outputs, _after(parent))
        self._made[kind].append(child)
        return child

    def _outputs(self, specs: Sequence[Spec]) -> dict[str, Any]:
        by_type = {
            kind: [s for s, id_ in zip(self._made["subnets"], self._all_ids(), strict=True)
                   if any(id_ is other for other in ids)]
            for kind, ids in self._ids.items()
        }  # fmt: skip
        return {
            **self._made,
            **{f"{kind}SubnetIds": ids for kind, ids in self._ids.items()},
            **{f"{kind}Subnets": found for kind, found in by_type.items()},
            "internetGateway": self._gateway,
            "subnetLayout": [_resolved(spec) for spec in specs],
            "vpc": self._vpc,
            "vpcId": self._vpc.id,
        }

    def _all_ids(self) -> list[pulumi.Output[str]]:
        return [subnet.id for subnet in self._made["subnets"]]


_COLLECTIONS = {
    "subnets": "aws:ec2/subnet:Subnet",
    "routeTables": "aws:ec2/routeTable:RouteTable",
    "routeTableAssociations": "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "routes": "aws:ec2/route:Route",
    "natGateways": "aws:ec2/natGateway:NatGateway",
    "eips": "aws:ec2/eip:Eip",
    "vpcEndpoints": "aws:ec2/vpcEndpoint:VpcEndpoint",
}


def _aws_version() -> str:
    import importlib.metadata  # noqa: PLC0415 - slow, and seldom needed

    return importlib.metadata.version("pulumi_aws")


def _checked(name: str, args: Mapping[str, Any]) -> str:
    """Refuse what isn't modelled; returns the NAT strategy."""
    for key in sorted(args.keys() - _MODELLED):
        if args[key] is not None:
            refuse(name, key, "is not modelled by the sandbox's stand-in for awsx:ec2:Vpc")
    if args.get("availabilityZoneNames") and args.get("numberOfAvailabilityZones"):
        refuse(name, "numberOfAvailabilityZones", "can't be given with availabilityZoneNames")
    if args.get("subnetStrategy", "Legacy") not in {"Auto", "Exact"}:
        refuse(name, "subnetStrategy", "must be Auto: the older layouts are not modelled")
    strategy = (args.get("natGateways") or {}).get("strategy", "OnePerAz")
    if strategy not in _NAT_STRATEGIES:
        refuse(name, "natGateways.strategy", f"must be one of {', '.join(_NAT_STRATEGIES)}")
    return str(strategy)


def _resolved(spec: Spec) -> dict[str, Any]:
    resolved: dict[str, Any] = {"type": spec.type}
    if spec.blocks:
        resolved["cidrBlocks"] = list(spec.blocks)
    else:
        resolved |= {"cidrMask": spec.mask, "size": 2 ** (32 - (spec.mask or 32))}
    return resolved | ({"name": spec.name} if spec.name else {})


def _under(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=parent)


def _after(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=parent, depends_on=[parent])
