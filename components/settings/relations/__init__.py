"""Problems between settings: what each key allows alone and all of them together don't."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.batch import batch_problems
from components.settings.relations.builds import build_problems
from components.settings.relations.calls import call_problems
from components.settings.relations.draft import Draft
from components.settings.relations.endpoints import endpoint_problems
from components.settings.relations.events import event_problems
from components.settings.relations.failures import failure_problems
from components.settings.relations.files import file_problems
from components.settings.relations.grants import grant_problems
from components.settings.relations.jobs import job_problems
from components.settings.relations.namespaces import profile_problems, quota_problems
from components.settings.relations.network import network_problems
from components.settings.relations.protocols import protocol_problems
from components.settings.relations.routes import route_problems
from components.settings.relations.runtimes import runtime_problems
from components.settings.relations.scaling import scaling_problems
from components.settings.relations.secrets import secret_problems
from components.settings.relations.sidecars import sidecar_problems
from components.settings.relations.zones import zone_problems

__all__ = ["Draft", "relation_problems"]


def relation_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what doesn't fit together in `draft`."""
    for problems in (
        network_problems,
        endpoint_problems,
        runtime_problems,
        sidecar_problems,
        job_problems,
        batch_problems,
        event_problems,
        failure_problems,
        profile_problems,
        quota_problems,
        zone_problems,
        build_problems,
        call_problems,
        grant_problems,
        secret_problems,
        file_problems,
        route_problems,
        protocol_problems,
        scaling_problems,
    ):
        yield from problems(draft)
