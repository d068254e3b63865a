"""Listeners of load balancers, with what their balancer's groups admit."""

from tests.policies.cases.case import AboutStack, Case, Json, one
from tests.policies.cases.task_groups import GROUP, SG, empty, group_rule
from tests.policies.protocol import UNKNOWN, StackResource

TO_HTTPS = [{"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443"}}]
MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06"


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


def gateway_listener(*computed: str) -> StackResource:
    """Return a listener that names no protocol."""
    return one(
        "aws:lb/listener:Listener",
        "listener",
        {"loadBalancerArn": ["balancer"]},
        computed,
        loadBalancerArn=UNKNOWN,
        port=80,
    )


OPEN = open_to("0.0.0.0/0")


def rule_of_listener(**action: object) -> StackResource:
    return one(
        "aws:lb/listenerRule:ListenerRule",
        "rule",
        {"listenerArn": ["listener"]},
        listenerArn=UNKNOWN,
        actions=[action],
    )


ABOUT = [
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
            "open to a port without end": [
                listener(),
                balancer(),
                SG,
                group_rule("open", "group", cidrIpv4="0.0.0.0/0", ipProtocol="tcp", fromPort=80),
            ],
            "open to a port without beginning": [
                listener(),
                balancer(),
                SG,
                group_rule("open", "group", cidrIpv4="0.0.0.0/0", ipProtocol="tcp", toPort=80),
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
            "not about the web": [listener("UDP"), balancer(), SG, open_to("0.0.0.0/0")],
            "tcp for some": [listener("TCP"), balancer(), SG, open_to("10.0.0.0/8")],
            "two groups that are closed": [
                listener(),
                one(
                    "aws:lb/loadBalancer:LoadBalancer",
                    "balancer",
                    {"securityGroups": ["group", "other"]},
                    securityGroups=[UNKNOWN, UNKNOWN],
                ),
                SG,
                empty("other"),
            ],
            "without a protocol, and redirecting": [
                listener("", defaultActions=TO_HTTPS),
                balancer(),
                SG,
                open_to("0.0.0.0/0"),
            ],
            "a gateway's": [
                listener("", port=None),
                balancer(loadBalancerType="gateway"),
                SG,
                open_to("0.0.0.0/0"),
            ],
        }
    )
    .fails(
        {
            "http for the world": [listener(), balancer(), SG, open_to("0.0.0.0/0")],
            "http, as AWS will say": [
                gateway_listener("protocol"),
                balancer(),
                SG,
                open_to("0.0.0.0/0"),
            ],
            "tls in lower case with an old policy": [listener("tls", sslPolicy="TLS-1-0")],
            **{
                f"{protocol} for the world": [listener(protocol), balancer(), SG, OPEN]
                for protocol in ("TCP", "TCP_UDP")
            },
            **{
                f"to the protocol of number {number}": [
                    listener(),
                    balancer(),
                    SG,
                    group_rule(
                        *("open", "group"),
                        cidrIpv4="0.0.0.0/0",
                        ipProtocol=number,
                        fromPort=80,
                        toPort=80,
                    ),
                ]
                for number in (6, -1, "6")
            },
            "no security group at all": [
                listener(),
                one("aws:lb/loadBalancer:LoadBalancer", "balancer", idleTimeout=60),
            ],
            "a second group that isn't the stack's": [
                listener(),
                one(
                    "aws:lb/loadBalancer:LoadBalancer",
                    "balancer",
                    {"securityGroups": ["group"]},
                    securityGroups=[UNKNOWN, "sg-0123456789abcdef0"],
                ),
                SG,
            ],
            "http for the world by default": [listener(""), balancer(), SG, open_to("0.0.0.0/0")],
            "http in lower case": [listener("http"), balancer(), SG, open_to("0.0.0.0/0")],
            "https in lower case, with an old policy": [
                listener("https", sslPolicy="ELBSecurityPolicy-2016-08")
            ],
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
            "an unknown last port": [
                listener(),
                balancer(),
                SG,
                group_rule(
                    "open",
                    "group",
                    cidrIpv4="0.0.0.0/0",
                    ipProtocol="tcp",
                    fromPort=80,
                    toPort=UNKNOWN,
                ),
            ],
            "to an unknown protocol": [
                listener(),
                balancer(),
                SG,
                group_rule(
                    "open",
                    "group",
                    cidrIpv4="0.0.0.0/0",
                    ipProtocol=UNKNOWN,
                    fromPort=80,
                    toPort=80,
                ),
            ],
            "an unknown policy": [listener("HTTPS", sslPolicy=UNKNOWN)],
            "an unknown protocol": [listener(UNKNOWN)],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
