"""Problems with how much one load balancer holds, of all services together."""

from collections.abc import Iterator, Mapping

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.relations.namespaces import pods_at_most
from components.settings.service import ServiceSettings

RULES_PER_LOAD_BALANCER = 100
"""Elastic Load Balancing's default quota of rules, default rules not counted."""
TARGET_GROUPS_PER_LOAD_BALANCER = 100
"""Elastic Load Balancing's quota of target groups, the only one here that AWS never raises."""
TARGETS_PER_LOAD_BALANCER = 1_000
"""Elastic Load Balancing's default quota of targets, which are tasks and pods. A target group has
the same, so that none is full before its load balancer is (user guide, "Quotas for your Application
Load Balancers")."""
RULES_PER_SECURITY_GROUP = 60
"""The VPC's default quota of a security group's rules in each direction."""


def balancer_quota_problems(draft: Draft) -> Iterator[Problem]:
    """Yield quotas that the services with a route don't fit together."""
    routed = {name: service for name, service in draft.services.items() if service.route}
    yield from _rules(routed)
    yield from _target_groups(routed)
    yield from _targets(routed, zones=draft.zones or 1)
    yield from _security_group_rules(routed)


def _rules(routed: Mapping[str, ServiceSettings]) -> Iterator[Problem]:
    if len(routed) > RULES_PER_LOAD_BALANCER:
        yield Problem(
            "services",
            f"{len(routed)} services have a route; a load balancer holds "
            f"{RULES_PER_LOAD_BALANCER} rules by default quota",
        )


def _target_groups(routed: Mapping[str, ServiceSettings]) -> Iterator[Problem]:
    groups = sum(2 if service.deployment.shifts_traffic else 1 for service in routed.values())
    if groups > TARGET_GROUPS_PER_LOAD_BALANCER:
        yield Problem(
            "services",
            f"the routes need {groups} target groups, two for each service whose deployments shift "
            f"traffic; a load balancer holds {TARGET_GROUPS_PER_LOAD_BALANCER}, a quota that AWS "
            "doesn't raise",
        )


def _targets(routed: Mapping[str, ServiceSettings], *, zones: int) -> Iterator[Problem]:
    targets = {name: _targets_of(service, zones) for name, service in routed.items()}
    needed = sum(targets.values())
    if needed > TARGETS_PER_LOAD_BALANCER:
        most = sorted(targets, key=lambda name: (-targets[name], name))[:3]
        named = ", ".join(f"{name} {targets[name]}" for name in most)
        yield Problem(
            "services",
            f"with all services scaled out and deployed, old and new tasks side by side, the "
            f"routes have {needed} targets (most of them: {named}); a load balancer holds "
            f"{TARGETS_PER_LOAD_BALANCER} by default quota, and so does a target group: lower "
            "scaling.max, scaling.count or deployment.maximumPercent",
        )


def _targets_of(service: ServiceSettings, zones: int) -> int:
    """Return how many tasks or pods of a service stand behind the load balancer at most.

    A task that leaves isn't counted: whether a target that drains counts isn't documented.
    """
    if service.runtime == "eks":
        return pods_at_most(service, zones)
    most = service.scaling.largest
    if service.deployment.shifts_traffic:
        return 2 * most
    # ECS rounds down (API reference, DeploymentConfiguration).
    return most * service.deployment.maximum_percent // 100


def _security_group_rules(routed: Mapping[str, ServiceSettings]) -> Iterator[Problem]:
    logins = any(service.route and service.route.login for service in routed.values())
    rules = len(routed) + logins
    if rules > RULES_PER_SECURITY_GROUP:
        yield Problem(
            "services",
            f"the load balancer's security group needs {rules} outbound rules, one for each "
            f"service with a route and one for logins; a group holds {RULES_PER_SECURITY_GROUP} by "
            "default quota",
        )
