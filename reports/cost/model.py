"""What a cost report is made of."""

from dataclasses import dataclass
from decimal import Decimal

from reports.cost.prices import HOME, HOURS, Price
from reports.cost.sizes import Size
from reports.stack import Resource, Stack


@dataclass(frozen=True)
class Count:
    """How many of something run.

    Attributes:
        now: as deployed.
        low, high: the range that automatic scaling may use.
    """

    now: int
    low: int
    high: int

    @classmethod
    def fixed(cls, number: int) -> "Count":
        """Return a number that nothing scales."""
        return cls(number, number, number)


@dataclass(frozen=True)
class Compute:
    """What a line of Fargate compute runs on, for the comparison with EC2.

    Attributes:
        size: of each task or pod.
        architecture: as ECS writes it.
        spot: whether it is Spot capacity.
    """

    size: Size
    architecture: str
    spot: bool


@dataclass(frozen=True)
class Line:
    """Something that costs by the hour (or by the month, such as a key).

    Attributes:
        group: the components it belongs to, the outermost first.
        name: the resource's name.
        what: what is paid for.
        count: how many.
        monthly_each: USD for one of them a month.
        region: where.
        compute: set for tasks and pods.
    """

    group: tuple[str, ...]
    name: str
    what: str
    count: Count
    monthly_each: Decimal
    region: str
    compute: Compute | None = None

    @property
    def monthly(self) -> Decimal:
        """USD a month, as deployed."""
        return self.count.now * self.monthly_each

    @property
    def low(self) -> Decimal:
        """USD a month, scaled in."""
        return self.count.low * self.monthly_each

    @property
    def high(self) -> Decimal:
        """USD a month, scaled out."""
        return self.count.high * self.monthly_each


@dataclass(frozen=True)
class Usage:
    """Something that is billed by use, and so in no total.

    Attributes:
        name: the resource's name.
        what: what is billed.
        price: its price for a unit.
    """

    name: str
    what: str
    price: Price


@dataclass(frozen=True)
class Gap:
    """Something that may cost and is in no total, since it can't be known.

    Attributes:
        name: the resource's label.
        reason: why not, and what to do.
    """

    name: str
    reason: str


Item = Line | Usage | Gap


def by_use(stack: Stack, resource: Resource, what: str, price: Price) -> Usage:
    """Return what is billed by use, without a price where its region's isn't known.

    Args:
        stack: the stack.
        resource: what is paid for.
        what: the same in words.
        price: what a unit costs in the one region that prices are known for.
    """
    known = stack.region_of(resource) == HOME
    return Usage(resource.name, what, price if known else Price(None, price.unit))


def priced(
    stack: Stack,
    resource: Resource,
    what: str,
    price: Price,
    *,
    number: int = 1,
    name: str | None = None,
) -> Line | Gap:
    """Return the line of something whose price is known for one region only.

    Args:
        stack: the stack.
        resource: what is paid for.
        what: the same in words.
        price: by the hour, unless its unit is the month.
        number: how many.
        name: what the line is called; the resource's name by default.
    """
    region = stack.region_of(resource)
    if region != HOME or price.amount is None:
        return Gap(resource.label, no_price(what, region, [HOME]))
    each = price.amount if price.unit == "month" else price.amount * HOURS
    return Line(
        stack.components(resource), name or resource.name, what, Count.fixed(number), each, region
    )


def no_price(what: str, region: str | None, known: list[str]) -> str:
    """Say that a region's price isn't known, and which ones are."""
    if region is None:
        return f"{what}: its region can't be read from the input; name it with --region"
    return f"{what}: no price known for {region}; prices are known for {', '.join(sorted(known))}"
