"""Cases of WAF."""

from __future__ import annotations

from typing import Any

ACL = "aws:wafv2/webAcl:WebAcl"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
ACL_ARN = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/web/1"
METRICS = {"cloudwatchMetricsEnabled": True, "metricName": "web", "sampledRequestsEnabled": True}
LIMIT: dict[str, Any] = {
    "name": "limit",
    "priority": 0,
    "action": {"block": {}},
    "statement": {"rateBasedStatement": {"limit": 2000, "evaluationWindowSec": 300}},
    "visibilityConfig": METRICS,
}
GROUP: dict[str, Any] = {
    "name": "common",
    "priority": 1,
    "overrideAction": {"none": {}},
    "statement": {
        "managedRuleGroupStatement": {
            "vendorName": "AWS",
            "name": "AWSManagedRulesCommonRuleSet",
        }
    },
    "visibilityConfig": METRICS,
}


def _acl(*rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "web",
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "rules": list(rules),
        "visibilityConfig": METRICS,
    }


def _limit(**statement: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {**LIMIT, "statement": {"rateBasedStatement": {"limit": 2000, **statement}}}


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    ACL: (
        _acl(LIMIT, GROUP),
        UUID,
        f"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/web/{UUID}",
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": (
        {"webAclArn": ACL_ARN, "resourceArn": "arn:aws:elasticloadbalancing:balancer"},
        f"{ACL_ARN},arn:aws:elasticloadbalancing:balancer",
        "",
    ),
    LOGGING: (
        {
            "resourceArn": ACL_ARN,
            "logDestinationConfigs": [
                "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-web"
            ],
            "redactedFields": [{"singleHeader": {"name": "cookie"}}],
        },
        ACL_ARN,
        "",
    ),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (ACL, {**_acl(), "scope": "LOCAL"}, "scope: must be one of CLOUDFRONT, REGIONAL"),
    (ACL, {**_acl(), "description": "no (brackets)"}, "description: must match"),
    (ACL, _acl(LIMIT, {**GROUP, "priority": 0}), "rules: must not share a priority"),
    (ACL, _acl(LIMIT, {**GROUP, "name": "limit"}), "rules: must not share a name"),
    (ACL, _acl({**GROUP, "overrideAction": None}), "rules[0].overrideAction: must be given"),
    (ACL, _acl({**LIMIT, "action": None}), "rules[0].action: must be given"),
    (ACL, _acl(_limit(limit=9)), "limit: must be 10 to 2000000000"),
    (ACL, _acl(_limit(evaluationWindowSec=90)), "must be one of 60, 120, 300, 600"),
    (ACL, _acl(_limit(aggregateKeyType="ADDRESS")), "aggregateKeyType: must be one of IP"),
    (
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        {"webAclArn": "acl", "resourceArn": "arn:aws:elasticloadbalancing:balancer"},
        "webAclArn: must be 20 to 2048 characters",
    ),
    (
        LOGGING,
        {"resourceArn": ACL_ARN, "logDestinationConfigs": ["arn:aws:logs:a:1:log-group:web"]},
        "must begin with aws-waf-logs-",
    ),
    (
        LOGGING,
        {"resourceArn": ACL_ARN, "logDestinationConfigs": ["arn:x:aws-waf-logs-"] * 2},
        "logDestinationConfigs: must hold at most 1",
    ),
    (
        LOGGING,
        {"resourceArn": ACL_ARN, "loggingFilter": {"defaultBehavior": "LOSE"}},
        "loggingFilter.defaultBehavior: must be one of KEEP, DROP",
    ),
]
