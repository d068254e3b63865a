"""Automatic scaling of services on EKS."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s

from components.settings import ScalingSettings


def scale_pods(
    name: str,
    scaling: ScalingSettings,
    *,
    metadata: k8s.meta.v1.ObjectMetaArgs,
    deployment: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    """Hold a Deployment's average CPU and memory by its number of pods, as metrics-server measures.

    A service with a fixed count has nothing that scales it.

    Args:
        name: prefix of the resource's name.
        scaling: smallest and largest number of pods, and the averages in percent of the request.
        metadata: the object's name, namespace and labels.
        deployment: the Deployment's name, as its output.
        opts: options of an object in the cluster.
    """
    if scaling.count is not None:
        return
    k8s.autoscaling.v2.HorizontalPodAutoscaler(
        f"{name}-scaling",
        metadata=metadata,
        spec=k8s.autoscaling.v2.HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=k8s.autoscaling.v2.CrossVersionObjectReferenceArgs(
                api_version="apps/v1", kind="Deployment", name=deployment
            ),
            min_replicas=scaling.min,
            max_replicas=scaling.max,
            metrics=_metrics(scaling),
            behavior=_behavior(scaling),
        ),
        opts=opts,
    )


def _metrics(scaling: ScalingSettings) -> Sequence[k8s.autoscaling.v2.MetricSpecArgs]:
    return [
        k8s.autoscaling.v2.MetricSpecArgs(
            type="Resource",
            resource=k8s.autoscaling.v2.ResourceMetricSourceArgs(
                name=resource,
                target=k8s.autoscaling.v2.MetricTargetArgs(
                    type="Utilization", average_utilization=percent
                ),
            ),
        )
        for resource, percent in (("cpu", scaling.cpu), ("memory", scaling.memory))
        if percent is not None
    ]


def _behavior(
    scaling: ScalingSettings,
) -> k8s.autoscaling.v2.HorizontalPodAutoscalerBehaviorArgs | None:
    if scaling.cooldown is None:
        return None
    return k8s.autoscaling.v2.HorizontalPodAutoscalerBehaviorArgs(
        scale_down=k8s.autoscaling.v2.HPAScalingRulesArgs(
            stabilization_window_seconds=scaling.cooldown.in_
        ),
        scale_up=k8s.autoscaling.v2.HPAScalingRulesArgs(
            stabilization_window_seconds=scaling.cooldown.out
        ),
    )
