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
    tables = [table for link in associations for table in _tables(stack, link)]
    if not associations:
        tables += _main_tables(stack, subnet)
    answers = [_table_leads(stack, table) for table in tables]
    answers += [_route_leads(stack, route) for route in _by_text(stack, [*associations, *tables])]
    unnamed = [link for link in associations if link.at("routeTableId").value is UNKNOWN]
    if any(not _tables(stack, link) for link in unnamed):
        answers.append(None)
    return any_of(answers)


def _main_tables(stack: Stack, subnet: Member) -> list[Member]:
    """Return the tables of a subnet without an association: what its VPC has as the main one."""
    return [
        table
        for vpc in stack.referred(subnet, "vpcId", VPCS)
        for table in (
            *_own_tables(stack, vpc),
            *(
                table
                for link in stack.referring(vpc, (_MAIN,), "vpcId", VPCS)
                for table in _tables(stack, link)
            ),
        )
    ]


def _tables(stack: Stack, link: Member) -> list[Member]:
    """Return the tables that a link names, by a VPC's output the one that the VPC came with."""
    return [
        table
        for named in stack.referred(link, "routeTableId", (*_TABLES, *VPCS))
        for table in (_own_tables(stack, named) if named.type in VPCS else [named])
    ]


def _own_tables(stack: Stack, vpc: Member) -> list[Member]:
    """Return what a VPC's own table is in a stack: the VPC, whose output routes may name, too."""
    return [vpc, *stack.referring(vpc, (_DEFAULT_TABLE,), "defaultRouteTableId", VPCS)]


def _table_leads(stack: Stack, table: Member) -> bool | None:
    inline = table.at("routes")
    if stack.referred(table, "routes", _GATEWAYS):
        return True
    answers: list[bool | None] = [None] if inline.value is UNKNOWN else []
    answers += [_leads(route.at("gatewayId")) for route in inline.items() if route.known]
    routes = stack.referring(table, (_ROUTE,), "routeTableId", (*_TABLES, *VPCS))
    return any_of([*answers, *(_route_leads(stack, route) for route in routes)])


def _by_text(stack: Stack, holders: list[Member]) -> list[Member]:
    """Return the routes of tables that aren't the stack's, but that something of it names."""
    routes = stack.with_text(_ROUTE, "routeTableId")
    keys = ("routeTableId", "mainRouteTableId", "defaultRouteTableId")
    names = {holder.at(key).text for holder in holders for key in keys} - {""}
    return [route for name in sorted(names) for route in routes.get(name, [])]


def _route_leads(stack: Stack, route: Member) -> bool | None:
    if stack.referred(route, "gatewayId", _GATEWAYS):
        return True
    if stack.referred(route, "gatewayId", _PRIVATE_GATEWAYS):
        return False
    return _leads(route.at("gatewayId"))


def _leads(gateway: Place) -> bool | None:
    return None if gateway.value is UNKNOWN else gateway.text.startswith("igw-")
