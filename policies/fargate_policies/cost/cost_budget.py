"""cost-budget: a service costs what its owner has planned.

A tag on an ECS service says what it may cost: USD a month, such as 50; a Deployment or StatefulSet
on EKS has it as an annotation. The rule compares it with what the tasks or pods cost that are
deployed: vCPU, memory and disk by list prices, on demand and on Spot as its capacity providers
share them, all month. Prices are those of the region, or of us-east-1
where none is known; Spot's float. Load balancers, logs and data aren't counted, nor are discounts.

With automatic scaling the tasks that are deployed count, not the most that there may be: a budget
that had to pay for the maximum all month would say nothing. The message names both ends, and the
parameter `includeScaling` demands that the maximum is within the budget too.

A budget that can't be compared is a violation as well: nobody would notice otherwise.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from pulumi_policy import Severity

from ..core.rule import Member, Parameter, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Place, Secret, Undecided, Violation
from ..models.estimates import Estimate, NoEstimateError
from ..models.fargate_profiles import on_fargate
from ..models.launches import SERVICE
from ..models.pod_cost import ENDLESS_TYPES, estimate_pods
from ..models.prices import HOME
from ..models.service_cost import estimate_tasks

_BUDGET = re.compile(r"\d{1,9}(\.\d{1,2})?")


def _check(stack: Stack) -> Findings:
    for name in stack.settings["budgetTags"]:
        for service in stack.of_type(SERVICE):
            yield from _judge(stack, service, service.at("tags", name), estimate_tasks)
        for workload in stack.of_type(*ENDLESS_TYPES):
            if on_fargate(stack, workload) is None:
                # Before its cluster exists nothing is known of it, its budget included.
                yield Undecided(f"labels and namespace of {workload.name}")
                continue
            tag = workload.at("metadata", "annotations", name)
            yield from _judge(stack, workload, tag, estimate_pods)


def _judge(
    stack: Stack, member: Member, tag: Place, estimate: Callable[[Stack, Member], Estimate]
) -> Findings:
    if tag.value is None:
        return
    if not tag.known:
        yield member.unreadable(tag)
        return
    if not _BUDGET.fullmatch(str(tag.value)):
        yield Violation(
            f"{tag.path}: must be an amount in USD a month, such as 50 or 49.90", member.urn
        )
        return
    try:
        found = estimate(stack, member)
    except NoEstimateError as reason:
        yield reason.finding
        return
    budget = Decimal(str(tag.value))
    counted = found.high if stack.settings["includeScaling"] else found.now
    if counted > budget:
        told = "it costs more" if _is_secret(found, tag) else _told(found, budget)
        yield Violation(f"{tag.path}: {told}", member.urn)


def _is_secret(found: Estimate, tag: Place) -> bool:
    """Whether a figure that would be told is secret."""
    count = found.count
    figures = (tag.value, count.now, count.low, count.high)
    return any(isinstance(figure, Secret) for figure in figures)


def _told(found: Estimate, budget: Decimal) -> str:
    count = found.count
    prices = "" if found.of_region else f" by the prices of {HOME}, its region's aren't all known"
    scaled = (
        f" (scaled from {found.low:.2f} with {count.low} to {found.high:.2f} with {count.high})"
        if count.low != count.high
        else ""
    )
    units, cost = (found.unit, "costs") if count.now == 1 else (f"{found.unit}s", "cost")
    return (
        f"the budget is {budget:.2f} USD a month, and about {found.now:.2f} is what"
        f" {count.now} {units} {cost}{scaled}{prices}"
    )


RULE = StackRule(
    name="cost-budget",
    description="Services cost no more than the budget in their tags.",
    fix=(
        "Make the tasks smaller or fewer, run them on ARM or, if they bear interruption, on Spot"
        " (ECS only); or raise the budget in the tag. The parameter `budgetTags` names the tag."
    ),
    severity=Severity.LOW,
    mandatory=False,
    sources=(
        *guide(
            "AWS Well-Architected Framework",
            "COST02-BP05 Implement cost controls",
            "https://docs.aws.amazon.com/wellarchitected/latest/framework/cost_govern_usage_controls.html",
        ),
        *guide(
            "FinOps Framework",
            "Budgeting",
            "https://www.finops.org/framework/capabilities/budgeting/",
        ),
    ),
    parameters={
        "budgetTags": Parameter(
            "tags, on EKS annotations, that hold what a service may cost, in USD a month",
            ("monthly-budget-usd",),
        ),
        "includeScaling": Parameter(
            "whether the most tasks that automatic scaling may start have to be within the budget",
            default=False,
        ),
    },
    types=(SERVICE, *ENDLESS_TYPES),
    check=_check,
)
