"""AWS Batch: compute environments, job queues and scheduling policies.

What replaces and what defaults: compute_environment.go, job_queue.go and scheduling_policy.go of
the Terraform provider. What AWS allows, where nothing else is said: the Batch API reference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits, models
from sandbox.standins.aws.kinds import Kind, operation
from sandbox.standins.aws.services.batch_jobs import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins import diff
    from sandbox.standins.wire import Properties

_FARGATE = ("FARGATE", "FARGATE_SPOT")
_RESOURCES = "computeResources"
_SERVICE_LINKED = "role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"
_MOST_SUBNETS, _MOST_GROUPS, _MOST_ENVIRONMENTS, _MOST_SHARES = 16, 5, 3, 500
# ComputeResource: "isn't applicable to jobs that are running on Fargate resources".
_EC2_ONLY = (
    "allocationStrategy", "bidPercentage", "desiredVcpus", "ec2Configurations", "ec2KeyPair",
    "imageId", "instanceRole", "instanceTypes", "launchTemplate", "minVcpus", "placementGroup",
    "spotIamFleetRole", "tags",
)  # fmt: skip
_UPDATED_STRATEGIES = (
    "BEST_FIT_PROGRESSIVE", "SPOT_CAPACITY_OPTIMIZED", "SPOT_PRICE_CAPACITY_OPTIMIZED",
)  # fmt: skip
_ALWAYS_REPLACE = ("ec2Configurations", "launchTemplate", "placementGroup", "spotIamFleetRole")
# What a compute environment that AWS can't update is replaced for, in addition.
_ELSE_REPLACE = (
    "allocationStrategy", "bidPercentage", "ec2KeyPair", "imageId", "instanceRole",
    "instanceTypes", "tags",
)  # fmt: skip
_NETWORK = ("securityGroupIds", "subnets")


def _resources(inputs: Mapping[str, Any]) -> list[str]:
    managed, given = inputs.get("type") == "MANAGED", inputs.get(_RESOURCES)
    if managed and given is None:
        return [f"{_RESOURCES}: must be given for a managed compute environment"]
    if inputs.get("type") == "UNMANAGED" and given:
        return [f"{_RESOURCES}: must not be given for an unmanaged compute environment"]
    if not isinstance(given, dict) or given.get("type") not in _FARGATE:
        return []
    found = [
        f"{_RESOURCES}.{key}: is not supported on Fargate"
        for key in _EC2_ONLY
        if given.get(key) is not None
    ]
    found += [
        f"{_RESOURCES}.{key}: must hold 1 to {most} on Fargate"
        for key, most in (("subnets", _MOST_SUBNETS), ("securityGroupIds", _MOST_GROUPS))
        if key not in given or (isinstance(given[key], list) and not 1 <= len(given[key]) <= most)
    ]
    return found


def _is_replaced(old: Properties, new: Properties, change: diff.Change) -> bool:
    """CustomizeDiff in compute_environment.go: subnets and groups change in place on Fargate."""
    del old
    step = change.path.removeprefix(f"{_RESOURCES}.").split(".")[0].split("[")[0]
    if not change.path.startswith(_RESOURCES) or _can_be_updated(new):
        return False
    fargate = models.value_at(new, f"{_RESOURCES}.type") in _FARGATE
    return step in _ELSE_REPLACE or (step in _NETWORK and not fargate)


def _can_be_updated(inputs: Properties) -> bool:
    role = str(inputs.get("serviceRole") or "")
    linked = not role or "role/aws-service-role/batch.amazonaws.com/" in role
    return linked and models.value_at(inputs, f"{_RESOURCES}.allocationStrategy") in (
        _UPDATED_STRATEGIES
    )


def _environments(inputs: Mapping[str, Any]) -> list[str]:
    given = inputs.get("computeEnvironmentOrders")
    if given is None or (isinstance(given, list) and not 1 <= len(given) <= _MOST_ENVIRONMENTS):
        return [f"computeEnvironmentOrders: must hold 1 to {_MOST_ENVIRONMENTS} environments"]
    orders = [item.get("order") for item in given if isinstance(item, dict)]
    if len(set(map(str, orders))) < len(orders):
        return ["computeEnvironmentOrders: every order must be another number"]
    return []


def _time_limits(inputs: Mapping[str, Any]) -> list[str]:
    low, high = 600, 86400
    return [
        f"jobStateTimeLimitActions[{index}].{problem}"
        for index, action in enumerate(limits.value_at(inputs, "jobStateTimeLimitActions") or [])
        for problem in limits.number("maxTimeSeconds", low, high, "seconds")(action)
    ]


def _shares(inputs: Mapping[str, Any]) -> list[str]:
    path = "fairSharePolicy.shareDistributions"
    shares = limits.value_at(inputs, path) or []
    if len(shares) > _MOST_SHARES:
        return [f"{path}: must hold at most {_MOST_SHARES} shares"]
    found = []
    for index, share in enumerate(shares):
        identifier, weight = str(share.get("shareIdentifier")), share.get("weightFactor", 1)
        if not re.fullmatch(r"[A-Za-z0-9]{1,255}\*?", identifier):
            allowed = "must be 1 to 255 letters and digits, an asterisk at the end allowed"
            found.append(f"{path}[{index}].shareIdentifier: {allowed}")
        if not 0.0001 <= float(weight) <= 999.9999:  # noqa: PLR2004 - the range of ShareAttributes
            found.append(f"{path}[{index}].weightFactor: must be 0.0001 to 999.9999")
    names = [str(share.get("shareIdentifier")) for share in shares]
    if any(_overlap(a, b) for n, a in enumerate(names) for m, b in enumerate(names) if n != m):
        found.append(f"{path}: identifiers must not overlap")
    return found


def _overlap(first: str, second: str) -> bool:
    return first == second or (first.endswith("*") and second.startswith(first[:-1]))


KINDS = {
    "aws:batch/computeEnvironment:ComputeEnvironment": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.arn("batch", f"compute-environment/{f.text('name')}"),
            "ecsClusterArn": f.place.arn(
                "ecs", f"cluster/AWSBatch-{f.text('name')}-{f.uuid('cluster')}"
            ),
            "serviceRole": f.place.global_arn("iam", _SERVICE_LINKED),
            "status": "VALID",
            "statusReason": "ComputeEnvironment Healthy",
        },
        replaces=(
            "eksConfiguration",
            "name",
            "namePrefix",
            "type",
            *(f"{_RESOURCES}.{key}" for key in _ALWAYS_REPLACE),
        ),
        replaces_if=_is_replaced,
        defaults={"state": "ENABLED"},
        name_limit=128,
        unique=lambda f: f.text("name"),
        taken="ClientException: Object already exists",
        operations=(
            operation(
                "batch",
                "CreateComputeEnvironment",
                renames={"name": "computeEnvironmentName"},
                skips={"updatePolicy": "UpdateComputeEnvironment: among the checks"},
            ),
        ),
        checks=(
            NAME,
            _resources,
            limits.number(f"{_RESOURCES}.maxVcpus", 1, 2147483647, "vCPUs"),
            limits.number("updatePolicy.jobExecutionTimeoutMinutes", 1, 360, "minutes"),
        ),
    ),
    "aws:batch/jobQueue:JobQueue": Kind(
        id=lambda f: f.place.arn("batch", f"job-queue/{f.text('name')}"),
        outputs=lambda f: {"arn": f.place.arn("batch", f"job-queue/{f.text('name')}")},
        replaces=("name",),
        name_limit=128,
        unique=lambda f: f.text("name"),
        taken="ClientException: Object already exists",
        operations=(
            operation(
                "batch",
                "CreateJobQueue",
                renames={"name": "jobQueueName"},
                skips={"timeouts": "how long the provider waits"},
            ),
        ),
        checks=(
            NAME,
            # AWS::Batch::JobQueue in the CloudFormation template reference.
            limits.number("priority", 0, 1000),
            _environments,
            _time_limits,
        ),
    ),
    "aws:batch/schedulingPolicy:SchedulingPolicy": Kind(
        id=lambda f: f.place.arn("batch", f"scheduling-policy/{f.text('name')}"),
        outputs=lambda f: {"arn": f.place.arn("batch", f"scheduling-policy/{f.text('name')}")},
        replaces=("name",),
        name_limit=128,
        unique=lambda f: f.text("name"),
        taken="ClientException: Object already exists",
        operations=(operation("batch", "CreateSchedulingPolicy"),),
        checks=(
            NAME,
            limits.number("fairSharePolicy.computeReservation", 0, 99, "percent"),
            limits.number("fairSharePolicy.shareDecaySeconds", 0, 604800, "seconds"),
            _shares,
        ),
    ),
}
