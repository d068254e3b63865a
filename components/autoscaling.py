"""Automatic scaling of services on both runtimes."""

from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from components.settings import ScalingSettings

SCALE_OUT_COOLDOWN: Final = 60
"""Seconds between two steps up."""
SCALE_IN_COOLDOWN: Final = 300
"""Seconds between two steps down: slower, since a missing task costs more than one too many."""


def scale_on_cpu(
    name: str,
    scaling: ScalingSettings,
    *,
    cluster: pulumi.Input[str],
    service: pulumi.Input[str],
    parent: pulumi.Resource,
) -> None:
    """Hold an ECS service's average CPU by its number of tasks.

    Args:
        name: prefix of the two resources' names.
        scaling: smallest and largest number of tasks, and the average CPU in percent.
        cluster: the cluster's name.
        service: the service's name, as the service's output.
        parent: the service's component.
    """
    target = aws.appautoscaling.Target(
        f"{name}-scaling",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat("service/", cluster, "/", service),
        min_capacity=scaling.min,
        max_capacity=scaling.max,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    aws.appautoscaling.Policy(
        f"{name}-scaling-cpu",
        name=f"{name}-cpu",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration=(
            aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
                target_value=scaling.cpu,
                predefined_metric_specification=(
                    aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
                        predefined_metric_type="ECSServiceAverageCPUUtilization"
                    )
                ),
                scale_out_cooldown=SCALE_OUT_COOLDOWN,
                scale_in_cooldown=SCALE_IN_COOLDOWN,
            )
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def scale_pods_on_cpu(
    name: str,
    scaling: ScalingSettings,
    *,
    metadata: k8s.meta.v1.ObjectMetaArgs,
    deployment: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    """Hold a Deployment's average CPU by its number of pods; metrics-server measures it.

    Args:
        name: prefix of the resource's name.
        scaling: smallest and largest number of pods, and the average CPU in percent of the request.
        metadata: the object's name, namespace and labels.
        deployment: the Deployment's name, as its output.
        opts: options of an object in the cluster.
    """
    k8s.autoscaling.v2.HorizontalPodAutoscaler(
        f"{name}-scaling",
        metadata=metadata,
        spec=k8s.autoscaling.v2.HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=k8s.autoscaling.v2.CrossVersionObjectReferenceArgs(
                api_version="apps/v1", kind="Deployment", name=deployment
            ),
            min_replicas=scaling.min,
            max_replicas=scaling.max,
            metrics=[
                k8s.autoscaling.v2.MetricSpecArgs(
                    type="Resource",
                    resource=k8s.autoscaling.v2.ResourceMetricSourceArgs(
                        name="cpu",
                        target=k8s.autoscaling.v2.MetricTargetArgs(
                            type="Utilization", average_utilization=scaling.cpu
                        ),
                    ),
                )
            ],
        ),
        opts=opts,
    )
