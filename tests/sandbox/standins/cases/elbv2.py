"""Cases of Elastic Load Balancing: what its rules, groups and logs refuse."""

from __future__ import annotations

from typing import Any

RULE = "aws:lb/listenerRule:ListenerRule"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
FORWARD = {"type": "forward", "order": 2, "targetGroupArn": "arn:x"}
OIDC = {
    "issuer": "https://id.example.com",
    "authorizationEndpoint": "https://id.example.com/authorize",
    "tokenEndpoint": "https://id.example.com/token",
    "userInfoEndpoint": "https://id.example.com/userinfo",
    "clientId": "shop",
    "clientSecret": "placeholder",
}
LOGIN = {"type": "authenticate-oidc", "order": 1, "authenticateOidc": OIDC}


def _rule(*actions: dict[str, Any], **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {
        "listenerArn": "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/web/1/2",
        "priority": 1,
        "actions": list(actions or [LOGIN, FORWARD]),
        "conditions": [condition or {"pathPattern": {"values": ["/*"]}}],
    }


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (RULE, _rule(LOGIN), "actions: must end in one forward"),
    (RULE, _rule(FORWARD, FORWARD), "and hold no other"),
    (RULE, _rule({**LOGIN, "order": 3}, FORWARD), "actions: must end in one forward"),
    (
        RULE,
        _rule({**LOGIN, "authenticateOidc": {**OIDC, "clientSecret": None}}, FORWARD),
        "actions[0].authenticateOidc.clientSecret: must be given",
    ),
    (
        RULE,
        _rule({**LOGIN, "authenticateOidc": {**OIDC, "onUnauthenticatedRequest": "ask"}}, FORWARD),
        "onUnauthenticatedRequest: must be one of deny, allow, authenticate",
    ),
    (
        RULE,
        _rule(httpHeader={"httpHeaderName": "Host", "values": ["a.b"]}),
        "can't name Host",
    ),
    (
        RULE,
        _rule(httpHeader={"httpHeaderName": "x" * 41, "values": ["a"]}),
        "at most 40 characters",
    ),
    (
        RULE,
        _rule(httpHeader={"httpHeaderName": "X-A", "values": list("abcdef")}),
        "at most 5 values in all",
    ),
    (
        TARGET_GROUP,
        {"slowStart": 60, "loadBalancingAlgorithmType": "least_outstanding_requests"},
        "slowStart: can only be given with the algorithm round_robin",
    ),
    (
        TARGET_GROUP,
        {"protocol": "HTTP", "protocolVersion": "GRPC", "healthCheck": {"matcher": "200-299"}},
        "healthCheck.matcher: must hold gRPC codes from 0 to 99",
    ),
    (
        TARGET_GROUP,
        {"protocol": "HTTP", "healthCheck": {"matcher": "0,12"}},
        "healthCheck.matcher: must hold HTTP codes from 200 to 499",
    ),
    (
        TARGET_GROUP,
        {"protocol": "HTTP", "protocolVersion": "GRPC", "healthCheck": {"path": "/up"}},
        "healthCheck.path: must be /package.service/method",
    ),
    (
        TARGET_GROUP,
        {"protocol": "TCP", "protocolVersion": "HTTP2"},
        "protocolVersion: can only be given with the protocols HTTP and HTTPS",
    ),
    (
        TARGET_GROUP,
        {"protocol": "HTTP", "protocolVersion": "GRPC", "targetType": "lambda"},
        "targetType: must be instance or ip",
    ),
    (BALANCER, {"accessLogs": {"enabled": True}}, "accessLogs.bucket: must be given"),
    (
        "aws:lb/listener:Listener",
        {"protocol": "HTTPS", "certificateArn": "arn:x", "sslPolicy": "TLS13"},
        "sslPolicy: must be a policy that ELB has",
    ),
]
