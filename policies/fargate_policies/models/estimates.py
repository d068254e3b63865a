"""Estimates of what runs all month, and why there may be none."""

from dataclasses import dataclass
from decimal import Decimal

from ..core.rule import Member, Stack
from ..core.values import Finding, Place, Violation, as_integer

_PROVIDER = "pulumi:providers:aws"


class NoEstimateError(Exception):
    """What something costs can't be estimated; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


@dataclass(frozen=True)
class Count:
    """How many tasks or pods there are.

    Attributes:
        now: as deployed, within the range of automatic scaling.
        low, high: the range; both the same without automatic scaling.
    """

    now: int
    low: int
    high: int


@dataclass(frozen=True)
class Estimate:
    """What tasks or pods cost, in USD a month of 730 hours.

    Attributes:
        unit: task or pod.
        count: how many there are.
        now, low, high: the cost of as many.
        of_region: whether all prices are those of its region; otherwise some are us-east-1's.
    """

    unit: str
    count: Count
    now: Decimal
    low: Decimal
    high: Decimal
    of_region: bool


def no_estimate(member: Member, place: Place, why: str) -> NoEstimateError:
    """Return the error for a property of a resource that stands in the way of an estimate."""
    if not place.known:
        return NoEstimateError(member.unreadable(place))
    return NoEstimateError(Violation(f"{place.path} of {member.name}: {why}", member.urn))


def number(member: Member, place: Place, absent: int = 0) -> int:
    """Return a property that is a number of tasks, GB or the like.

    Raises:
        NoEstimateError: it isn't one, or isn't known yet.
    """
    found = absent if place.value is None else as_integer(place.value)
    if found is None or found < 0:
        raise no_estimate(member, place, "must be a number of 0 or more")
    return found


def region_of_stack(stack: Stack) -> str:
    """Return the region of a stack's provider; empty where it isn't known, or there are several."""
    regions = {provider.at("region").text for provider in stack.of_type(_PROVIDER)}
    return regions.pop() if len(regions) == 1 else ""
