"""Listener rules and target groups, as their route's settings have them."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.load_balancer.login import login_action
from components.settings import RouteSettings
from components.settings.protocol import PortProtocol

PROTOCOL_VERSIONS: Final = {"http": "HTTP1", "http2": "HTTP2", "grpc": "GRPC"}
"""What Elastic Load Balancing calls a service's protocol; it takes no TCP."""
DAY: Final = 24 * 60 * 60
ALL: Final = 100
NONE: Final = 0


def target_group(
    name: str,
    port: int,
    route: RouteSettings,
    *,
    protocol: PortProtocol,
    vpc_id: pulumi.Input[str],
    tags: dict[str, str],
    parent: pulumi.Resource,
) -> aws.lb.TargetGroup:
    """Create a target group of addresses; it has an automatic name, so that it can be replaced."""
    check = route.health_check
    return aws.lb.TargetGroup(
        name,
        port=port,
        protocol="HTTP",
        protocol_version=PROTOCOL_VERSIONS[protocol],
        target_type="ip",
        vpc_id=vpc_id,
        deregistration_delay=route.deregistration_delay,
        # Elastic Load Balancing has slow start with round robin only (user guide, "Edit target
        # group attributes", slow start mode).
        load_balancing_algorithm_type=(
            "round_robin" if route.slow_start else "least_outstanding_requests"
        ),
        slow_start=route.slow_start or 0,
        # Written out where it is off as well: leaving it out would leave it as it was.
        stickiness=aws.lb.TargetGroupStickinessArgs(
            type="lb_cookie",
            enabled=route.stickiness is not None,
            cookie_duration=route.stickiness or DAY,
        ),
        health_check=aws.lb.TargetGroupHealthCheckArgs(
            path=check.path,
            matcher=check.matcher,
            interval=check.interval,
            timeout=check.timeout,
            healthy_threshold=check.healthy_threshold,
            unhealthy_threshold=check.unhealthy_threshold,
        ),
        tags=tags,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def rule_actions(
    service: str,
    route: RouteSettings,
    group: aws.lb.TargetGroup,
    alternate: aws.lb.TargetGroup | None,
) -> Sequence[aws.lb.ListenerRuleActionArgs]:
    """Return what a rule does: it forwards, after a login if the route has one.

    Args:
        service: the service's name.
        route: its settings.
        group: where requests go.
        alternate: a second group, with no requests until ECS shifts them there.
    """
    if alternate is not None:
        return [
            aws.lb.ListenerRuleActionArgs(
                type="forward",
                forward=aws.lb.ListenerRuleActionForwardArgs(
                    target_groups=[
                        aws.lb.ListenerRuleActionForwardTargetGroupArgs(arn=to.arn, weight=weight)
                        for to, weight in ((group, ALL), (alternate, NONE))
                    ]
                ),
            )
        ]
    if route.login is not None:
        return [
            login_action(service, route.login),
            aws.lb.ListenerRuleActionArgs(type="forward", order=2, target_group_arn=group.arn),
        ]
    return [aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)]


def rule_conditions(route: RouteSettings) -> Sequence[aws.lb.ListenerRuleConditionArgs]:
    """Return what a request has to match: all of it."""
    conditions = [
        aws.lb.ListenerRuleConditionArgs(
            path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=[route.path])
        )
    ]
    if route.host:
        conditions.append(
            aws.lb.ListenerRuleConditionArgs(
                host_header=aws.lb.ListenerRuleConditionHostHeaderArgs(values=[route.host])
            )
        )
    if route.methods:
        conditions.append(
            aws.lb.ListenerRuleConditionArgs(
                http_request_method=aws.lb.ListenerRuleConditionHttpRequestMethodArgs(
                    values=sorted(route.methods)
                )
            )
        )
    conditions += [
        aws.lb.ListenerRuleConditionArgs(
            http_header=aws.lb.ListenerRuleConditionHttpHeaderArgs(
                http_header_name=header, values=sorted(values)
            )
        )
        for header, values in sorted(route.headers.items())
    ]
    return conditions


def rule_options(
    parent: pulumi.Resource, group: aws.lb.TargetGroup, alternate: aws.lb.TargetGroup | None
) -> pulumi.ResourceOptions:
    """Return the options of a listener rule, whose actions are left to ECS where it moves weights.

    Ignored actions stay as they are, also when a service begins to shift requests or its groups are
    replaced, and ECS rolls back a deployment whose two groups aren't both in the rule (ECS
    developer guide, migration to blue/green). So the rule itself is replaced then. It is deleted
    first, since a listener has each priority once.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        ignore_changes=["actions"] if alternate else None,
        replacement_trigger="shifts" if alternate else "stays",
        replace_with=[group, alternate] if alternate else None,
        delete_before_replace=True,
    )
