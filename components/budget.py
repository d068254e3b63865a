"""What a service may cost, where the policy pack reads it."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Final

from components.settings import ServiceSettings

BUDGET: Final = "monthly-budget-usd"
"""Tag of an ECS service, annotation of a Deployment."""


def budget_tag(service: ServiceSettings, *, part: int = 1, whole: int = 1) -> Mapping[str, str]:
    """Return the tag that says what a service may cost a month; nothing without a budget.

    Args:
        service: its settings.
        part: how many of its pods there are here, where it is more than one Deployment.
        whole: how many it has in all.
    """
    budget = service.monthly_budget
    if budget is None:
        return {}
    if part == whole:
        return {BUDGET: str(budget)}
    share = Decimal(budget) * part / whole
    return {BUDGET: str(share.quantize(Decimal("0.01"), ROUND_DOWN))}
