"""Tasks of a stack share neither roles nor ways in."""

from tests.policies.cases.case import AboutStack, Case, Json, one
from tests.policies.protocol import UNKNOWN, StackResource

TASK = "aws:ecs/taskDefinition:TaskDefinition"
ROLE = "aws:iam/role:Role"
SERVICE = "aws:ecs/service:Service"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def family(name: str, role: str, arn: object = UNKNOWN) -> StackResource:
    return one(TASK, name, {"taskRoleArn": [role]}, family=name, taskRoleArn=arn)


def attached(service: str, *groups: str, ids: object = UNKNOWN) -> StackResource:
    network = {"subnets": ["subnet-1"], "securityGroups": ids}
    return one(SERVICE, service, {"networkConfiguration": groups}, networkConfiguration=network)


def group_rule(name: str, group: str, **properties: Json) -> StackResource:
    return one(INGRESS, name, {"securityGroupId": [group]}, securityGroupId=UNKNOWN, **properties)


SG = one(GROUP, "group", computed=["id"], description="group")

ABOUT = [
    AboutStack("task-role-unshared")
    .passes(
        {
            "a role each": [
                one(ROLE, "r1"),
                one(ROLE, "r2"),
                family("web", "r1"),
                family("api", "r2"),
            ],
            "two definitions of one family": [
                one(ROLE, "r1"),
                family("web", "r1"),
                one(TASK, "web2", {"taskRoleArn": ["r1"]}, family="web", taskRoleArn=UNKNOWN),
            ],
            "no roles": [one(TASK, "web", family="web"), one(TASK, "api", family="api")],
        }
    )
    .fails(
        {
            "a role for two": [one(ROLE, "r1"), family("web", "r1"), family("api", "r1")],
            "two without a family": [
                one(ROLE, "r1"),
                one(TASK, "web", {"taskRoleArn": ["r1"]}, taskRoleArn=UNKNOWN),
                one(TASK, "api", {"taskRoleArn": ["r1"]}, taskRoleArn=UNKNOWN),
            ],
            "a role by ARN": [
                one(TASK, "web", family="web", taskRoleArn="arn:aws:iam::1:role/a"),
                one(TASK, "api", family="api", taskRoleArn="arn:aws:iam::1:role/a"),
            ],
            "one refers and one writes the ARN": [
                one(ROLE, "r1", arn="arn:aws:iam::1:role/a"),
                family("web", "r1"),
                one(TASK, "api", family="api", taskRoleArn="arn:aws:iam::1:role/a"),
            ],
        }
    )
    .undecided(
        {
            "nothing known": [one(TASK, "web")],
            "an unknown role": [one(TASK, "web", family="web", taskRoleArn=UNKNOWN)],
        }
    ),
    AboutStack("task-sg-from-alb")
    .passes(
        {
            "from a group": [
                SG,
                attached("web", "group"),
                group_rule("in", "group", referencedSecurityGroupId=UNKNOWN),
            ],
            "addresses of another group": [
                SG,
                one(GROUP, "balancer-group"),
                attached("web", "group"),
                group_rule("in", "balancer-group", cidrIpv4="0.0.0.0/0"),
            ],
            "inline from a group": [
                one(GROUP, "group", ingress=[{"securityGroups": ["sg-1"], "cidrBlocks": []}]),
                attached("web", "group"),
            ],
            "what AWS reports later": [
                one(GROUP, "group", computed=["ingress", "id"], description="group"),
                attached("web", "group"),
            ],
            "addresses on the way out": [
                SG,
                attached("web", "group"),
                one(
                    GROUP_RULE,
                    "out",
                    {"securityGroupId": ["group"]},
                    type="egress",
                    cidrBlocks=["0.0.0.0/0"],
                ),
            ],
        }
    )
    .fails(
        {
            "from addresses": [
                SG,
                attached("web", "group"),
                group_rule("in", "group", cidrIpv4="10.0.0.0/16"),
            ],
            "from new addresses": [
                SG,
                attached("web", "group"),
                group_rule("in", "group", cidrIpv6="::/0"),
            ],
            "from unknown addresses": [
                SG,
                attached("web", "group"),
                group_rule("in", "group", cidrIpv4=UNKNOWN),
            ],
            "from a prefix list": [
                SG,
                attached("web", "group"),
                group_rule("in", "group", prefixListId="pl-1"),
            ],
            "inline": [
                one(GROUP, "group", ingress=[{"cidrBlocks": ["10.0.0.0/16"]}]),
                attached("web", "group"),
            ],
            "by an older rule": [
                SG,
                attached("web", "group"),
                one(
                    GROUP_RULE,
                    "in",
                    {"securityGroupId": ["group"]},
                    type="ingress",
                    cidrBlocks=["10.0.0.0/16"],
                ),
            ],
            "by ids": [
                one(GROUP, "group", id="sg-1"),
                one(SERVICE, "web", networkConfiguration={"securityGroups": ["sg-1"]}),
                one(INGRESS, "in", securityGroupId="sg-1", cidrIpv4="10.0.0.0/16"),
            ],
        }
    )
    .undecided(
        {
            "nothing known": [
                SG,
                attached("web", "group"),
                one(INGRESS, "in", {"securityGroupId": ["group"]}),
            ]
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
