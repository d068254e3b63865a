"""What the tasks of an ECS service cost a month."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Final

from ..core.rule import Member, Stack
from ..core.values import Finding, Place, Violation, as_integer
from . import prices
from .capacity import ON_DEMAND, SPOT, Strategy, split, strategy_of
from .launches import SERVICE, TASK_SET, definitions

TARGET: Final = "aws:appautoscaling/target:Target"
SCHEDULED_ACTION: Final = "aws:appautoscaling/scheduledAction:ScheduledAction"

_PROVIDER: Final = "pulumi:providers:aws"
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(vcpu|gb)?", re.IGNORECASE)


class NoEstimateError(Exception):
    """A service's cost can't be estimated; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


@dataclass(frozen=True)
class Tasks:
    """How many tasks a service has.

    Attributes:
        now: what it has as deployed, within its automatic scaling's range.
        low, high: the range; both the same without automatic scaling.
    """

    now: int
    low: int
    high: int


@dataclass(frozen=True)
class Estimate:
    """What a service's tasks cost, in USD a month of 730 hours.

    Attributes:
        tasks: how many there are.
        now, low, high: the cost of as many.
        of_region: whether all prices are those of its region; otherwise some are us-east-1's.
    """

    tasks: Tasks
    now: Decimal
    low: Decimal
    high: Decimal
    of_region: bool


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


def estimate(stack: Stack, service: Member) -> Estimate:
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
    return Estimate(tasks, *costs, of_region=of_region)


def _holders(stack: Stack, service: Member) -> Iterator[tuple[Member, Decimal]]:
    """Yield what names the definitions of a service's tasks, with the percentage of the tasks."""
    if service.at("deploymentController", "type").text != "EXTERNAL":
        yield service, Decimal(100)
        return
    for task_set in stack.referring(service, (TASK_SET,), "service", (SERVICE,)):
        percent = task_set.at("scale", "value")
        share = 100 if percent.value is None else percent.value
        if not isinstance(share, int | float) or not 0 <= share <= 100:  # noqa: PLR2004 - percent
            raise _none(task_set, percent, "must be a percentage")
        yield task_set, Decimal(str(share))


def _strategy(stack: Stack, holder: Member) -> Strategy:
    strategy = strategy_of(stack, holder)
    if isinstance(strategy, Finding):
        raise NoEstimateError(strategy)
    if not strategy or strategy.keys() - {ON_DEMAND, SPOT}:
        place = holder.at("capacityProviderStrategies")
        raise _none(holder, place, "no price is known for tasks that don't run on Fargate")
    return strategy


def _task(stack: Stack, service: Member, holder: Member) -> _Task:
    definition = next(iter(definitions(stack, holder)), None)
    if definition is None:
        place = holder.at("taskDefinition")
        raise _none(holder, place, "isn't in this stack, so that the size of tasks isn't known")
    platform = definition.at("runtimePlatform")
    system, architecture = platform.at("operatingSystemFamily"), platform.at("cpuArchitecture")
    if system.present and system.text != "LINUX":
        raise _none(definition, system, "no price is known for it, only for LINUX")
    if architecture.present and architecture.text not in prices.ON_DEMAND:
        raise _none(definition, architecture, "no price is known for it")
    return _Task(
        vcpu=_amount(definition, definition.at("cpu"), "vcpu"),
        gb=_amount(definition, definition.at("memory"), "gb"),
        storage=_number(definition, definition.at("ephemeralStorage", "sizeInGib")),
        architecture=architecture.text or prices.X86,
        region=_region(stack, service),
    )


def _region(stack: Stack, service: Member) -> str:
    """Return a service's region, or that of the stack's provider; empty where neither is known."""
    regions = {provider.at("region").text for provider in stack.of_type(_PROVIDER)}
    return service.at("region").text or (regions.pop() if len(regions) == 1 else "")


def _tasks(stack: Stack, service: Member) -> Tasks:
    desired = _number(service, service.at("desiredCount"))
    target = next(iter(_targets(stack, service)), None)
    if target is None:
        return Tasks(desired, desired, desired)
    low, high = (_number(target, target.at(key)) for key in ("minCapacity", "maxCapacity"))
    now, least, most = min(max(desired, low), high), low, high
    for action in stack.referring(target, (SCHEDULED_ACTION,), "resourceId", (TARGET,)):
        limits = action.at("scalableTargetAction")
        minimum = _number(action, limits.at("minCapacity"), absent=low)
        maximum = _number(action, limits.at("maxCapacity"), absent=high)
        if not action.at("schedule").text.startswith("at("):
            now = max(now, minimum)
        least, most = min(least, minimum), max(most, maximum)
    return Tasks(now, least, max(most, now))


def _targets(stack: Stack, service: Member) -> Iterable[Member]:
    """Return what scales a service: by what it is made from, or as service/CLUSTER/NAME."""
    written = service.at("arn").text.rpartition(":")[2]
    named = stack.with_text(TARGET, "resourceId").get(written, []) if written else []
    return (*stack.referring(service, (TARGET,), "resourceId", (SERVICE,)), *named)


def _amount(definition: Member, place: Place, unit: str) -> Decimal:
    """Return vCPU or GB of a task: CPU units or MiB, or a text such as 0.5 vCPU or 1 GB."""
    found = _AMOUNT.fullmatch(str(place.value).strip()) if place.present and place.known else None
    if not found or (found[2] or unit).lower() != unit:
        raise _none(definition, place, "must be the size of a task of Fargate")
    return Decimal(found[1]) if found[2] else Decimal(found[1]) / 1024


def _number(member: Member, place: Place, absent: int = 0) -> int:
    number = absent if place.value is None else as_integer(place.value)
    if number is None or number < 0:
        raise _none(member, place, "must be a number of 0 or more")
    return number


def _none(member: Member, place: Place, why: str) -> NoEstimateError:
    if not place.known:
        return NoEstimateError(member.unreadable(place))
    return NoEstimateError(Violation(f"{place.path} of {member.name}: {why}", member.urn))
