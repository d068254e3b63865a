"""What the tasks of an ECS service cost a month."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Final

from ..core.rule import Member, Stack
from ..core.values import Finding, Place
from . import prices
from .capacity import ON_DEMAND, SPOT, Strategy, split, strategy_of
from .estimates import Count, Estimate, NoEstimateError, no_estimate, number, region_of_stack
from .launches import SERVICE, TASK_SET, definitions

TARGET: Final = "aws:appautoscaling/target:Target"
SCHEDULED_ACTION: Final = "aws:appautoscaling/scheduledAction:ScheduledAction"

_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(vcpu|gb)?", re.IGNORECASE)


@dataclass(frozen=True)
class _Task:
    """One task of a definition: its size, and where it runs."""

    vcpu: Decimal
    gb: Decimal
    storage: int
    architecture: str
    region: str

    def price(self, *, spot: bool) -> prices.Price:
        return prices.task_price(
            self.vcpu, self.gb, storage=self.storage, architecture=self.architecture, spot=spot,
            region=self.region,
        )  # fmt: skip


def estimate_tasks(stack: Stack, service: Member) -> Estimate:
    """Return what a service's tasks cost: vCPU, memory and disk, all month, by list prices.

    What a schedule changes belongs to the range, and the largest minimum that it sets again and
    again counts as deployed: no hours are subtracted.

    Raises:
        NoEstimateError: it can't be said, or isn't known yet.
    """
    tasks = _tasks(stack, service)
    costs = [Decimal(0)] * 3
    of_region = True
    for holder, percent in _holders(stack, service):
        task, strategy = _task(stack, service, holder), _strategy(stack, holder)
        for index, count in enumerate((tasks.now, tasks.low, tasks.high)):
            shares = split(ceil(count * percent / 100), strategy)
            for provider, share in shares.items():
                price = task.price(spot=provider == SPOT)
                costs[index] += share * price.amount * prices.HOURS
                of_region = of_region and (price.of_region or not share)
    now, low, high = costs
    return Estimate("task", tasks, now, low, high, of_region)


def _holders(stack: Stack, service: Member) -> Iterator[tuple[Member, Decimal]]:
    """Yield what names the definitions of a service's tasks, with the percentage of the tasks."""
    if service.at("deploymentController", "type").text != "EXTERNAL":
        yield service, Decimal(100)
        return
    for task_set in stack.referring(service, (TASK_SET,), "service", (SERVICE,)):
        percent = task_set.at("scale", "value")
        share = 100 if percent.value is None else percent.value
        if not isinstance(share, int | float) or not 0 <= share <= 100:  # noqa: PLR2004 - percent
            raise no_estimate(task_set, percent, "must be a percentage")
        yield task_set, Decimal(str(share))


def _strategy(stack: Stack, holder: Member) -> Strategy:
    strategy = strategy_of(stack, holder)
    if isinstance(strategy, Finding):
        raise NoEstimateError(strategy)
    if not strategy or strategy.keys() - {ON_DEMAND, SPOT}:
        place = holder.at("capacityProviderStrategies")
        raise no_estimate(holder, place, "no price is known for tasks that don't run on Fargate")
    return strategy


def _task(stack: Stack, service: Member, holder: Member) -> _Task:
    definition = next(iter(definitions(stack, holder)), None)
    if definition is None:
        place = holder.at("taskDefinition")
        raise no_estimate(
            holder, place, "isn't in this stack, so that the size of tasks isn't known"
        )
    platform = definition.at("runtimePlatform")
    system, architecture = platform.at("operatingSystemFamily"), platform.at("cpuArchitecture")
    if system.present and system.text != "LINUX":
        raise no_estimate(definition, system, "no price is known for it, only for LINUX")
    if architecture.present and architecture.text not in prices.ON_DEMAND:
        raise no_estimate(definition, architecture, "no price is known for it")
    return _Task(
        vcpu=_amount(definition, definition.at("cpu"), "vcpu"),
        gb=_amount(definition, definition.at("memory"), "gb"),
        storage=number(definition, definition.at("ephemeralStorage", "sizeInGib")),
        architecture=architecture.text or prices.X86,
        region=service.at("region").text or region_of_stack(stack),
    )


def _tasks(stack: Stack, service: Member) -> Count:
    desired = number(service, service.at("desiredCount"))
    target = next(iter(_targets(stack, service)), None)
    if target is None:
        return Count(desired, desired, desired)
    low, high = (number(target, target.at(key)) for key in ("minCapacity", "maxCapacity"))
    now, least, most = min(max(desired, low), high), low, high
    for action in stack.referring(target, (SCHEDULED_ACTION,), "resourceId", (TARGET,)):
        limits = action.at("scalableTargetAction")
        minimum = number(action, limits.at("minCapacity"), absent=low)
        maximum = number(action, limits.at("maxCapacity"), absent=high)
        if not action.at("schedule").text.startswith("at("):
            now = max(now, minimum)
        least, most = min(least, minimum), max(most, maximum)
    return Count(now, least, max(most, now))


def _targets(stack: Stack, service: Member) -> Iterable[Member]:
    """Return what scales a service: by what it is made from, or as service/CLUSTER/NAME."""
    written = service.at("arn").text.rpartition(":")[2]
    named = stack.with_text(TARGET, "resourceId").get(written, []) if written else []
    return (*stack.referring(service, (TARGET,), "resourceId", (SERVICE,)), *named)


def _amount(definition: Member, place: Place, unit: str) -> Decimal:
    """Return vCPU or GB of a task: CPU units or MiB, or a text such as 0.5 vCPU or 1 GB."""
    found = _AMOUNT.fullmatch(str(place.value).strip())
    if not found or (found[2] or unit).lower() != unit:
        raise no_estimate(definition, place, "must be the size of a task of Fargate")
    amount = Decimal(found[1])
    return amount if found[2] else amount / 1024
