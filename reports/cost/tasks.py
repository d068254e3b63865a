"""ECS services and task definitions."""

from collections.abc import Iterator
from typing import Final

from reports.cost import prices
from reports.cost.fargate import CAPACITY, compute_line, hourly, split_count
from reports.cost.model import Count, Gap, Item, Line, Usage, no_price
from reports.cost.prices import Price
from reports.cost.sizes import Size, task_size
from reports.errors import UnknownValueError
from reports.stack import UNKNOWN, Resource, Stack

SERVICE: Final = "aws:ecs/service:Service"
TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
CLUSTER: Final = "aws:ecs/cluster:Cluster"
CLUSTER_CAPACITY: Final = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
TARGET: Final = "aws:appautoscaling/target:Target"
SCHEDULED_ACTION: Final = "aws:appautoscaling/scheduledAction:ScheduledAction"


def service_items(stack: Stack, service: Resource) -> Iterator[Item]:
    """Yield what the tasks of an ECS service cost, by capacity provider."""
    strategy = _strategy(stack, service)
    others = [provider for provider in strategy if provider not in CAPACITY]
    if others:
        yield Gap(service.label, f"runs on {', '.join(others)}, not on Fargate")
        return
    definition = _definition_of(stack, service)
    if definition is None:
        yield Gap(service.label, "its task definition isn't in this stack, so its size isn't known")
        return
    yield from _tasks(stack, service, definition, strategy)


def _tasks(
    stack: Stack, service: Resource, definition: Resource, strategy: dict[str, tuple[int, int]]
) -> Iterator[Item]:
    problem = _unpriced_system(definition)
    if problem:
        yield Gap(service.label, problem)
        return
    count = _count(stack, service)
    assumed = " (most that its schedule keeps, all month)" if _scheduled(stack, service) else ""
    for provider, part in split_count(count, strategy):
        if part == Count.fixed(0) and len(strategy) > 1:
            continue
        yield compute_line(
            stack,
            service,
            _size(definition),
            part,
            architecture=_architecture(definition),
            spot=provider == "FARGATE_SPOT",
            storage=_storage(definition),
            unit=f"task{assumed}",
        )
    if service.get("networkConfiguration.assignPublicIp") is True:
        yield _addresses(stack, service, count)


def definition_usage(stack: Stack, definition: Resource) -> Usage | Gap | None:
    """Return what a task costs that no service of the stack keeps running, such as a job's.

    Returns:
        None for the task definition of a service.
    """
    if any(_definition_of(stack, service) is definition for service in stack.of(SERVICE)):
        return None
    if "FARGATE" not in definition.items("requiresCompatibilities"):
        return Gap(definition.label, "doesn't require FARGATE, so where it runs isn't known")
    problem = _unpriced_system(definition)
    if problem:
        return Gap(definition.label, problem)
    size = _size(definition)
    each = hourly(
        f"task of {size}", size, architecture=_architecture(definition), spot=False,
        storage=_storage(definition), region=stack.region_of(definition),
    )  # fmt: skip
    if isinstance(each, str):
        return Gap(definition.label, each)
    what = f"task of {size}, while it runs (on demand)"
    return Usage(definition.name, what, Price(each, "hour", "list"))


def _strategy(stack: Stack, service: Resource) -> dict[str, tuple[int, int]]:
    """Return base and weight of the service's capacity providers, or of its cluster's."""
    given = service.items("capacityProviderStrategies")
    if not given and service.known("launchType"):
        return {str(service.known("launchType")): (0, 1)}
    holder, path = service, "capacityProviderStrategies"
    if not given:
        cluster = stack.refer(service, "cluster", CLUSTER)
        for settings in stack.of(CLUSTER_CAPACITY):
            if cluster and stack.refer(settings, "clusterName", CLUSTER) is cluster:
                holder, path = settings, "defaultCapacityProviderStrategies"
                given = settings.items(path)
    if any(value is UNKNOWN for entry in given for value in entry.values()):
        raise UnknownValueError(f"{holder.label}: {path}")
    if not given:
        return {"EC2": (0, 1)}
    strategy = {
        entry["capacityProvider"]: (int(entry.get("base") or 0), int(entry.get("weight") or 0))
        for entry in given
    }
    # A weight of one for all is what ECS takes where none is given for a single provider.
    if len(strategy) == 1:
        return dict.fromkeys(strategy, (0, 1))
    return strategy


def _definition_of(stack: Stack, service: Resource) -> Resource | None:
    return stack.refer(
        service,
        "taskDefinition",
        TASK_DEFINITION,
        keys=("arn", "arnWithoutRevision", "family"),
    )


def _count(stack: Stack, service: Resource) -> Count:
    """Return the number of tasks, and the range in which automatic scaling holds it.

    What a schedule changes belongs to the range. What runs is then counted as the largest minimum
    that comes again and again, for the whole month: no hours of a schedule are subtracted.
    """
    desired = service.number("desiredCount") or 0
    target = next((each for each in stack.of(TARGET) if _scales(stack, each, service)), None)
    if target is None:
        return Count.fixed(desired)
    low, high = target.number("minCapacity") or 0, target.number("maxCapacity") or 0
    count = Count(min(max(desired, low), high), low, high)
    for action in _scheduled(stack, service):
        least, most = _limits(action, low, high)
        once = str(action.known("schedule")).startswith("at(")
        count = Count(
            count.now if once else max(count.now, least),
            min(count.low, least),
            max(count.high, most),
        )
    return count


def _scheduled(stack: Stack, service: Resource) -> list[Resource]:
    return [each for each in stack.of(SCHEDULED_ACTION) if _scales(stack, each, service)]


def _limits(action: Resource, low: int, high: int) -> tuple[int, int]:
    """Return the range that a scheduled action sets; what it leaves out stays as it is."""
    least = action.number("scalableTargetAction.minCapacity")
    most = action.number("scalableTargetAction.maxCapacity")
    return low if least is None else least, high if most is None else most


def _scales(stack: Stack, scaling: Resource, service: Resource) -> bool:
    """Whether a scalable target, or a scheduled action on one, is a service's number of tasks."""
    if scaling.get("scalableDimension") != "ecs:service:DesiredCount":
        return False
    resource_id = scaling.get("resourceId")
    if resource_id is UNKNOWN:
        return service in stack.sources(scaling, "resourceId", SERVICE)
    _, cluster, name = [*str(resource_id).split("/"), "", ""][:3]
    if name != service.get("name"):
        return False
    of_service = stack.refer(service, "cluster", CLUSTER)
    if of_service is None:
        return str(service.get("cluster")).rpartition("/")[2] == cluster
    return cluster in (of_service.get("name"), of_service.id)


def _unpriced_system(definition: Resource) -> str | None:
    system = definition.known("runtimePlatform.operatingSystemFamily") or "LINUX"
    if system == "LINUX":
        return None
    return f"{system}: only prices for Linux are known"


def _size(definition: Resource) -> Size:
    return task_size(definition.known("cpu"), definition.known("memory"))


def _architecture(definition: Resource) -> str:
    return str(definition.known("runtimePlatform.cpuArchitecture") or prices.X86)


def _storage(definition: Resource) -> int:
    return definition.number("ephemeralStorage.sizeInGib") or 0


def _addresses(stack: Stack, service: Resource, count: Count) -> Line | Gap:
    region, amount = stack.region_of(service), prices.PUBLIC_ADDRESS.amount
    what = "public IPv4 address of each task"
    if region != prices.HOME or amount is None:
        return Gap(service.label, no_price(what, region, [prices.HOME]))
    return Line(stack.components(service), service.name, what, count, amount * prices.HOURS, region)
