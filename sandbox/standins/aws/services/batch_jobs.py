"""AWS Batch: job definitions.

What replaces and what defaults: job_definition.go of the Terraform provider. What AWS allows:
ContainerProperties, ResourceRequirement, RetryStrategy and JobTimeout in the Batch API reference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.containers import FARGATE_SIZES
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME = limits.text(
    "name",
    r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}",
    "be 1 to 128 letters, digits, hyphens and underscores, a letter or digit first",
)
"""Names of everything in Batch."""

_PATH = "containerProperties"
_SHAPES = ("containerProperties", "ecsProperties", "eksProperties", "nodeProperties")
_UNITS = 1024
_DRIVERS = ("awslogs", "splunk")
# "Isn't applicable to jobs that are running on Fargate resources": vcpus and memory are the older
# form of resourceRequirements.
_EC2_ONLY = ("instanceType", "memory", "privileged", "ulimits", "vcpus")
_EC2_ONLY_LINUX = ("devices", "maxSwap", "sharedMemorySize", "swappiness", "tmpfs")
_MOST_CONDITIONS = 5
# AWS Batch user guide, "AWS Batch service quotas": of the whole definition, which this is most of.
_LONGEST = 24 * 1024
_CONDITIONS = {
    "onExitCode": (r"[0-9]*\*?", "digits, an asterisk at the end allowed"),
    "onReason": (r"[0-9A-Za-z.:\s]*\*?", "letters, digits, . : and spaces, * at the end allowed"),
    "onStatusReason": (
        r"[0-9A-Za-z.:\s]*\*?", "letters, digits, . : and spaces, * at the end allowed",
    ),
}  # fmt: skip


def _prefix(facts: Facts) -> str:
    return facts.place.arn("batch", f"job-definition/{facts.text('name')}")


def _arn(facts: Facts) -> str:
    return f"{_prefix(facts)}:{facts.revision}"


def _shape(inputs: Mapping[str, Any]) -> list[str]:
    """RegisterJobDefinition: a job is of one kind, and nodes are of a multinode job."""
    given = [key for key in _SHAPES if inputs.get(key) is not None]
    if len(given) != 1:
        return [f"exactly one of {', '.join(_SHAPES)} must be given; {len(given)} are"]
    if (inputs.get("type") == "multinode") != (given == ["nodeProperties"]):
        return ["nodeProperties: must be given exactly for the type multinode"]
    return []


def _container(inputs: Mapping[str, Any]) -> list[str]:
    text = limits.value_at(inputs, _PATH)
    problems = limits.document(_PATH)(inputs)
    if not isinstance(text, str) or problems:
        return problems
    if len(text.encode()) > _LONGEST:
        problems.append(f"{_PATH}: must be at most {_LONGEST} bytes")
    container = json.loads(text)
    if not container.get("image"):
        problems.append(f"{_PATH}.image: must be given")
    problems += [
        f"{_PATH}.environment: must not hold names that begin with AWS_BATCH"
        for variable in container.get("environment") or []
        if str(variable.get("name", "")).startswith("AWS_BATCH")
    ]
    if "FARGATE" in (inputs.get("platformCapabilities") or []):
        problems += [f"{_PATH}.{text}" for text in _on_fargate(container)]
    elif container.get("networkConfiguration") or container.get("fargatePlatformConfiguration"):
        problems.append("platformCapabilities: must hold FARGATE for a network configuration")
    return problems


def _on_fargate(container: Mapping[str, Any]) -> Iterator[str]:
    if not container.get("executionRoleArn"):
        yield "executionRoleArn: must be given on Fargate"
    yield from (f"{key}: is not supported on Fargate" for key in _EC2_ONLY if container.get(key))
    linux = container.get("linuxParameters") or {}
    for key in _EC2_ONLY_LINUX:
        if linux.get(key):
            yield f"linuxParameters.{key}: is not supported on Fargate"
    for index, volume in enumerate(container.get("volumes") or []):
        if (volume.get("host") or {}).get("sourcePath"):
            yield f"volumes[{index}].host.sourcePath: is not supported on Fargate"
    driver = (container.get("logConfiguration") or {}).get("logDriver")
    if driver is not None and driver not in _DRIVERS:
        yield f"logConfiguration.logDriver: must be one of {', '.join(_DRIVERS)} on Fargate"
    storage = limits.number("ephemeralStorage.sizeInGiB", 21, 200, "GiB")
    yield from storage(container)
    yield from _size(container.get("resourceRequirements") or [])


def _size(requirements: list[dict[str, Any]]) -> Iterator[str]:
    """Batch has the sizes that ECS has on Fargate, vCPUs instead of CPU units."""
    path = "resourceRequirements"
    given = {item.get("type"): str(item.get("value")) for item in requirements}
    if set(given) != {"MEMORY", "VCPU"} or len(requirements) != len(given):
        yield f"{path}: must hold VCPU and MEMORY once each, and nothing else, on Fargate"
        return
    try:
        units, memory = float(given["VCPU"]) * _UNITS, int(given["MEMORY"])
    except ValueError:
        yield f"{path}: every value must be a number"
        return
    if units not in FARGATE_SIZES:
        offered = ", ".join(f"{size / _UNITS:g}" for size in FARGATE_SIZES)
        yield f"{path}: VCPU must be one of {offered} on Fargate"
    elif memory not in FARGATE_SIZES[int(units)]:
        offered = ", ".join(map(str, FARGATE_SIZES[int(units)]))
        yield f"{path}: MEMORY must be one of {offered} MiB for this VCPU on Fargate"


def _retries(inputs: Mapping[str, Any]) -> list[str]:
    strategy = limits.value_at(inputs, "retryStrategy")
    if not isinstance(strategy, dict):
        return []
    path = "retryStrategy.evaluateOnExits"
    conditions = strategy.get("evaluateOnExits") or []
    found = []
    if conditions and strategy.get("attempts") is None:
        found.append("retryStrategy.attempts: must be given with evaluateOnExits")
    if len(conditions) > _MOST_CONDITIONS:
        found.append(f"{path}: must hold at most {_MOST_CONDITIONS} conditions")
    for index, condition in enumerate(conditions):
        at = f"{path}[{index}]"
        if str(condition.get("action")).upper() not in {"EXIT", "RETRY"}:
            found.append(f"{at}.action: must be one of RETRY, EXIT")
        for key, (pattern, allowed) in _CONDITIONS.items():
            check = limits.text(key, rf"(?=.{{1,512}}\Z){pattern}", f"be 1 to 512 {allowed}")
            found += [f"{at}.{problem}" for problem in check(condition)]
    return found


KINDS = {
    "aws:batch/jobDefinition:JobDefinition": Kind(
        id=_arn,
        outputs=lambda f: {"arn": _arn(f), "arnPrefix": _prefix(f), "revision": f.revision},
        replaces=("name", "retryStrategy.evaluateOnExits"),
        defaults={"deregisterOnNewRevision": True, "propagateTags": False},
        name_limit=128,
        numbered="name",
        # An update registers another revision; the id stays the first one's, as Pulumi's
        # protocol has no way to change it.
        revised=("arn", "revision"),
        operations=(
            operation(
                "batch",
                "RegisterJobDefinition",
                renames={"name": "jobDefinitionName"},
                skips={
                    "deregisterOnNewRevision": "decides what becomes of the revision before",
                    "retryStrategy": "its action is of either case: among the checks",
                },
                json=("containerProperties", "ecsProperties", "nodeProperties"),
            ),
        ),
        checks=(
            NAME,
            _shape,
            _container,
            _retries,
            limits.document("ecsProperties"),
            limits.document("nodeProperties"),
            limits.number("retryStrategy.attempts", 1, 10, "attempts"),
            limits.number("schedulingPriority", 0, 9999),
            limits.number("timeout.attemptDurationSeconds", 60, 2147483647, "seconds"),
        ),
    ),
}
