"""What starts jobs, what watches over them, and what runs in AWS Batch."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from reports.cost import prices
from reports.cost.fargate import hourly
from reports.cost.model import Gap, Item, Usage, by_use, priced
from reports.cost.prices import Price
from reports.cost.sizes import Size
from reports.stack import Resource, Stack

_MIB: Final = 1024
_HIGH_RESOLUTION: Final = 60
_ARCHITECTURES: Final = {"x86_64": prices.X86, "arm64": prices.ARM}


def _schedule(stack: Stack, schedule: Resource) -> Iterator[Item]:
    yield by_use(stack, schedule, "EventBridge Scheduler", prices.SCHEDULED)


def _pipe(stack: Stack, pipe: Resource) -> Iterator[Item]:
    yield by_use(stack, pipe, "EventBridge Pipes, after the filter", prices.PIPED)


def _state_machine(stack: Stack, machine: Resource) -> Iterator[Item]:
    if machine.known("type") == "EXPRESS":
        yield Gap(machine.label, "no price known for an EXPRESS state machine")
        return
    yield by_use(stack, machine, "Step Functions, retries too", prices.TRANSITIONS)


def _function(stack: Stack, function: Resource) -> Iterator[Item]:
    yield by_use(stack, function, "Lambda", prices.CALLS)
    given = [*function.items("architectures"), "x86_64"][0]
    memory = function.number("memorySize") or 128
    what = f"Lambda, {memory} MB while it runs"
    yield by_use(stack, function, what, prices.GB_SECONDS[_ARCHITECTURES[str(given)]])


def _alarm(stack: Stack, alarm: Resource) -> Iterator[Item]:
    queries = alarm.items("metricQueries")
    periods = [alarm.get("period"), *((each.get("metric") or {}).get("period") for each in queries)]
    if any(isinstance(each, int | float) and each < _HIGH_RESOLUTION for each in periods):
        yield Gap(alarm.label, "no price known for an alarm of high resolution")
        return
    metrics = len([each for each in queries if each.get("metric")]) or 1
    yield priced(stack, alarm, "CloudWatch alarm, each metric", prices.ALARM, number=metrics)


def _metric_filter(_: Stack, metric_filter: Resource) -> Iterator[Item]:
    what = "CloudWatch metric of a log, in hours that have a match"
    yield Usage(metric_filter.name, what, Price(None, "metric"))


def _job_definition(stack: Stack, definition: Resource) -> Iterator[Item]:
    if "FARGATE" not in definition.items("platformCapabilities"):
        yield Gap(definition.label, "doesn't require FARGATE, so where it runs isn't known")
        return
    text = definition.known("containerProperties")
    if text is None:
        yield Gap(definition.label, "no price known for a job of several containers")
        return
    container = json.loads(text)
    size, platform = _size(container), container.get("runtimePlatform") or {}
    each = hourly(
        f"job of {size}",
        size,
        architecture=platform.get("cpuArchitecture") or prices.X86,
        spot=False,
        storage=(container.get("ephemeralStorage") or {}).get("sizeInGiB") or 0,
        region=stack.region_of(definition),
    )
    if isinstance(each, str):
        yield Gap(definition.label, each)
        return
    what = f"job of {size}, while it runs (on demand)"
    yield Usage(definition.name, what, Price(each, "hour", "list"))


def _size(container: Mapping[str, Any]) -> Size:
    """Return a job's size, which Batch writes as vCPU and MiB."""
    needed = {item["type"]: Decimal(item["value"]) for item in container["resourceRequirements"]}
    return Size(needed["VCPU"], needed["MEMORY"] / _MIB)


ITEMS: Final[Mapping[str, Callable[[Stack, Resource], Iterable[Item]]]] = {
    "aws:batch/jobDefinition:JobDefinition": _job_definition,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _metric_filter,
    "aws:lambda/function:Function": _function,
    "aws:pipes/pipe:Pipe": _pipe,
    "aws:scheduler/schedule:Schedule": _schedule,
    "aws:sfn/stateMachine:StateMachine": _state_machine,
}
"""By type: what one resource costs."""
