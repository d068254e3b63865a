"""What leads to tasks: the security groups that theirs admit, and what these admit."""

from tests.policies.cases.case import AboutStack, Case, Json, one
from tests.policies.protocol import UNKNOWN, StackResource

SERVICE = "aws:ecs/service:Service"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE = "aws:scheduler/schedule:Schedule"
PIPE = "aws:pipes/pipe:Pipe"
ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
POD_GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def empty(name: str) -> StackResource:
    """Return a group that opens nothing itself."""
    return one(GROUP, name, computed=["id"], description=name)


def attached(service: str, *groups: str, ids: object = UNKNOWN) -> StackResource:
    network = {"subnets": ["subnet-1"], "securityGroups": ids}
    return one(SERVICE, service, {"networkConfiguration": groups}, networkConfiguration=network)


def group_rule(name: str, group: str, **properties: Json) -> StackResource:
    return one(INGRESS, name, {"securityGroupId": [group]}, securityGroupId=UNKNOWN, **properties)


def from_group(name: str, group: str, source: str) -> StackResource:
    """Return a rule of `group` that admits the group `source`."""
    refers = {"securityGroupId": [group], "referencedSecurityGroupId": [source]}
    unknown = {"securityGroupId": UNKNOWN, "referencedSecurityGroupId": UNKNOWN}
    return one(INGRESS, name, refers, **unknown)


def balancer(kind: str, group: str) -> StackResource:
    return one(kind, "balancer", {"securityGroups": [group]}, securityGroups=UNKNOWN)


def job(kind: str, group: str) -> StackResource:
    """Return what starts tasks that carry a group."""
    network: Json = {"subnets": ["subnet-1"], "securityGroups": UNKNOWN}
    properties: dict[str, Json] = {
        EVENT_TARGET: {"ecsTarget": {"networkConfiguration": network}},
        SCHEDULE: {"target": {"ecsParameters": {"networkConfiguration": network}}},
        PIPE: {"targetParameters": {"ecsTaskParameters": {"networkConfiguration": network}}},
        ENVIRONMENT: {"computeResources": {"subnets": ["subnet-1"], "securityGroupIds": UNKNOWN}},
        POD_GROUPS: {"spec": {"securityGroups": {"groupIds": [UNKNOWN]}}},
    }[kind]
    return one(kind, "job", {key: [group] for key in properties}, **properties)


COMPUTE_ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
EXPRESS_SERVICE = "aws:ecs/expressGatewayService:ExpressGatewayService"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
POD_GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
PIPED = {"networkConfiguration": {"awsVpcConfiguration": {"subnets": ["subnet-1"]}}}


def carrying(kind: str, group: str, key: str, value: Json) -> StackResource:
    """Return something else whose tasks or pods carry a group."""
    return one(kind, "it", {key: [group]}, **{key: value})


SG = empty("group")
OPEN = (empty("open"), group_rule("clients", "open", cidrIpv4="10.0.0.0/16"))
WORKER = (empty("worker"), attached("worker-service", "worker"))

ABOUT = (
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
                empty("balancer-group"),
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
            **{
                title: [
                    SG,
                    empty("balancer-group"),
                    balancer(f"aws:{module}/loadBalancer:LoadBalancer", "balancer-group"),
                    attached("web", "group"),
                    from_group("in", "group", "balancer-group"),
                    group_rule("world", "balancer-group", cidrIpv4="0.0.0.0/0"),
                ]
                for title, module in {
                    "from a load balancer's group": "lb",
                    "from a load balancer's group under its other name": "alb",
                }.items()
            },
            "from a caller that addresses don't reach": [
                SG,
                *WORKER,
                empty("balancer-group"),
                balancer("aws:lb/loadBalancer:LoadBalancer", "balancer-group"),
                attached("web", "group"),
                from_group("in", "group", "worker"),
                from_group("in2", "worker", "balancer-group"),
                group_rule("world", "balancer-group", cidrIpv4="0.0.0.0/0"),
            ],
            "from a closed group and from itself": [
                SG,
                one(GROUP, "closed", ingress=[{"self": True}]),
                attached("web", "group"),
                from_group("in", "group", "closed"),
                from_group("self", "group", "group"),
            ],
            "in a circle": [
                SG,
                empty("a"),
                empty("b"),
                attached("web", "group"),
                from_group("in", "group", "a"),
                from_group("in2", "a", "b"),
                from_group("in3", "b", "a"),
                from_group("in4", "b", "group"),
            ],
            "from a group of another stack": [
                SG,
                attached("web", "group"),
                group_rule("in", "group", referencedSecurityGroupId="sg-0123456789abcdef0"),
            ],
            "to an open group": [
                SG,
                *OPEN,
                attached("web", "group"),
                one(
                    GROUP_RULE,
                    "out",
                    {"securityGroupId": ["group"], "sourceSecurityGroupId": ["open"]},
                    type="egress",
                    sourceSecurityGroupId=UNKNOWN,
                ),
            ],
            "a job that nobody reaches": [SG, job(SCHEDULE, "group")],
            "pods that nobody reaches": [
                SG,
                one(POD_GROUPS, "pods", {"spec": ["group"]}, spec={"securityGroups": UNKNOWN}),
            ],
            "groups that aren't known yet": [attached("web")],
            "a network that isn't known yet": [
                one(SERVICE, "web", networkConfiguration=UNKNOWN, desiredCount=1)
            ],
            "no network at all": [one(SERVICE, "web", desiredCount=1)],
            "a rule that starts no task": [one(EVENT_TARGET, "rule", roleArn=UNKNOWN)],
            "a job of Batch that nobody reaches": [SG, job(ENVIRONMENT, "group")],
            "pods from a load balancer's group": [
                SG,
                empty("balancer-group"),
                balancer("aws:lb/loadBalancer:LoadBalancer", "balancer-group"),
                job(POD_GROUPS, "group"),
                from_group("in", "group", "balancer-group"),
                group_rule("world", "balancer-group", cidrIpv4="0.0.0.0/0"),
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
            "from a group that addresses reach": [
                SG,
                *OPEN,
                attached("web", "group"),
                from_group("in", "group", "open"),
                from_group("more", "open", "group"),
            ],
            "from a group that a prefix list reaches": [
                SG,
                empty("open"),
                group_rule("list", "open", prefixListId="pl-1"),
                attached("web", "group"),
                from_group("in", "group", "open"),
            ],
            "by an older rule from a group that addresses reach": [
                SG,
                *OPEN,
                attached("web", "group"),
                one(
                    GROUP_RULE,
                    "in",
                    {"securityGroupId": ["group"], "sourceSecurityGroupId": ["open"]},
                    type="ingress",
                    sourceSecurityGroupId=UNKNOWN,
                ),
            ],
            "inline from a group that addresses reach": [
                one(
                    GROUP,
                    "group",
                    {"ingress": ["open"]},
                    ingress=[{"securityGroups": [UNKNOWN], "cidrBlocks": []}],
                ),
                *OPEN,
                attached("web", "group"),
            ],
            "by ids from a group that addresses reach": [
                one(GROUP, "group", id="sg-1", ingress=[{"securityGroups": ["sg-2"]}]),
                one(GROUP, "open", id="sg-2", ingress=[{"cidrBlocks": ["10.0.0.0/16"]}]),
                attached("web", "group"),
            ],
            "by the default group": [
                one(
                    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
                    "group",
                    {"ingress": ["open"]},
                    ingress=[{"securityGroups": [UNKNOWN], "cidrBlocks": []}],
                ),
                *OPEN,
                attached("web", "group"),
            ],
            "by three groups": [
                SG,
                *OPEN,
                empty("a"),
                empty("b"),
                attached("web", "group"),
                from_group("in", "group", "a"),
                from_group("in2", "a", "b"),
                from_group("back", "b", "a"),
                from_group("in3", "b", "open"),
            ],
            **{
                f"from addresses to the job of a {kind.rpartition(':')[2]}": [
                    SG,
                    job(kind, "group"),
                    group_rule("in", "group", cidrIpv4="10.0.0.0/16"),
                ]
                for kind in (EVENT_TARGET, SCHEDULE, PIPE, ENVIRONMENT, POD_GROUPS)
            },
            **{
                f"from addresses to what a {kind.rpartition(':')[2]} runs": [
                    SG,
                    carrying(kind, "group", key, value),
                    group_rule("in", "group", cidrIpv4="10.0.0.0/16"),
                ]
                for kind, key, value in (
                    (COMPUTE_ENVIRONMENT, "computeResources", {"securityGroupIds": [UNKNOWN]}),
                    (STATE_MACHINE, "definition", UNKNOWN),
                    (EXPRESS_SERVICE, "networkConfigurations", [{"securityGroups": [UNKNOWN]}]),
                    (POD_GROUPS, "spec", {"securityGroups": {"groupIds": [UNKNOWN]}}),
                )
            },
            "pods' group from a group that addresses reach": [
                SG,
                *OPEN,
                one(POD_GROUPS, "pods", {"spec": ["group"]}, spec={"securityGroups": UNKNOWN}),
                from_group("in", "group", "open"),
            ],
            "no group": [one(SERVICE, "web", networkConfiguration={"subnets": ["subnet-1"]})],
            "no group in a list": [
                one(
                    SERVICE,
                    "web",
                    networkConfiguration={"subnets": ["subnet-1"], "securityGroups": []},
                )
            ],
            "no group for a job": [
                one(PIPE, "job", targetParameters={"ecsTaskParameters": PIPED}),
            ],
            "pods from a group that addresses reach": [
                SG,
                *OPEN,
                job(POD_GROUPS, "group"),
                from_group("in", "group", "open"),
            ],
            "a job's group from a group that addresses reach": [
                SG,
                *OPEN,
                job(SCHEDULE, "group"),
                from_group("in", "group", "open"),
            ],
        }
    )
    .undecided(
        {
            "nothing known": [
                SG,
                attached("web", "group"),
                one(INGRESS, "in", {"securityGroupId": ["group"]}),
            ],
            "nothing known of a group on the way": [
                SG,
                empty("other"),
                attached("web", "group"),
                from_group("in", "group", "other"),
                one(INGRESS, "unknown", {"securityGroupId": ["other"]}),
            ],
        }
    )
)

CASES: list[Case] = ABOUT.cases
