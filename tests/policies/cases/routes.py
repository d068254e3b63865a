"""Networks: where subnets lead to, who runs in them, and what records and closes a VPC."""

from tests.policies.cases.case import AboutStack, Case, Json, one
from tests.policies.protocol import UNKNOWN, StackResource

SERVICE = "aws:ecs/service:Service"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
SUBNET = "aws:ec2/subnet:Subnet"
DEFAULT_SUBNET = "aws:ec2/defaultSubnet:DefaultSubnet"
TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
COMPUTE_ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
EXPRESS_SERVICE = "aws:ecs/expressGatewayService:ExpressGatewayService"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"

VPC = one("aws:ec2/vpc:Vpc", "vpc", computed=["id", "defaultRouteTableId"], cidrBlock="10.0.0.0/16")
INTERNET = one(
    "aws:ec2/internetGateway:InternetGateway", "internet", {"vpcId": ["vpc"]}, id=UNKNOWN
)
VPN = one("aws:ec2/vpnGateway:VpnGateway", "vpn", {"vpcId": ["vpc"]}, id=UNKNOWN)
NAT = one("aws:ec2/natGateway:NatGateway", "nat", id=UNKNOWN, subnetId="subnet-1")


def joined(table: str) -> StackResource:
    """Return the association of the subnet with a table."""
    refers = {"subnetId": ["subnet"], "routeTableId": [table]}
    return one(ASSOCIATION, "joined", refers, subnetId=UNKNOWN, routeTableId=UNKNOWN)


JOINED = joined("table")
NETWORK = [VPC, INTERNET, one(SUBNET, "subnet", {"vpcId": ["vpc"]}, vpcId=UNKNOWN), JOINED]
IDS = {"subnets": [UNKNOWN]}
WEB = one(SERVICE, "web", {"networkConfiguration": ["subnet"]}, networkConfiguration=IDS)


def vpc_with(key: str) -> StackResource:
    """Return a VPC that says which table is its own."""
    properties: Json = {"id": "vpc-1", key: "rtb-1"}
    return one("aws:ec2/vpc:Vpc", "vpc", **properties)


def table(**properties: Json) -> StackResource:
    return one(TABLE, "table", {"vpcId": ["vpc"]}, vpcId=UNKNOWN, **properties)


def table_to(gateway: str, **route: object) -> StackResource:
    """Return a table with a route that is written in it."""
    return one(TABLE, "table", {"routes": [gateway]}, routes=[route])


def route(
    to: str, key: str = "gatewayId", value: object = UNKNOWN, *, table: str = "table"
) -> StackResource:
    """Return a route of the table to a gateway of the stack."""
    properties: Json = {"routeTableId": UNKNOWN, "destinationCidrBlock": "0.0.0.0/0", key: value}
    return one(ROUTE, "route", {"routeTableId": [table], key: [to]}, **properties)


def target(kind: str, key: str, **configuration: object) -> StackResource:
    """Return something else that starts tasks in the subnet."""
    properties: Json = {key: configuration}
    return one(kind, "nightly", {key: ["subnet"]}, **properties)


def profile(*namespaces: object, **properties: Json) -> StackResource:
    """Return a Fargate profile for pods of these namespaces in the subnet."""
    selectors = [{"namespace": namespace} for namespace in namespaces]
    given = {"selectors": selectors, "subnetIds": [UNKNOWN], **properties}
    return one(PROFILE, "profile", {"subnetIds": ["subnet"]}, **given)


def closed(**properties: Json) -> StackResource:
    """Return the default security group of the VPC, closed but for `properties`."""
    given = {"ingress": [], "egress": [], "vpcId": UNKNOWN, "id": UNKNOWN, **properties}
    return one(DEFAULT_GROUP, "default-group", {"vpcId": ["vpc"]}, **given)


def rule_of_default_group(kind: str) -> StackResource:
    return one(kind, "rule", {"securityGroupId": ["default-group"]}, securityGroupId=UNKNOWN)


RECORDED = one(FLOW_LOG, "flows", {"vpcId": ["vpc"]}, vpcId=UNKNOWN, trafficType="ALL")

ABOUT = [
    AboutStack("tasks-private")
    .passes(
        {
            "a table without routes": [*NETWORK, table(), WEB],
            "by a NAT gateway": [*NETWORK, NAT, table(), route("nat", "natGatewayId"), WEB],
            "by a NAT gateway, inline": [
                *NETWORK,
                NAT,
                table_to("nat", cidrBlock="0.0.0.0/0", natGatewayId=UNKNOWN),
                WEB,
            ],
            "to a VPN": [*NETWORK, VPN, table(), route("vpn"), WEB],
            "to a VPN by its id": [*NETWORK, table(), route("", value="vgw-1"), WEB],
            "out only, by the new protocol": [
                *NETWORK,
                table(),
                route("", "egressOnlyGatewayId"),
                WEB,
            ],
            "the subnet of somebody else": [
                *NETWORK,
                table(),
                route("internet"),
                one(SERVICE, "web", networkConfiguration={"subnets": ["subnet-9"]}),
            ],
            "another route of somebody else": [
                one("aws:ec2/vpc:Vpc", "vpc", id="vpc-1", mainRouteTableId="rtb-1"),
                one(SUBNET, "subnet", id="subnet-1", vpcId="vpc-1"),
                one(ROUTE, "route", {"routeTableId": ["other"]}, gatewayId="igw-1"),
                one(TABLE, "other", {"vpcId": ["vpc"]}, vpcId=UNKNOWN),
                one(SERVICE, "web", networkConfiguration={"subnets": ["subnet-1"]}),
            ],
            "jobs in the subnet of somebody else": [
                one(COMPUTE_ENVIRONMENT, "jobs", computeResources={"subnets": ["subnet-9"]})
            ],
            "a table of somebody else": [
                *NETWORK[:-1],
                one(ASSOCIATION, "joined", {"subnetId": ["subnet"]}, routeTableId="rtb-1"),
                WEB,
            ],
            "the main table, which leads nowhere": [*NETWORK[:-1], WEB],
            "the main table, while a public one is there": [
                *NETWORK[:-1],
                table(),
                route("internet"),
                WEB,
            ],
            "a default subnet with a table of its own": [
                VPC,
                one(DEFAULT_SUBNET, "subnet", id=UNKNOWN),
                JOINED,
                table(),
                WEB,
            ],
            "a NAT gateway for the table that the VPC came with": [
                *NETWORK[:-1],
                NAT,
                route("nat", "natGatewayId", table="vpc"),
                WEB,
            ],
            "a route of that table, while the subnet has another": [
                *NETWORK,
                table(),
                route("internet", table="vpc"),
                WEB,
            ],
            "jobs by a NAT gateway": [
                *NETWORK,
                NAT,
                table(),
                route("nat", "natGatewayId"),
                target(COMPUTE_ENVIRONMENT, "computeResources", **IDS),
            ],
            "a state machine that names no subnet": [
                *NETWORK,
                one(STATE_MACHINE, "m", definition="{}"),
            ],
            "an unknown state machine": [*NETWORK, one(STATE_MACHINE, "m", definition=UNKNOWN)],
            "what AWS reports later": [
                *NETWORK,
                one(TABLE, "table", {"vpcId": ["vpc"]}, computed=["routes", "id"], vpcId=UNKNOWN),
                WEB,
            ],
            "a job of Batch by a NAT gateway": [
                *NETWORK,
                NAT,
                table(),
                route("nat", "natGatewayId"),
                target(ENVIRONMENT, "computeResources", **IDS),
            ],
            "a rule that starts no tasks": [
                one("aws:cloudwatch/eventTarget:EventTarget", "target", arn=UNKNOWN)
            ],
        }
    )
    .fails(
        {
            "a job of Batch": [
                *NETWORK,
                table(),
                route("internet"),
                target(ENVIRONMENT, "computeResources", **IDS),
            ],
            "a route": [*NETWORK, table(), route("internet"), WEB],
            "a route by ids": [
                one(SUBNET, "subnet", id="subnet-1"),
                one(ASSOCIATION, "joined", subnetId="subnet-1", routeTableId="rtb-1"),
                one(TABLE, "table", id="rtb-1"),
                one(ROUTE, "route", routeTableId="rtb-1", gatewayId="igw-1"),
                one(SERVICE, "web", networkConfiguration={"subnets": ["subnet-1"]}),
            ],
            "a route in the table": [
                *NETWORK,
                table_to("internet", cidrBlock="0.0.0.0/0", gatewayId=UNKNOWN),
                WEB,
            ],
            "a route in the table by id": [
                *NETWORK,
                table_to("", cidrBlock="0.0.0.0/0", gatewayId="igw-1"),
                WEB,
            ],
            "a route for a part of the internet": [
                *NETWORK,
                table(),
                one(
                    ROUTE,
                    "route",
                    {"routeTableId": ["table"], "gatewayId": ["internet"]},
                    destinationCidrBlock="203.0.113.0/24",
                ),
                WEB,
            ],
            "one of two subnets": [
                *NETWORK,
                table(),
                route("internet"),
                one(SUBNET, "private", {"vpcId": ["vpc"]}, vpcId=UNKNOWN),
                one(
                    SERVICE,
                    "web",
                    {"networkConfiguration": ["private", "subnet"]},
                    networkConfiguration=IDS,
                ),
            ],
            "the main table": [
                *NETWORK[:-1],
                table(),
                route("internet"),
                one(
                    MAIN,
                    "main",
                    {"vpcId": ["vpc"], "routeTableId": ["table"]},
                    vpcId=UNKNOWN,
                    routeTableId=UNKNOWN,
                ),
                WEB,
            ],
            "the table that the VPC came with": [
                *NETWORK[:-1],
                one(
                    DEFAULT_TABLE,
                    "default",
                    {"defaultRouteTableId": ["vpc"], "routes": ["internet"]},
                    routes=[{"gatewayId": UNKNOWN}],
                ),
                WEB,
            ],
            "the table that the VPC came with, by an association": [
                *NETWORK,
                one(
                    DEFAULT_TABLE,
                    "table",
                    {"defaultRouteTableId": ["vpc"], "routes": ["internet"]},
                    routes=[{"gatewayId": UNKNOWN}],
                ),
                WEB,
            ],
            "a route by ids, in a table of somebody else": [
                one(SUBNET, "subnet", id="subnet-1"),
                one(ASSOCIATION, "joined", subnetId="subnet-1", routeTableId="rtb-1"),
                one(ROUTE, "route", routeTableId="rtb-1", gatewayId="igw-1"),
                one(SERVICE, "web", networkConfiguration={"subnets": ["subnet-1"]}),
            ],
            **{
                f"a route by ids, in what the VPC has as its {key}": [
                    vpc_with(key),
                    one(SUBNET, "subnet", id="subnet-1", vpcId="vpc-1"),
                    one(ROUTE, "route", routeTableId="rtb-1", gatewayId="igw-1"),
                    one(SERVICE, "web", networkConfiguration={"subnets": ["subnet-1"]}),
                ]
                for key in ("mainRouteTableId", "defaultRouteTableId")
            },
            "the table that the VPC came with, by the VPC's output": [
                *NETWORK[:-1],
                route("internet", table="vpc"),
                WEB,
            ],
            "that table, which is the stack's too": [
                *NETWORK[:-1],
                one(DEFAULT_TABLE, "default", {"defaultRouteTableId": ["vpc"]}, routes=[]),
                route("internet", table="vpc"),
                WEB,
            ],
            "an association with that table": [
                *NETWORK[:-1],
                joined("vpc"),
                route("internet", table="vpc"),
                WEB,
            ],
            "an association with that table, which is the stack's": [
                *NETWORK[:-1],
                joined("vpc"),
                one(
                    DEFAULT_TABLE,
                    "default",
                    {"defaultRouteTableId": ["vpc"], "routes": ["internet"]},
                    routes=[{"gatewayId": UNKNOWN}],
                ),
                WEB,
            ],
            "a default subnet": [one(DEFAULT_SUBNET, "subnet", id=UNKNOWN), WEB],
            "a pipe": [
                *NETWORK,
                table(),
                route("internet"),
                target(
                    "aws:pipes/pipe:Pipe",
                    "targetParameters",
                    ecsTaskParameters={"networkConfiguration": {"awsVpcConfiguration": IDS}},
                ),
            ],
            "jobs": [
                *NETWORK,
                table(),
                route("internet"),
                target(COMPUTE_ENVIRONMENT, "computeResources", **IDS),
            ],
            "a state machine": [
                *NETWORK,
                table(),
                route("internet"),
                one(STATE_MACHINE, "m", {"definition": ["subnet"]}, definition=UNKNOWN),
            ],
            "a service of Express Mode": [
                *NETWORK,
                table(),
                route("internet"),
                one(
                    EXPRESS_SERVICE,
                    "web",
                    {"networkConfigurations": ["subnet"]},
                    networkConfigurations=[IDS],
                ),
            ],
            "a task set": [
                *NETWORK,
                table(),
                route("internet"),
                target("aws:ecs/taskSet:TaskSet", "networkConfiguration", **IDS),
            ],
            "a rule": [
                *NETWORK,
                table(),
                route("internet"),
                target(
                    "aws:cloudwatch/eventTarget:EventTarget", "ecsTarget", networkConfiguration=IDS
                ),
            ],
            "a schedule": [
                *NETWORK,
                table(),
                route("internet"),
                target(
                    "aws:scheduler/schedule:Schedule",
                    "target",
                    ecsParameters={"networkConfiguration": IDS},
                ),
            ],
        }
    )
    .undecided(
        {
            "nothing known": [one(SERVICE, "web")],
            "unknown subnets": [one(SERVICE, "web", networkConfiguration={"subnets": UNKNOWN})],
            "an unknown subnet": [one(SERVICE, "web", networkConfiguration=IDS)],
            "unknown subnets of jobs": [
                one(COMPUTE_ENVIRONMENT, "jobs", computeResources={"subnets": [UNKNOWN]})
            ],
            "unknown subnets of a service of Express Mode": [
                one(EXPRESS_SERVICE, "web", networkConfigurations=UNKNOWN)
            ],
            "an unknown gateway": [*NETWORK, table(), route("", value=UNKNOWN), WEB],
            "unknown routes": [*NETWORK, one(TABLE, "table", routes=UNKNOWN), WEB],
            "an unknown gateway in the table": [*NETWORK, table_to("", gatewayId=UNKNOWN), WEB],
            "an unknown table": [
                *NETWORK[:-1],
                one(ASSOCIATION, "joined", {"subnetId": ["subnet"]}, routeTableId=UNKNOWN),
                WEB,
            ],
        }
    ),
    AboutStack("eks-profile")
    .passes(
        {
            "a namespace": [*NETWORK, table(), profile("shop")],
            "namespaces that begin alike": [*NETWORK, table(), profile("kube-system", "team-?-*")],
            "a namespace that begins like the default one": [
                *NETWORK,
                table(),
                profile("default-apps"),
            ],
            "the subnet of somebody else": [profile("shop", subnetIds=["subnet-9"])],
            "no selector": [*NETWORK, table(), profile()],
        }
    )
    .fails(
        {
            "every namespace": [*NETWORK, table(), profile("*")],
            "every namespace, spelled otherwise": [*NETWORK, table(), profile("?*")],
            "the default namespace": [*NETWORK, table(), profile("shop", "default")],
            "a pattern that matches the default namespace": [*NETWORK, table(), profile("def*")],
            "a route to the internet": [*NETWORK, table(), route("internet"), profile("shop")],
        }
    )
    .undecided(
        {
            "nothing known": [one(PROFILE, "profile")],
            "an unknown namespace": [*NETWORK, table(), profile(UNKNOWN)],
            "unknown selectors": [*NETWORK, table(), profile(selectors=UNKNOWN)],
            "unknown subnets": [profile("shop", subnetIds=UNKNOWN)],
            "an unknown subnet": [profile("shop", subnetIds=["subnet-9", UNKNOWN])],
            "unknown routes": [*NETWORK, table(routes=UNKNOWN), profile("shop")],
        }
    ),
    AboutStack("vpc-hygiene")
    .passes(
        {
            "recorded and closed": [VPC, RECORDED, closed()],
            "closed by leaving rules out": [
                VPC,
                RECORDED,
                one(
                    DEFAULT_GROUP,
                    "default-group",
                    {"vpcId": ["vpc"]},
                    computed=["ingress", "egress"],
                    vpcId=UNKNOWN,
                ),
            ],
            "by its id": [
                one("aws:ec2/vpc:Vpc", "vpc", id="vpc-1"),
                one(FLOW_LOG, "flows", vpcId="vpc-1"),
                one(DEFAULT_GROUP, "default-group", vpcId="vpc-1", ingress=[]),
            ],
        }
    )
    .fails(
        {
            "not recorded": [VPC, closed()],
            "only a subnet is recorded": [
                VPC,
                one(FLOW_LOG, "flows", {"subnetId": ["subnet"]}, subnetId=UNKNOWN),
                closed(),
            ],
            "the default group is left alone": [VPC, RECORDED],
            "the default group lets in": [VPC, RECORDED, closed(ingress=[{"self": True}])],
            "the default group lets out": [
                VPC,
                RECORDED,
                closed(egress=[{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]),
            ],
            **{
                f"the default group has a rule: {kind.rpartition(':')[2]}": [
                    VPC,
                    RECORDED,
                    closed(),
                    rule_of_default_group(kind),
                ]
                for kind in (
                    "aws:ec2/securityGroupRule:SecurityGroupRule",
                    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
                )
            },
            "a default VPC": [one("aws:ec2/defaultVpc:DefaultVpc", "vpc", id=UNKNOWN), RECORDED],
        }
    )
    .undecided({"unknown rules": [VPC, RECORDED, closed(ingress=UNKNOWN)]}),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
