"""Automatic scaling of services on ECS, by Application Auto Scaling."""

from collections.abc import Iterator

import pulumi
import pulumi_aws as aws

from components.load_balancer.load_balancer import Route
from components.settings import ScalingSettings
from components.settings.scaling import CooldownSettings, MetricSettings

Tracking = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs
Predefined = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs  # noqa: E501 - the SDK's name
Customized = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs  # noqa: E501 - the SDK's name
Dimension = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArgs  # noqa: E501 - the SDK's name


def scale_service(
    name: str,
    scaling: ScalingSettings,
    *,
    cluster: pulumi.Input[str],
    service: pulumi.Input[str],
    route: Route | None,
    parent: pulumi.Resource,
) -> None:
    """Scale an ECS service by what its tasks do and by the time of day.

    Creates the range that its number of tasks has, a target tracking policy for each target and a
    scheduled action for each entry of the schedule. A service with a fixed count has none of them.

    Cost: each policy has alarms of CloudWatch, two as a rule, 0.10 USD a month each (us-east-1).

    Args:
        name: prefix of the resources' names.
        scaling: how many tasks, and by what.
        cluster: the cluster's name.
        service: the service's name, as the service's output.
        route: the service's route, whose requests are counted; None for a service without.
        parent: the service's component.
    """
    if scaling.count is not None:
        return
    target = aws.appautoscaling.Target(
        f"{name}-scaling",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat("service/", cluster, "/", service),
        min_capacity=scaling.min,
        max_capacity=scaling.max,
        opts=pulumi.ResourceOptions(
            parent=parent,
            # The schedule owns the range from its first time on: an update at night must not start
            # what the schedule stopped.
            ignore_changes=["minCapacity", "maxCapacity"] if scaling.schedule else None,
        ),
    )
    # One after another: AWS refuses a change while another one to the same target is pending, and
    # the provider doesn't try again (hashicorp/terraform-provider-aws, issue 17915).
    last: pulumi.Resource = target
    for metric, tracking in _trackings(scaling, route):
        last = aws.appautoscaling.Policy(
            f"{name}-scaling-{metric}",
            name=f"{name}-{metric}",
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration=tracking,
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[last]),
        )
    for entry, (low, high) in sorted(scaling.limits.items()):
        when = scaling.schedule[entry]
        last = aws.appautoscaling.ScheduledAction(
            f"{name}-schedule-{entry}",
            name=f"{name}-{entry}",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            schedule=f"cron({when.cron})" if when.cron else f"at({when.at})",
            timezone=when.timezone,
            scalable_target_action=aws.appautoscaling.ScheduledActionScalableTargetActionArgs(
                min_capacity=low, max_capacity=high
            ),
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[last]),
        )


def _trackings(scaling: ScalingSettings, route: Route | None) -> Iterator[tuple[str, Tracking]]:
    """Yield what is held at a target: a name for it, and how."""
    if scaling.cpu is not None:
        metric = Predefined(predefined_metric_type="ECSServiceAverageCPUUtilization")
        yield "cpu", _tracking(scaling, scaling.cpu, predefined=metric)
    if scaling.memory is not None:
        metric = Predefined(predefined_metric_type="ECSServiceAverageMemoryUtilization")
        yield "memory", _tracking(scaling, scaling.memory, predefined=metric)
    if scaling.requests is not None and route:
        metric = Predefined(
            predefined_metric_type="ALBRequestCountPerTarget", resource_label=_requests_label(route)
        )
        yield "requests", _tracking(scaling, scaling.requests, predefined=metric)
    if scaling.metric:
        customized = _customized(scaling.metric)
        yield "metric", _tracking(scaling, scaling.metric.target, customized=customized)


def _tracking(
    scaling: ScalingSettings,
    target: float,
    *,
    predefined: Predefined | None = None,
    customized: Customized | None = None,
) -> Tracking:
    cooldown = scaling.cooldown or CooldownSettings()
    return Tracking(
        target_value=target,
        predefined_metric_specification=predefined,
        customized_metric_specification=customized,
        scale_out_cooldown=cooldown.out,
        scale_in_cooldown=cooldown.in_,
    )


def _requests_label(route: Route) -> pulumi.Output[str]:
    """Return app/NAME/ID/targetgroup/NAME/ID: the load balancer and the target group.

    A listener's ARN ends in listener/app/NAME/ID/ID: the load balancer's, and an ID of its own.
    """
    balancer = route.rule.listener_arn.apply(
        lambda arn: arn.rpartition(":listener/")[2].rpartition("/")[0]
    )
    return pulumi.Output.concat(balancer, "/", route.target_group.arn_suffix)


def _customized(metric: MetricSettings) -> Customized:
    return Customized(
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions=[
            Dimension(name=name, value=value) for name, value in sorted(metric.dimensions.items())
        ],
        statistic=metric.statistic,
    )
