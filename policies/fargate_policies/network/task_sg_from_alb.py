"""task-sg-from-alb: tasks are reached from security groups, not from addresses."""

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import project
from ..core.values import Findings, Undecided, Violation
from ..models.launches import SERVICE_TYPES
from ..models.security_groups import GROUP_TYPES, openings_of


def _check(stack: Stack) -> Findings:
    for service in stack.of_type(*SERVICE_TYPES):
        for group in stack.referred(service, "networkConfiguration", GROUP_TYPES):
            yield from _check_group(stack, service, group)


def _check_group(stack: Stack, service: Member, group: Member) -> Findings:
    for opener, opening in openings_of(stack, group):
        if not opener.known:
            yield Undecided(f"what {opener.name} admits")
        elif any(place.value is not None for place in (*opening.blocks, *opening.prefix_lists)):
            yield Violation(
                f"{opening.path}: admits addresses to the tasks of {service.name}", opener.urn
            )


RULE = StackRule(
    name="task-sg-from-alb",
    description="Security groups of tasks admit other security groups only, no addresses.",
    fix=(
        "Admit the load balancer's or the caller's security group (referencedSecurityGroupId or"
        " securityGroups) instead of address blocks or prefix lists."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=project("reach is declared between services"),
    types=SERVICE_TYPES,
    check=_check,
)
