"""Deployments of ECS services: how requests move from the old tasks to the new ones."""

from collections.abc import Sequence
from math import ceil
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import allow, create_role, document
from components.load_balancer.load_balancer import LoadBalancer, Route, route_tags
from components.settings.deployment import DeploymentSettings

STRATEGIES: Final = {
    "rolling": "ROLLING",
    "blue-green": "BLUE_GREEN",
    "linear": "LINEAR",
    "canary": "CANARY",
}
MARGIN_MINUTES: Final = 27
"""What starting, registering and draining tasks may take, besides steps, bake and grace time."""
ATTEMPTS: Final = 3
"""Fewest failed tasks at which the circuit breaker ends a deployment (ECS developer guide)."""


def deployment_configuration(
    settings: DeploymentSettings,
) -> aws.ecs.ServiceDeploymentConfigurationArgs:
    """Return the strategy of a service's deployments; the provider takes minutes as text."""
    step = settings.step
    canary = linear = None
    if step and settings.strategy == "canary":
        canary = aws.ecs.ServiceDeploymentConfigurationCanaryConfigurationArgs(
            canary_percent=step[0], canary_bake_time_in_minutes=str(step[1])
        )
    if step and settings.strategy == "linear":
        linear = aws.ecs.ServiceDeploymentConfigurationLinearConfigurationArgs(
            step_percent=step[0], step_bake_time_in_minutes=str(step[1])
        )
    return aws.ecs.ServiceDeploymentConfigurationArgs(
        strategy=STRATEGIES[settings.strategy],
        bake_time_in_minutes=str(settings.bake) if settings.shifts_traffic else None,
        canary_configuration=canary,
        linear_configuration=linear,
    )


def longest_deployment(settings: DeploymentSettings, *, grace: int) -> str:
    """Return how long an update waits for a service: all steps, the bake time and a margin.

    The circuit breaker is faster where tasks fail; this ends a deployment that hangs.

    Args:
        settings: how the service is deployed.
        grace: seconds for which failed checks don't stop a new task.
    """
    minutes = MARGIN_MINUTES + ceil(ATTEMPTS * grace / 60)
    if settings.shifts_traffic:
        minutes += settings.bake
    if settings.step:
        percent, step_minutes = settings.step
        steps = ceil(100 / percent) - 1 if settings.strategy == "linear" else 1
        minutes += steps * step_minutes
    return f"{minutes}m"


def let_ecs_shift_traffic(
    name: str, *, environment: Environment, parent: pulumi.Resource
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """Create the role with which ECS changes the weights of one service's listener rule.

    It holds what AWS's AmazonECSInfrastructureRolePolicyForLoadBalancers does, but for target
    groups and rules of this service of this stack only, which carry its tags. The trust has no
    condition: which source ECS names when it assumes infrastructure roles isn't documented, and a
    key that isn't sent would lock it out.

    Args:
        name: the service's name.
        environment: where it is.
        parent: its component.
    """
    tags = route_tags(name, environment)
    own = {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in tags.items()}}
    balancing = "elasticloadbalancing"
    role, (policy,) = create_role(
        f"{name}-infrastructure",
        fixed_name=environment.global_name(name, "infrastructure"),
        trust=document(
            [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "ecs.amazonaws.com"},
                }
            ]
        ),
        environment=environment,
        parent=parent,
        statements=[
            # Describing can't be limited to a resource (service authorization reference).
            allow(
                [
                    f"{balancing}:DescribeListeners",
                    f"{balancing}:DescribeRules",
                    f"{balancing}:DescribeTargetGroups",
                    f"{balancing}:DescribeTargetHealth",
                ],
                ["*"],
            ),
            allow(
                [f"{balancing}:DeregisterTargets", f"{balancing}:RegisterTargets"],
                [environment.arn(balancing, "targetgroup/*")],
                own,
            ),
            allow(
                [f"{balancing}:ModifyRule"],
                [environment.arn(balancing, "listener-rule/app/*")],
                own,
            ),
        ],
    )
    return role, policy


def error_alarms(
    name: str,
    threshold: float | None,
    *,
    environment: Environment,
    balancer: LoadBalancer,
    route: Route,
    parent: pulumi.Resource,
) -> Sequence[aws.cloudwatch.MetricAlarm]:
    """Create an alarm for each target group of a route on the part of requests that fail.

    A failed request is one that a target answered with 5xx or to which the load balancer got no
    connection. One target group's errors don't hide behind the other's good answers.

    Args:
        name: the service's name.
        threshold: percent of a minute's requests; none for no alarm.
        environment: where it is.
        balancer: the load balancer.
        route: the service's target groups.
        parent: the service's component.
    """
    if threshold is None:
        return []
    groups = {"": route.target_group}
    if route.alternate is not None:
        groups["-alternate"] = route.alternate
    return [
        aws.cloudwatch.MetricAlarm(
            f"{name}-errors{suffix}",
            name=environment.regional_name(name, f"errors{suffix}", limit=255),
            alarm_description=f"{name}: {threshold:g} % of requests or more fail",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=threshold,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            metric_queries=_error_rate(balancer, group),
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for suffix, group in groups.items()
    ]


def _error_rate(
    balancer: LoadBalancer, group: aws.lb.TargetGroup
) -> Sequence[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    counted = {
        "requests": "RequestCount",
        "errors": "HTTPCode_Target_5XX_Count",
        "refused": "TargetConnectionErrorCount",
    }
    return [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id="rate",
            # A count that is zero isn't published at all.
            expression="100 * (FILL(errors, 0) + FILL(refused, 0)) / requests",
            label="failed requests in percent",
            return_data=True,
        ),
        *(
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=key,
                return_data=False,
                metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                    namespace="AWS/ApplicationELB",
                    metric_name=metric,
                    period=60,
                    stat="Sum",
                    dimensions={
                        "LoadBalancer": balancer.arn_suffix,
                        "TargetGroup": group.arn_suffix,
                    },
                ),
            )
            for key, metric in counted.items()
        ),
    ]


def alarm_rollback(
    settings: DeploymentSettings, created: Sequence[aws.cloudwatch.MetricAlarm]
) -> aws.ecs.ServiceAlarmsArgs | None:
    """Return the alarms that end and roll back a deployment; None without any."""
    names: list[pulumi.Input[str]] = [*settings.alarms, *(alarm.name for alarm in created)]
    if not names:
        return None
    return aws.ecs.ServiceAlarmsArgs(alarm_names=names, enable=True, rollback=True)
