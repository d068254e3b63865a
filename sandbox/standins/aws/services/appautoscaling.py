"""Application Auto Scaling: scalable targets, scaling policies and scheduled actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits, schedules
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping


def _ecs_resource(inputs: Mapping[str, Any]) -> list[str]:
    """RegisterScalableTarget in the Application Auto Scaling API reference."""
    resource = limits.value_at(inputs, "resourceId")
    if inputs.get("serviceNamespace") != "ecs" or resource is None:
        return []
    if re.fullmatch(r"service/[\w-]+/[\w-]+", str(resource)):
        return []
    return ["resourceId: must be service/CLUSTER/SERVICE for the namespace ecs"]


def _scheduled_id(facts: Facts) -> str:
    """Put name, namespace and resource together, as the provider does (scheduled_action.go)."""
    return "-".join(facts.text(key) for key in ("name", "serviceNamespace", "resourceId"))


def _changes_something(inputs: Mapping[str, Any]) -> list[str]:
    """ScalableTargetAction in the Application Auto Scaling API reference."""
    action = limits.value_at(inputs, "scalableTargetAction")
    if action is None or {"minCapacity", "maxCapacity"} & action.keys():
        return []
    return ["scalableTargetAction: must hold minCapacity, maxCapacity or both"]


KINDS = {
    "aws:appautoscaling/target:Target": Kind(
        id=lambda f: f.text("resourceId"),
        outputs=lambda f: {
            "arn": f.place.arn("application-autoscaling", f"scalable-target/{f.hex('target', 32)}"),
            "roleArn": f.place.global_arn(
                "iam",
                "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
                "AWSServiceRoleForApplicationAutoScaling_ECSService",
            ),
            "suspendedState": {
                "dynamicScalingInSuspended": False,
                "dynamicScalingOutSuspended": False,
                "scheduledScalingSuspended": False,
            },
        },
        replaces=("resourceId", "roleArn", "scalableDimension", "serviceNamespace"),
        operations=(operation("application-autoscaling", "RegisterScalableTarget"),),
        checks=(limits.ordered("minCapacity", "maxCapacity"), _ecs_resource),
    ),
    "aws:appautoscaling/policy:Policy": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.arn(
                "autoscaling",
                f"scalingPolicy:{f.uuid('policy')}:resource/{f.text('serviceNamespace')}/"
                f"{f.text('resourceId')}:policyName/{f.text('name')}",
            ),
            "alarmArns": [
                f.place.arn(
                    "cloudwatch",
                    f"alarm:TargetTracking-{f.text('resourceId')}-Alarm{side}-{f.uuid(side)}",
                )
                for side in ("High", "Low")
                if f.text("policyType") == "TargetTrackingScaling"
            ],
        },
        follows=("alarmArns",),
        replaces=("name", "resourceId", "scalableDimension", "serviceNamespace"),
        defaults={"policyType": "StepScaling"},
        name_limit=256,
        operations=(
            operation(
                "application-autoscaling", "PutScalingPolicy", renames={"name": "PolicyName"}
            ),
        ),
        checks=(_ecs_resource,),
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": Kind(
        id=_scheduled_id,
        outputs=lambda f: {
            "arn": f.place.arn(
                "autoscaling",
                f"scheduledAction:{f.uuid('action')}:resource/{f.text('serviceNamespace')}/"
                f"{f.text('resourceId')}:scheduledActionName/{f.text('name')}",
            ),
        },
        replaces=("name", "resourceId", "scalableDimension", "serviceNamespace"),
        defaults={"timezone": "UTC"},
        operations=(
            operation(
                "application-autoscaling",
                "PutScheduledAction",
                renames={"name": "ScheduledActionName"},
            ),
        ),
        checks=(
            _ecs_resource,
            _changes_something,
            schedules.expression("schedule"),
            schedules.time_zone("timezone"),
            limits.ordered("scalableTargetAction.minCapacity", "scalableTargetAction.maxCapacity"),
        ),
    ),
}
