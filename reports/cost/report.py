"""The cost report: as data, as text, as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any, Final

from reports.cost import ec2
from reports.cost.items import items_of
from reports.cost.model import Gap, Item, Line, Usage
from reports.cost.prices import AS_OF, HOURS, Price
from reports.cost.sizes import plain
from reports.errors import UnknownValueError
from reports.stack import Resource, Stack, reading
from reports.tables import table

CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class CostReport:
    """What a stack costs a month.

    Attributes:
        stack: the stack's name.
        lines: what costs by the hour, sorted by component.
        usage: what is billed by use.
        gaps: what may cost, but can't be known.
        free: how many resources of each type cost nothing by themselves.
    """

    stack: str
    lines: tuple[Line, ...]
    usage: tuple[Usage, ...]
    gaps: tuple[Gap, ...]
    free: tuple[tuple[str, int], ...]

    @property
    def monthly(self) -> Decimal:
        """USD a month, as deployed."""
        return sum((line.monthly for line in self.lines), Decimal(0))

    @property
    def low(self) -> Decimal:
        """USD a month, everything scaled in."""
        return sum((line.low for line in self.lines), Decimal(0))

    @property
    def high(self) -> Decimal:
        """USD a month, everything scaled out."""
        return sum((line.high for line in self.lines), Decimal(0))


def cost_report(stack: Stack) -> CostReport:
    """Return what a stack costs a month.

    Args:
        stack: the stack; what its regions have no known prices for becomes a gap.
    """
    found: list[Item] = []
    free: Counter[str] = Counter()
    for resource in stack.resources:
        if not resource.custom or resource.type.startswith("pulumi:"):
            continue
        items = list(_items(stack, resource))
        found += items
        if not items:
            free[resource.type] += 1
    lines = [item for item in found if isinstance(item, Line)]
    return CostReport(
        stack.name,
        tuple(sorted(lines, key=lambda line: (line.group, line.name))),
        tuple(item for item in found if isinstance(item, Usage)),
        tuple(item for item in found if isinstance(item, Gap)),
        tuple(sorted(free.items())),
    )


def _items(stack: Stack, resource: Resource) -> Iterator[Item]:
    """Yield a resource's items; what can't be read in it becomes a gap, never silence."""
    try:
        with reading(resource):
            yield from items_of(stack, resource)
    except UnknownValueError as error:
        yield Gap(resource.label, f"{error.where} is not known before the deployment")


def money(amount: Decimal) -> str:
    """Return an amount to the cent, half a cent rounded up."""
    return f"{amount.quantize(CENT, ROUND_HALF_UP):,}"


def as_text(report: CostReport) -> str:
    """Return the report for a person to read."""
    sections = [
        f"Stack {report.stack or '(empty)'}: {money(report.monthly)} USD a month as deployed"
        f" ({money(report.low)} to {money(report.high)} as it scales).\n"
        f"{HOURS} hours, prices of {AS_OF}, without taxes, discounts and what is billed by use."
        + (f"\n{len(report.gaps)} could not be priced: see below." if report.gaps else ""),
        _lines_text(report),
        _usage_text(report.usage),
        _gaps_text(report.gaps),
        _ec2_text(report.lines),
        _free_text(report.free),
    ]
    return "\n\n".join(section for section in sections if section)


def _lines_text(report: CostReport) -> str:
    if not report.lines:
        return ""
    rows: list[list[str]] = []
    for group, members in groupby(report.lines, key=lambda line: line.group):
        lines = list(members)
        rows.append([" / ".join(group) or "(no component)"])
        for line in lines:
            cells = [f"  {line.name}", line.what, str(line.count.now), money(line.monthly_each)]
            rows.append([*cells, money(line.monthly), _range(line.low, line.high)])
        subtotal = sum((line.monthly for line in lines), Decimal(0))
        low = sum((line.low for line in lines), Decimal(0))
        high = sum((line.high for line in lines), Decimal(0))
        if len(lines) > 1:
            rows.append(["  together", "", "", "", money(subtotal), _range(low, high)])
    rows.append(["Total", "", "", "", money(report.monthly), _range(report.low, report.high)])
    headers = ["COMPONENT", "WHAT", "NUMBER", "EACH", "MONTHLY", "RANGE"]
    return table(headers, rows, right=headers[2:])


def _range(low: Decimal, high: Decimal) -> str:
    return "" if low == high else f"{money(low)} - {money(high)}"


def _usage_text(usage: Sequence[Usage]) -> str:
    if not usage:
        return ""
    by_price: dict[tuple[str, Price], list[str]] = {}
    for each in usage:
        by_price.setdefault((each.what, each.price), []).append(each.name)
    rows = [
        [what, _price(price), _names(names)] for (what, price), names in sorted(
            by_price.items(), key=lambda entry: (entry[0][0], entry[0][1].unit)
        )
    ]  # fmt: skip
    return "Billed by use, in no total:\n" + table(["WHAT", "PRICE", "OF"], rows)


def _price(price: Price) -> str:
    amount = "price not known here" if price.amount is None else f"{plain(price.amount)} USD"
    return f"{amount} per {price.unit}"


def _names(names: Sequence[str], most: int = 4) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(sorted(names)[:most]) + rest


def _gaps_text(gaps: Sequence[Gap]) -> str:
    if not gaps:
        return ""
    rows = [[gap.name, gap.reason] for gap in gaps]
    return "Not priced, so the total is too low:\n" + table(["RESOURCE", "WHY"], rows)


def _ec2_text(lines: Sequence[Line]) -> str:
    needed = ec2.demand(lines)
    rows = [
        [
            found.instance.type,
            str(found.nodes),
            money(found.monthly),
            _percent(found.break_even),
            _percent(found.full_node_break_even),
        ]
        for found in ec2.compare(needed)
    ]
    if not rows:
        return ""
    headers = ["INSTANCE", "NODES", "MONTHLY", "CHEAPER ABOVE", "FOR 2 VCPU, 8 GB"]
    return (
        f"On EC2: these {plain(needed.vcpu)} vCPU and {plain(needed.gb)} GB cost "
        f"{money(needed.monthly)} USD a month on Fargate.\n{ec2.CAVEATS}\n"
        "EC2 is cheaper where more of each node is in use than the share given: for this stack's "
        "mix,\nand for tasks of 2 vCPU and 8 GB. Where it is above 100 %, EC2 never is.\n"
        + table(headers, rows, right=headers[1:])
    )


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def _free_text(free: Sequence[tuple[str, int]]) -> str:
    number = sum(count for _, count in free)
    return f"{number} other resources cost nothing by themselves." if number else ""


def as_json(report: CostReport) -> dict[str, Any]:
    """Return the report for a machine; amounts are exact decimals, as text."""
    needed = ec2.demand(report.lines)
    return {
        "stack": report.stack,
        "currency": "USD",
        "hours": HOURS,
        "pricesOf": AS_OF,
        "monthly": plain(report.monthly),
        "low": plain(report.low),
        "high": plain(report.high),
        "complete": not report.gaps,
        "lines": [
            {
                "component": list(line.group),
                "name": line.name,
                "what": line.what,
                "region": line.region,
                "number": line.count.now,
                "each": plain(line.monthly_each),
                "monthly": plain(line.monthly),
                "low": plain(line.low),
                "high": plain(line.high),
            }
            for line in report.lines
        ],
        "byUse": [
            {
                "name": each.name,
                "what": each.what,
                "unit": each.price.unit,
                "price": None if each.price.amount is None else plain(each.price.amount),
                "source": each.price.source,
            }
            for each in report.usage
        ],
        "notPriced": [{"name": gap.name, "reason": gap.reason} for gap in report.gaps],
        "ec2": [
            {
                "instance": found.instance.type,
                "nodes": found.nodes,
                "monthly": plain(found.monthly),
                "breakEven": str(found.break_even.quantize(Decimal("0.0001"))),
                "fullNodeBreakEven": str(found.full_node_break_even.quantize(Decimal("0.0001"))),
                "fargateMonthly": plain(needed.monthly),
            }
            for found in ec2.compare(needed)
        ],
        "free": dict(report.free),
    }
