"""Automatic scaling of a queue's workers: by backlog, and from none to the first."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.jobs.backlog import (
    BACKLOG_METRICS,
    SCALE_IN_COOLDOWN,
    SCALE_OUT_COOLDOWN,
    UNATTENDED,
    UNATTENDED_METRICS,
    WAKE_COOLDOWN,
    Metric,
    backlog,
)
from components.settings.queue_worker import QueueTriggerSettings

Tracking = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs
Customized = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs  # noqa: E501 - the SDK's name
Query = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs  # noqa: E501 - the SDK's name
Stat = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatArgs  # noqa: E501 - the SDK's name
StatMetric = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricArgs  # noqa: E501 - the SDK's name
Dimension = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricDimensionArgs  # noqa: E501 - the SDK's name
Step = aws.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs

Dimensions = Mapping[str, pulumi.Input[str]]


def scale_workers(
    name: str,
    settings: QueueTriggerSettings,
    *,
    environment: Environment,
    cluster: pulumi.Output[str],
    service: pulumi.Output[str],
    queue: pulumi.Output[str],
    parent: pulumi.Resource,
) -> None:
    """Scale an ECS service by the messages that wait for each of its tasks.

    Creates the range of its number of tasks and a target tracking policy on the backlog per task.
    Where none may run, target tracking would start the first one only for more messages than may
    wait for one task, and after three minutes: an alarm on messages that nobody works on starts it
    in one, by a step policy.

    Args:
        name: the job's name.
        settings: how many tasks, and how long messages may wait.
        environment: where it is.
        cluster: the cluster's name.
        service: the service's name, as the service's output.
        queue: the queue's name.
        parent: the job's component.
    """
    target = aws.appautoscaling.Target(
        f"{name}-scaling",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat("service/", cluster, "/", service),
        min_capacity=settings.min,
        max_capacity=settings.max,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    dimensions: Mapping[str, Dimensions] = {
        "AWS/SQS": {"QueueName": queue},
        "ECS/ContainerInsights": {"ClusterName": cluster, "ServiceName": service},
    }
    held = _hold_backlog(name, settings, target, dimensions, parent=parent)
    if settings.min == 0:
        # After the other one: AWS refuses two changes to one target at a time.
        wake = _start_the_first(name, target, after=held, parent=parent)
        aws.cloudwatch.MetricAlarm(
            f"{name}-unattended",
            name=environment.regional_name(name, "unattended", limit=255),
            alarm_description=f"Messages wait for job {name} and no task asks for them",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            evaluation_periods=1,
            # SQS stops publishing after six idle hours: that is no message.
            treat_missing_data="notBreaching",
            metric_queries=_alarm_queries(UNATTENDED_METRICS, UNATTENDED, dimensions),
            alarm_actions=[wake.arn],
            opts=pulumi.ResourceOptions(parent=parent),
        )


def _hold_backlog(
    name: str,
    settings: QueueTriggerSettings,
    target: aws.appautoscaling.Target,
    dimensions: Mapping[str, Dimensions],
    *,
    parent: pulumi.Resource,
) -> aws.appautoscaling.Policy:
    expressions = backlog(settings.backlog_per_task)
    return aws.appautoscaling.Policy(
        f"{name}-scaling-backlog",
        name=f"{name}-backlog",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration=Tracking(
            target_value=settings.backlog_per_task,
            customized_metric_specification=Customized(
                metrics=_tracking_queries(BACKLOG_METRICS, expressions, dimensions)
            ),
            scale_out_cooldown=SCALE_OUT_COOLDOWN,
            scale_in_cooldown=SCALE_IN_COOLDOWN,
        ),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[target]),
    )


def _start_the_first(
    name: str,
    target: aws.appautoscaling.Target,
    *,
    after: pulumi.Resource,
    parent: pulumi.Resource,
) -> aws.appautoscaling.Policy:
    return aws.appautoscaling.Policy(
        f"{name}-scaling-first",
        name=f"{name}-first",
        policy_type="StepScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        step_scaling_policy_configuration=aws.appautoscaling.PolicyStepScalingPolicyConfigurationArgs(
            # One more, not exactly one: should tasks run all the same, none of them is stopped.
            adjustment_type="ChangeInCapacity",
            metric_aggregation_type="Maximum",
            cooldown=WAKE_COOLDOWN,
            step_adjustments=[Step(metric_interval_lower_bound="0", scaling_adjustment=1)],
        ),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[after]),
    )


def _tracking_queries(
    metrics: Mapping[str, Metric],
    expressions: Mapping[str, str],
    dimensions: Mapping[str, Dimensions],
) -> Sequence[Query]:
    """Return metrics and expressions as target tracking takes them, minutes by itself."""
    *_, result = expressions
    return [
        *(
            Query(
                id=id_,
                return_data=False,
                metric_stat=Stat(
                    stat=metric.statistic,
                    metric=StatMetric(
                        namespace=metric.namespace,
                        metric_name=metric.name,
                        dimensions=[
                            Dimension(name=key, value=value)
                            for key, value in dimensions[metric.namespace].items()
                        ],
                    ),
                ),
            )
            for id_, metric in metrics.items()
        ),
        *(
            Query(id=id_, expression=expression, return_data=id_ == result)
            for id_, expression in expressions.items()
        ),
    ]


def _alarm_queries(
    metrics: Mapping[str, Metric],
    expressions: Mapping[str, str],
    dimensions: Mapping[str, Dimensions],
) -> Sequence[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    """Return metrics and expressions as an alarm takes them."""
    *_, result = expressions
    return [
        *(
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=id_,
                return_data=False,
                metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                    namespace=metric.namespace,
                    metric_name=metric.name,
                    period=60,
                    stat=metric.statistic,
                    dimensions=dimensions[metric.namespace],
                ),
            )
            for id_, metric in metrics.items()
        ),
        *(
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=id_,
                expression=expression,
                label="messages that nobody works on",
                return_data=id_ == result,
            )
            for id_, expression in expressions.items()
        ),
    ]
