"""cost-spot-safe: what bears interruption runs on Spot.

A tag such as `spot: safe` says that a service, a job or a Batch environment bears losing tasks with
two minutes' notice; it may be on what starts the tasks or on their task definition. Fargate Spot
costs about 70 % less. Any share of it will do: a base on demand keeps a service alive while Spot
has no capacity.

Windows has no Spot. A Batch environment that is only the queues' second choice behind one of Spot
is what takes over while Spot is full, and so complies.
"""

from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Parameter, Stack, StackRule
from ..core.sources import guide
from ..core.values import Finding, Findings, Undecided, Violation
from ..models.capacity import ON_DEMAND, SPOT, providers, strategy_of
from ..models.containers import runs_windows
from ..models.launches import ENVIRONMENT, LAUNCH_TYPES, definitions, parameters
from ..models.tags import any_of, is_tagged

_QUEUE: Final = "aws:batch/jobQueue:JobQueue"


def _check(stack: Stack) -> Findings:
    for launch in stack.of_type(*LAUNCH_TYPES):
        yield from _check_launch(stack, launch)
    for environment in stack.of_type(ENVIRONMENT):
        yield from _check_environment(stack, environment)


def _check_launch(stack: Stack, launch: Member) -> Findings:
    started = definitions(stack, launch)
    if any(runs_windows(definition) for definition in started):
        return
    strategy = strategy_of(stack, launch)
    if not isinstance(strategy, Finding) and providers(strategy) != {ON_DEMAND}:
        return
    holders = (launch.properties, parameters(launch), *(each.properties for each in started))
    patterns = stack.settings["spotSafeTags"]
    safe = any_of(is_tagged(holder.at("tags"), patterns) for holder in holders)
    if safe is None:
        yield Undecided(f"tags of {launch.name}")
    elif safe and isinstance(strategy, Finding):
        yield strategy
    elif safe:
        path = parameters(launch).at("capacityProviderStrategies").path
        yield Violation(f"{path}: all tasks run on demand, and are said to bear Spot", launch.urn)


def _check_environment(stack: Stack, environment: Member) -> Findings:
    kind = environment.at("computeResources", "type")
    if (kind.known and kind.text != ON_DEMAND) or _takes_over(stack, environment):
        return
    safe = is_tagged(environment.at("tags"), stack.settings["spotSafeTags"])
    if safe is None:
        yield Undecided(f"tags of {environment.name}")
    elif safe and not kind.known:
        yield environment.unreadable(kind)
    elif safe:
        yield Violation(
            f"{kind.path}: all jobs run on demand, and are said to bear Spot", environment.urn
        )


def _takes_over(stack: Stack, environment: Member) -> bool:
    """Whether all queues that use an environment have one of Spot as well."""
    key, kinds = "computeEnvironmentOrders", (ENVIRONMENT,)
    queues = stack.referring(environment, (_QUEUE,), key, kinds)
    return bool(queues) and all(
        any(
            other.at("computeResources", "type").text == SPOT
            for other in stack.referred(queue, key, kinds)
        )
        for queue in queues
    )


RULE = StackRule(
    name="cost-spot-safe",
    description="What was declared safe for Spot doesn't run on demand only.",
    fix=(
        "Give FARGATE_SPOT a weight in capacityProviderStrategies, with a base on FARGATE for what"
        " must keep running, and in Batch put an environment of type FARGATE_SPOT before this one;"
        " or remove the tag. The parameter `spotSafeTags` says which it is."
    ),
    severity=Severity.LOW,
    mandatory=False,
    sources=(
        *guide(
            "AWS Well-Architected Framework",
            "COST07-BP04 Implement pricing models for all components of this workload",
            "https://docs.aws.amazon.com/wellarchitected/latest/framework/cost_pricing_model_implement_models.html",
        ),
        *guide(
            "Amazon ECS developer guide",
            "Amazon ECS clusters for Fargate",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
        ),
    ),
    parameters={
        "spotSafeTags": Parameter(
            "tags that declare it as key=value, in whatever case; * stands for any text",
            ("spot=safe", "spot-safe=true"),
        ),
    },
    types=(*LAUNCH_TYPES, ENVIRONMENT),
    check=_check,
)
