"""Where the subnets of a stack lead to."""

from typing import Final

from ..core.rule import Member, Stack
from ..core.values import UNKNOWN, Place
from .tags import any_of

DEFAULT_SUBNET: Final = "aws:ec2/defaultSubnet:DefaultSubnet"
SUBNETS: Final = ("aws:ec2/subnet:Subnet", DEFAULT_SUBNET)
VPCS: Final = ("aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc")

_GATEWAYS: Final = ("aws:ec2/internetGateway:InternetGateway",)
_PRIVATE_GATEWAYS: Final = ("aws:ec2/vpnGateway:VpnGateway",)
_DEFAULT_TABLE: Final = "aws:ec2/defaultRouteTable:DefaultRouteTable"
_TABLES: Final = ("aws:ec2/routeTable:RouteTable", _DEFAULT_TABLE)
_ROUTE: Final = "aws:ec2/route:Route"
_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_MAIN: Final = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"


def leads_to_internet(stack: Stack, subnet: Member) -> bool | None:
    """Whether a subnet has a route to an internet gateway; None if that isn't known yet.

    By the routes that the stack holds: a route table that isn't the stack's is taken as private.
    """
    associations = stack.referring(subnet, (_ASSOCIATION,), "subnetId", SUBNETS)
    if not associations and subnet.type == DEFAULT_SUBNET:
        return True  # AWS makes it so, with the default VPC.
    links = associations or _main_links(stack, subnet)
    answers = [_table_leads(stack, table) for link in links for table in _tables(stack, link)]
    unnamed = [link for link in associations if link.at("routeTableId").value is UNKNOWN]
    if any(not _tables(stack, link) for link in unnamed):
        answers.append(None)
    return any_of(answers)


def _main_links(stack: Stack, subnet: Member) -> list[Member]:
    """Return what says which table a subnet without an association has: its VPC's main one."""
    return [
        link
        for vpc in stack.referred(subnet, "vpcId", VPCS)
        for link in (
            *stack.referring(vpc, (_MAIN,), "vpcId", VPCS),
            *stack.referring(vpc, (_DEFAULT_TABLE,), "defaultRouteTableId", VPCS),
        )
    ]


def _tables(stack: Stack, link: Member) -> list[Member]:
    if link.type == _DEFAULT_TABLE:
        return [link]
    return stack.referred(link, "routeTableId", _TABLES)


def _table_leads(stack: Stack, table: Member) -> bool | None:
    inline = table.at("routes")
    if stack.referred(table, "routes", _GATEWAYS):
        return True
    answers: list[bool | None] = [None] if inline.value is UNKNOWN else []
    answers += [_leads(route.at("gatewayId")) for route in inline.items() if route.known]
    for route in stack.referring(table, (_ROUTE,), "routeTableId", _TABLES):
        if stack.referred(route, "gatewayId", _GATEWAYS):
            return True
        if not stack.referred(route, "gatewayId", _PRIVATE_GATEWAYS):
            answers.append(_leads(route.at("gatewayId")))
    return any_of(answers)


def _leads(gateway: Place) -> bool | None:
    return None if gateway.value is UNKNOWN else gateway.text.startswith("igw-")
