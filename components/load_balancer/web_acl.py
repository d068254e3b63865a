"""The web application firewall in front of a load balancer."""

# Unevaluated annotations: a stack without it needn't load this part of the SDK.
from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.environment import Environment
    from components.settings.waf import WafSettings

RATE_WINDOW: Final = 300
"""Seconds over which the requests of an address are counted."""

LOG_GROUP_PREFIX: Final = "aws-waf-logs-"
"""What WAF demands of the names of log groups (AWS WAF developer guide, "Sending web ACL traffic
logs to a CloudWatch Logs log group")."""

CREDENTIAL_HEADERS: Final = ("authorization", "cookie")


def protect(
    name: str,
    settings: WafSettings,
    *,
    environment: Environment,
    balancer: aws.lb.LoadBalancer,
    parent: pulumi.Resource,
) -> None:
    """Create a web ACL in front of a load balancer, and the log of what it refused or counted.

    WAF itself permits the delivery of its logs to the log group.

    Args:
        name: prefix of the resources' names.
        settings: what is refused.
        environment: where it is.
        balancer: what is protected.
        parent: the component that all belongs to.
    """
    child = pulumi.ResourceOptions(parent=parent)
    acl = aws.wafv2.WebAcl(
        f"{name}-acl",
        scope="REGIONAL",
        default_action=aws.wafv2.WebAclDefaultActionArgs(
            allow=aws.wafv2.WebAclDefaultActionAllowArgs()
        ),
        rules=web_acl_rules(settings),
        data_protection_config=aws.wafv2.WebAclDataProtectionConfigArgs(
            data_protections=[_without_credentials()]
        ),
        visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
            cloudwatch_metrics_enabled=True,
            metric_name=environment.regional_name(name, "acl"),
            sampled_requests_enabled=True,
        ),
        opts=child,
    )
    aws.wafv2.WebAclAssociation(
        f"{name}-acl-association",
        resource_arn=balancer.arn,
        web_acl_arn=acl.arn,
        opts=pulumi.ResourceOptions(
            parent=parent,
            # To delete it is to leave the load balancer without any, whatever was associated since.
            delete_before_replace=True,
        ),
    )
    if settings.logs:
        _log(name, settings, acl, environment, child)


def _without_credentials() -> aws.wafv2.WebAclDataProtectionConfigDataProtectionArgs:
    """Keep credentials out of logs and of sampled requests, which a log's own redaction doesn't."""
    return aws.wafv2.WebAclDataProtectionConfigDataProtectionArgs(
        action="SUBSTITUTION",
        field=aws.wafv2.WebAclDataProtectionConfigDataProtectionFieldArgs(
            field_type="SINGLE_HEADER", field_keys=CREDENTIAL_HEADERS
        ),
        exclude_rate_based_details=False,
        exclude_rule_match_details=False,
    )


def web_acl_rules(settings: WafSettings) -> Sequence[aws.wafv2.WebAclRuleArgs]:
    """Return the rules of a web ACL: the rate limit first, then the managed groups in order."""
    limit = aws.wafv2.WebAclRuleArgs(
        name="rate-limit",
        priority=0,
        action=aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs()),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            rate_based_statement=aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(
                limit=settings.rate_limit,
                aggregate_key_type="IP",
                evaluation_window_sec=RATE_WINDOW,
            )
        ),
        visibility_config=_visibility("rate-limit"),
    )
    groups = [
        _managed_group(group, position, settings.count_only.get(group, ()))
        for position, group in enumerate(settings.managed_rule_groups, start=1)
    ]
    return [limit, *groups]


def _managed_group(group: str, priority: int, counted: Sequence[str]) -> aws.wafv2.WebAclRuleArgs:
    return aws.wafv2.WebAclRuleArgs(
        name=group,
        priority=priority,
        override_action=aws.wafv2.WebAclRuleOverrideActionArgs(
            none=aws.wafv2.WebAclRuleOverrideActionNoneArgs()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        ),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            managed_rule_group_statement=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(
                vendor_name="AWS",
                name=group,
                rule_action_overrides=[_count(rule) for rule in counted] or None,
            )
        ),
        visibility_config=_visibility(group),
    )


def _count(
    rule: str,
) -> aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs:
    override = aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs
    action = aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs
    count = (
        aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs
    )
    return override(name=rule, action_to_use=action(count=count()))


def _visibility(name: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgs:
    return aws.wafv2.WebAclRuleVisibilityConfigArgs(
        cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )


def _log(
    name: str,
    settings: WafSettings,
    acl: aws.wafv2.WebAcl,
    environment: Environment,
    opts: pulumi.ResourceOptions,
) -> None:
    log_group = aws.cloudwatch.LogGroup(
        f"{name}-acl-logs",
        name=f"{LOG_GROUP_PREFIX}{environment.regional_name(name)}",
        retention_in_days=settings.log_retention_days,
        opts=opts,
    )
    condition = aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs
    acted = [
        condition(
            action_condition=aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs(
                action=action
            )
        )
        for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
    ]
    aws.wafv2.WebAclLoggingConfiguration(
        f"{name}-acl-logging",
        resource_arn=acl.arn,
        log_destination_configs=[
            environment.arn("logs", pulumi.Output.concat("log-group:", log_group.name))
        ],
        logging_filter=aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs(
            default_behavior="DROP",
            filters=[
                aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterArgs(
                    behavior="KEEP", requirement="MEETS_ANY", conditions=acted
                )
            ],
        ),
        opts=opts,
    )
