"""task-sg-from-alb: tasks are reached from security groups, and by these from no addresses either.

The same holds for the jobs of Batch, and for pods with groups of their own.

A load balancer's group is where addresses may come in. Any other group that a group of tasks
admits, or that leads to it by other groups, admits no addresses. Groups that aren't the stack's
can't be known.
"""

from collections.abc import Iterator, Mapping

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import project
from ..core.values import Findings, Undecided, Violation
from ..models.load_balancers import LOAD_BALANCERS
from ..models.placements import PLACING_TYPES, lacks_groups, named
from ..models.security_groups import GROUP_TYPES, Opening, admitted_groups, openings_of
from ..models.workloads import SECURITY_GROUP_POLICY

_Way = tuple[Member, ...]
"""A group of tasks, a group that it admits, one that this admits, and so on."""


def _check(stack: Stack) -> Findings:
    carried = [
        (placing, group)
        for placing in stack.of_type(*PLACING_TYPES)
        for group in named(stack, placing, GROUP_TYPES)
    ]
    for placing in stack.of_type(*PLACING_TYPES):
        if lacks_groups(placing):
            yield Violation(
                "securityGroups: is missing, so that tasks have the default group of their VPC",
                placing.urn,
            )
    others = _others(stack, {group.urn for _, group in carried})
    for placing, group in carried:
        yield from _check_group(stack, placing, group)
        for way in _ways(stack, group, others):
            yield from _check_way(stack, placing, way)


def _whose(placing: Member) -> str:
    what = "pods" if placing.type == SECURITY_GROUP_POLICY else "tasks"
    return f"the {what} of {placing.name}"


def _others(stack: Stack, carried: set[str]) -> Mapping[str, Member]:
    """Return the groups of neither tasks, which are judged themselves, nor load balancers."""
    of_balancers = {
        group.urn
        for balancer in stack.of_type(*LOAD_BALANCERS)
        for group in stack.referred(balancer, "securityGroups", GROUP_TYPES)
    }
    return {
        group.urn: group
        for group in stack.of_type(*GROUP_TYPES)
        if group.urn not in carried | of_balancers
    }


def _check_group(stack: Stack, placing: Member, group: Member) -> Findings:
    for opener, opening in openings_of(stack, group):
        if not opener.known:
            yield Undecided(f"what {opener.name} admits")
        elif _admits_addresses(opening):
            yield Violation(f"{opening.path}: admits addresses to {_whose(placing)}", opener.urn)


def _ways(stack: Stack, group: Member, others: Mapping[str, Member]) -> Iterator[_Way]:
    """Yield a shortest way to each of the other groups that lead to a group of tasks."""
    unmet = dict(others)
    ways: list[_Way] = [(group,)]
    for way in ways:  # grows meanwhile, until nothing is left to be met
        sources = {source.urn for source in admitted_groups(stack, way[-1])}
        further = [(*way, unmet.pop(urn)) for urn in sorted(sources & unmet.keys())]
        yield from further
        ways += further


def _check_way(stack: Stack, placing: Member, way: _Way) -> Findings:
    group, *sources = way
    known = []
    for opener, opening in openings_of(stack, sources[-1]):
        if opener.known:
            known.append(opening)
        else:
            yield Undecided(f"what {opener.name} admits")
    if any(map(_admits_addresses, known)):
        named = ", which admits ".join(source.name for source in sources)
        yield Violation(
            f"ingress: admits {named}, which admits addresses and is no load balancer's, to"
            f" {_whose(placing)}",
            group.urn,
        )


def _admits_addresses(opening: Opening) -> bool:
    return any(place.value is not None for place in (*opening.blocks, *opening.prefix_lists))


RULE = StackRule(
    name="task-sg-from-alb",
    description=(
        "Tasks, jobs and pods have security groups that admit other groups only, no addresses, and"
        " none by way of a group that isn't a load balancer's."
    ),
    fix=(
        "Name security groups, or tasks get the default one of their VPC. Admit the load balancer's"
        " or the caller's security group (referencedSecurityGroupId or securityGroups) instead of"
        " address blocks, prefix lists or a group that admits some."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=project("reach is declared between services"),
    types=PLACING_TYPES,
    check=_check,
)
