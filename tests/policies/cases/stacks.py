"""How the resources of a stack belong together."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.policies.cases.case import AboutStack, Case
from tests.policies.cases.resources import TLS_ONLY
from tests.policies.protocol import UNKNOWN, StackResource

TASK = "aws:ecs/taskDefinition:TaskDefinition"
ROLE = "aws:iam/role:Role"
SERVICE = "aws:ecs/service:Service"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
POD_GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
CLUSTER = "aws:eks/cluster:Cluster"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
REDRIVE_ALLOW = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"

Json = Any
Refers = Mapping[str, Sequence[str]]


def one(
    kind: str,
    name: str,
    refers: Refers | None = None,
    computed: Sequence[str] = (),
    **properties: Json,
) -> StackResource:
    """Return a resource of a stack; `computed` names what a preview leaves for AWS to choose."""
    for key in computed:
        properties.setdefault(key, UNKNOWN)
    return StackResource(kind, name, properties, refers or {}, computed)


def family(name: str, role: str, arn: object = UNKNOWN) -> StackResource:
    return one(TASK, name, {"taskRoleArn": [role]}, family=name, taskRoleArn=arn)


def attached(service: str, *groups: str, ids: object = UNKNOWN) -> StackResource:
    network = {"subnets": ["subnet-1"], "securityGroups": ids}
    return one(SERVICE, service, {"networkConfiguration": groups}, networkConfiguration=network)


def group_rule(name: str, group: str, **properties: Json) -> StackResource:
    return one(INGRESS, name, {"securityGroupId": [group]}, securityGroupId=UNKNOWN, **properties)


def listener(protocol: str = "HTTP", *, kind: str = "lb", **properties: Json) -> StackResource:
    return one(
        f"aws:{kind}/listener:Listener",
        "listener",
        {"loadBalancerArn": ["balancer"]},
        **{
            "protocol": protocol,
            "port": 80,
            "defaultActions": [{"type": "fixed-response"}],
            "loadBalancerArn": UNKNOWN,
            **properties,
        },
    )


def balancer(*, kind: str = "lb", **properties: Json) -> StackResource:
    return one(
        f"aws:{kind}/loadBalancer:LoadBalancer",
        "balancer",
        {"securityGroups": ["group"]},
        securityGroups=[UNKNOWN],
        **properties,
    )


def open_to(block: object, port: object = 80) -> StackResource:
    return group_rule("open", "group", cidrIpv4=block, ipProtocol="tcp", fromPort=port, toPort=port)


SG = one(GROUP, "group", computed=["id"], description="group")
TO_HTTPS = [{"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443"}}]
MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def rule_of_listener(**action: object) -> StackResource:
    return one(
        "aws:lb/listenerRule:ListenerRule",
        "rule",
        {"listenerArn": ["listener"]},
        listenerArn=UNKNOWN,
        actions=[action],
    )


def queue(name: str = "orders", **properties: Json) -> StackResource:
    return one(QUEUE, name, **{"sqsManagedSseEnabled": True, "redrivePolicy": "{}", **properties})


def tls_only(name: str = "orders", policy: object = TLS_ONLY) -> StackResource:
    return one(
        QUEUE_POLICY, f"{name}-policy", {"queueUrl": [name]}, queueUrl=UNKNOWN, policy=policy
    )


def without(key: str, value: object) -> str:
    """Return the policy that demands TLS, with one part of its statement changed."""
    document = json.loads(TLS_ONLY)
    document["Statement"][0][key] = value
    return json.dumps(document)


def workload(
    namespace: object = "shop", labels: object = None, name: str = "api", **spec: object
) -> StackResource:
    metadata: dict[str, Any] = {"labels": {"app": "api"} if labels is None else labels}
    return one(
        DEPLOYMENT,
        name,
        metadata={"namespace": namespace},
        spec={"template": {"metadata": metadata, "spec": spec}},
    )


def pod_groups(
    namespace: object = "shop", refers: Refers | None = None, ids: object = None, **spec: object
) -> StackResource:
    selector = spec or {"podSelector": {"matchLabels": {"app": "api"}}}
    return one(
        POD_GROUPS,
        "groups",
        refers,
        metadata={"namespace": namespace},
        spec={**selector, "securityGroups": {"groupIds": [UNKNOWN] if ids is None else ids}},
    )


def expression(operator: str, *values: str, key: str = "app") -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


def association(namespace: object = "shop", cluster: object = "main") -> StackResource:
    return one(ASSOCIATION, "association", namespace=namespace, clusterName=cluster)


def profile(*namespaces: object, cluster: object = "main") -> StackResource:
    return one(
        PROFILE,
        "profile",
        clusterName=cluster,
        selectors=[{"namespace": namespace} for namespace in namespaces],
    )


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
    AboutStack("alb-https")
    .passes(
        {
            "https": [listener("HTTPS", sslPolicy=MODERN), balancer(), SG, open_to("0.0.0.0/0")],
            "tls": [listener("TLS", sslPolicy="ELBSecurityPolicy-TLS13-1-3-2021-06")],
            "a redirect": [
                listener(defaultActions=TO_HTTPS),
                balancer(),
                SG,
                open_to("0.0.0.0/0"),
                rule_of_listener(**TO_HTTPS[0]),
            ],
            "http for named blocks": [listener(), balancer(), SG, open_to("203.0.113.0/24")],
            "http inside": [listener(), balancer(internal=True), SG, open_to("0.0.0.0/0")],
            "another port is open": [listener(), balancer(), SG, open_to("0.0.0.0/0", 443)],
            "port 80 is open, but not listened on": [
                listener(port=8080),
                balancer(),
                SG,
                open_to("0.0.0.0/0"),
            ],
            "what AWS reports later": [
                listener(),
                balancer(),
                one(GROUP, "group", computed=["ingress", "id"], description="group"),
                open_to("203.0.113.0/24"),
            ],
            "open to no port": [
                listener(),
                balancer(),
                SG,
                group_rule("open", "group", cidrIpv4="0.0.0.0/0", ipProtocol="tcp"),
            ],
            "unknown ports for another group": [
                listener(),
                balancer(),
                SG,
                group_rule("open", "group", ipProtocol="tcp", fromPort=UNKNOWN, toPort=UNKNOWN),
            ],
            "open to udp": [
                listener(),
                balancer(),
                SG,
                group_rule(
                    "open", "group", cidrIpv4="0.0.0.0/0", ipProtocol="udp", fromPort=80, toPort=80
                ),
            ],
            "not about the web": [listener("TCP"), balancer(), SG, open_to("0.0.0.0/0")],
        }
    )
    .fails(
        {
            "http for the world": [listener(), balancer(), SG, open_to("0.0.0.0/0")],
            "under the other token": [
                listener(kind="alb"),
                balancer(kind="alb"),
                SG,
                open_to("0.0.0.0/0"),
            ],
            "inline": [
                listener(),
                balancer(),
                one(GROUP, "group", ingress=[{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]),
            ],
            "inline, all protocols": [
                listener(),
                balancer(),
                one(GROUP, "group", ingress=[{"protocol": "all", "cidrBlocks": ["::/0"]}]),
            ],
            "a range of ports": [
                listener(),
                balancer(),
                SG,
                group_rule(
                    "open", "group", cidrIpv6="::/0", ipProtocol="tcp", fromPort=1, toPort=1024
                ),
            ],
            "a redirect to http": [
                listener(defaultActions=[{"type": "redirect", "redirect": {"protocol": "HTTP"}}]),
                balancer(),
                SG,
                open_to("0.0.0.0/0"),
            ],
            "a rule beside the redirect": [
                listener(defaultActions=TO_HTTPS),
                balancer(),
                SG,
                open_to("0.0.0.0/0"),
                rule_of_listener(type="forward"),
            ],
            "a load balancer elsewhere": [listener()],
            "no security group": [
                listener(),
                one("aws:lb/loadBalancer:LoadBalancer", "balancer", securityGroups=["sg-1"]),
            ],
            "an old policy": [listener("HTTPS", sslPolicy="ELBSecurityPolicy-2016-08")],
            "TLS 1.0": [listener("HTTPS", sslPolicy="ELBSecurityPolicy-TLS13-1-0-2021-06")],
            "the default policy": [listener("HTTPS")],
            "an old policy for TLS": [listener("TLS", sslPolicy="ELBSecurityPolicy-2016-08")],
            "no action": [listener(defaultActions=[]), balancer(), SG, open_to("0.0.0.0/0")],
            "not a redirect": [
                listener(defaultActions=[{**TO_HTTPS[0], "type": "forward"}]),
                balancer(),
                SG,
                open_to("0.0.0.0/0"),
            ],
            "another port": [listener(port=8080), balancer(), SG, open_to("0.0.0.0/0", 8080)],
            "port 80 by default": [listener(port=None), balancer(), SG, open_to("0.0.0.0/0")],
            "the world among others": [
                listener(),
                balancer(),
                one(
                    GROUP,
                    "group",
                    ingress=[{"protocol": "-1", "cidrBlocks": ["10.0.0.0/8", "0.0.0.0/0"]}],
                ),
            ],
        }
    )
    .undecided(
        {
            "unknown blocks": [listener(), balancer(), SG, open_to(UNKNOWN)],
            "an unknown block among others": [
                listener(),
                balancer(),
                one(
                    GROUP,
                    "group",
                    ingress=[{"protocol": "-1", "cidrBlocks": ["10.0.0.0/8", UNKNOWN]}],
                ),
            ],
            "nothing known": [
                one("aws:lb/listener:Listener", "listener", {"loadBalancerArn": ["balancer"]}),
            ],
            "nothing known of the group": [listener(), balancer(), one(GROUP, "group")],
            "an unknown port": [listener(), balancer(), SG, open_to("0.0.0.0/0", UNKNOWN)],
            "an unknown policy": [listener("HTTPS", sslPolicy=UNKNOWN)],
            "an unknown protocol": [listener(UNKNOWN)],
        }
    ),
    AboutStack("queue-safe")
    .passes(
        {
            "queue and dead letters": [
                queue(),
                tls_only(),
                queue("dead", redrivePolicy=None),
                tls_only("dead"),
                one(REDRIVE_ALLOW, "allow", {"queueUrl": ["dead"]}, queueUrl=UNKNOWN),
            ],
            "a flag that is no text": [
                queue(),
                tls_only(policy=without("Condition", {"Bool": {"aws:SecureTransport": False}})),
            ],
            "policies of its own": [queue(policy=TLS_ONLY, redriveAllowPolicy="{}")],
            "a key": [queue(sqsManagedSseEnabled=None, kmsMasterKeyId="alias/q"), tls_only()],
            "an unknown key": [
                queue(sqsManagedSseEnabled=None, kmsMasterKeyId=UNKNOWN),
                tls_only(),
            ],
            "a redrive policy of its own": [
                queue(redrivePolicy=None),
                tls_only(),
                one(REDRIVE, "redrive", {"queueUrl": ["orders"]}, queueUrl=UNKNOWN),
            ],
            "dead letters by reference": [
                one(
                    QUEUE,
                    "orders",
                    {"redrivePolicy": ["dead"]},
                    sqsManagedSseEnabled=True,
                    redrivePolicy=UNKNOWN,
                    policy=TLS_ONLY,
                ),
                queue("dead", redrivePolicy=None, policy=TLS_ONLY),
            ],
            "a policy by URL": [
                queue(url="https://sqs.eu-west-1.amazonaws.com/111122223333/orders"),
                one(
                    QUEUE_POLICY,
                    "policy",
                    queueUrl="https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
                    policy=TLS_ONLY,
                ),
            ],
            "dead letters by ARN": [
                queue(redrivePolicy='{"deadLetterTargetArn": "arn:x"}', policy=TLS_ONLY),
                queue("dead", redrivePolicy="", policy=TLS_ONLY, arn="arn:x"),
            ],
        }
    )
    .fails(
        {
            "what AWS would choose": [
                one(
                    QUEUE,
                    "orders",
                    computed=["sqsManagedSseEnabled", "url"],
                    redrivePolicy="{}",
                    policy=TLS_ONLY,
                )
            ],
            "dead letters that nobody gave": [
                one(
                    QUEUE,
                    "orders",
                    computed=["redrivePolicy", "redriveAllowPolicy"],
                    sqsManagedSseEnabled=True,
                    policy=TLS_ONLY,
                )
            ],
            "a policy that nobody gave": [
                one(
                    QUEUE, "orders", None, ["policy"], sqsManagedSseEnabled=True, redrivePolicy="{}"
                )
            ],
            "encryption absent": [queue(sqsManagedSseEnabled=None), tls_only()],
            "encryption off": [queue(sqsManagedSseEnabled=False), tls_only()],
            "no policy": [queue()],
            "another queue's policy": [
                queue(),
                queue("dead", redriveAllowPolicy="{}"),
                tls_only("dead"),
            ],
            "a policy that isn't JSON": [queue(), tls_only(policy="{")],
            "TLS denied to some": [queue(), tls_only(policy=without("Principal", {"AWS": "1"}))],
            "TLS denied for some actions": [
                queue(),
                tls_only(policy=without("Action", "sqs:SendMessage")),
            ],
            "TLS allowed": [queue(), tls_only(policy=without("Effect", "Allow"))],
            "the opposite": [
                queue(),
                tls_only(policy=without("Condition", {"Bool": {"aws:SecureTransport": "true"}})),
            ],
            "one condition too many": [
                queue(),
                tls_only(
                    policy=without(
                        "Condition",
                        {
                            "Bool": {"aws:SecureTransport": "false"},
                            "StringEquals": {"aws:PrincipalAccount": "1"},
                        },
                    )
                ),
            ],
            "no dead letters, in the provider's words": [queue(redrivePolicy=""), tls_only()],
            "no dead letters": [queue(redrivePolicy=None), tls_only()],
        }
    )
    .undecided(
        {
            "nothing known": [one(QUEUE, "orders")],
            "an unknown policy": [queue(), tls_only(policy=UNKNOWN)],
            "unknown encryption": [queue(sqsManagedSseEnabled=UNKNOWN), tls_only()],
        }
    ),
    AboutStack("k8s-pod-groups")
    .passes(
        {
            "by labels": [workload(), pod_groups()],
            "all pods": [workload(), pod_groups(podSelector={})],
            "all pods, whatever their labels": [
                workload(labels=UNKNOWN),
                pod_groups(podSelector={}),
            ],
            "by expressions": [workload(), pod_groups(podSelector=expression("In", "api", "web"))],
            "by absence": [workload(), pod_groups(podSelector=expression("NotIn", "web"))],
            "by presence": [workload(), pod_groups(podSelector=expression("Exists"))],
            "by a missing label": [
                workload(),
                pod_groups(podSelector=expression("DoesNotExist", key="tier")),
            ],
            "by service account": [
                workload(serviceAccountName="api"),
                one(
                    ACCOUNT,
                    "sa",
                    metadata={"name": "api", "namespace": "shop", "labels": {"a": "b"}},
                ),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "an exempt namespace": [workload("kube-system")],
            "the default namespace": [workload(None), pod_groups("default")],
            "the default namespace of the policy": [workload("default"), pod_groups(None)],
        }
    )
    .fails(
        {
            "no policy": [workload()],
            "another namespace": [workload(), pod_groups("other")],
            "other labels": [workload(labels={"app": "web"}), pod_groups()],
            "no labels": [workload(labels={}), pod_groups()],
            "one label of two": [
                workload(),
                pod_groups(podSelector={"matchLabels": {"app": "api", "tier": "back"}}),
            ],
            "other expressions": [workload(), pod_groups(podSelector=expression("In", "web"))],
            "expressions that exclude": [
                workload(),
                pod_groups(podSelector=expression("NotIn", "api")),
            ],
            "a label that must be missing": [
                workload(),
                pod_groups(podSelector=expression("DoesNotExist")),
            ],
            "an operator that doesn't exist": [
                workload(),
                pod_groups(podSelector=expression("Like", "api")),
            ],
            "another service account": [
                workload(serviceAccountName="api"),
                one(
                    ACCOUNT,
                    "sa",
                    metadata={"name": "web", "namespace": "shop", "labels": {"a": "b"}},
                ),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "a service account elsewhere": [
                workload(serviceAccountName="api"),
                one(
                    ACCOUNT, "sa", metadata={"name": "api", "namespace": "x", "labels": {"a": "b"}}
                ),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "no selector": [workload(), pod_groups(podSelector=None)],
            "an account but no selector": [
                workload(serviceAccountName="api"),
                one(ACCOUNT, "sa", metadata={"name": "api", "namespace": "shop"}),
                pod_groups(podSelector=None),
            ],
            "accounts without names": [
                workload(),
                one(ACCOUNT, "sa", metadata={"namespace": "shop", "labels": {"a": "b"}}),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "the cluster's group among others": [
                workload(),
                pod_groups(ids=["sg-2", "sg-1"]),
                one(CLUSTER, "c", vpcConfig={"clusterSecurityGroupId": "sg-1"}),
            ],
            "the component's group": [
                workload(),
                pod_groups(refers={"spec": ["c"]}),
                one("eks:index:Cluster", "c"),
            ],
            "no group": [workload(), pod_groups(ids=[])],
            "the cluster's group by id": [
                workload(),
                pod_groups(ids=["sg-1"]),
                one(CLUSTER, "c", vpcConfig={"clusterSecurityGroupId": "sg-1"}),
            ],
            "the cluster's group by reference": [
                workload(),
                pod_groups(refers={"spec": ["c"]}),
                one(CLUSTER, "c", vpcConfig={"clusterSecurityGroupId": UNKNOWN}),
            ],
            "malformed": [one(DEPLOYMENT, "api", spec="api"), pod_groups("default")],
        }
    )
    .undecided(
        {
            "nothing known": [one(DEPLOYMENT, "api"), one(POD_GROUPS, "groups")],
            "an unknown namespace": [workload(UNKNOWN), pod_groups()],
            "unknown labels": [workload(labels=UNKNOWN), pod_groups()],
            "an unknown selector": [
                workload(),
                pod_groups(podSelector={"matchLabels": {"app": UNKNOWN}}),
            ],
            "an unknown label": [workload(labels={"app": UNKNOWN}), pod_groups()],
        }
    ),
    AboutStack("eks-no-pod-identity")
    .passes(
        {
            "another namespace": [association("batch"), profile("shop")],
            "another cluster": [association(), profile("shop", cluster="other")],
            "no profile": [association()],
        }
    )
    .fails(
        {
            "a Fargate namespace": [association(), profile("kube-system", "shop")],
            "a pattern": [association(), profile("sh*")],
            "an unknown cluster": [association(cluster=UNKNOWN), profile("shop")],
        }
    )
    .undecided(
        {
            "nothing known": [one(ASSOCIATION, "association"), profile("shop")],
            "an unknown namespace": [association(UNKNOWN), profile("shop")],
            "an unknown selector": [association(), profile(UNKNOWN)],
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
