"""Problems between jobs that events start and what else the stack file says."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.event import EventSettings, ObjectsSettings
from components.settings.job import JobSettings
from components.settings.relations.draft import Draft


def event_problems(draft: Draft) -> Iterator[Problem]:
    """Yield jobs whose events can't come, or can't say what they are to say."""
    for name, job in draft.jobs.items():
        if job.event:
            where = f"jobs.{name}.event"
            yield from _source(f"{where}.bus", "eventBuses", job.event.bus, draft)
            yield from _variables(where, job, job.event)
        if job.objects:
            where = f"jobs.{name}.objects"
            yield from _source(f"{where}.bucket", "buckets", job.objects.bucket, draft)
            yield from _variables(where, job, job.objects)
            yield from _circle(where, job, job.objects, draft)


def _source(at: str, section: str, name: str | None, draft: Draft) -> Iterator[Problem]:
    declared = draft.grantables.get(section, {})
    if name is not None and name not in declared:
        known = ", ".join(sorted(declared)) or "none"
        yield Problem(
            at, f"nothing named {name} is declared below {section}; declared are: {known}"
        )


def _variables(
    where: str, job: JobSettings, trigger: EventSettings | ObjectsSettings
) -> Iterator[Problem]:
    """Yield variables that a container would have from two sources."""
    for variable in sorted(trigger.variables):
        for section, given in (("environment", job.environment), ("secrets", job.secrets)):
            if variable in given:
                yield Problem(where, f"sets {variable}, and {section} has it too; keep one of them")


def _circle(
    where: str, job: JobSettings, objects: ObjectsSettings, draft: Draft
) -> Iterator[Problem]:
    """Yield buckets that the job writes to and is started by, under whichever names."""
    if objects.prefix or objects.suffix:
        return
    watched = draft.identity("buckets", objects.bucket)
    for name, levels in sorted(job.grants.items()):
        if "write" not in levels or draft.identity("buckets", name) != watched:
            continue
        same = f", which has the arn of {objects.bucket}," if name != objects.bucket else ""
        yield Problem(
            where,
            f"an object that the job writes to {name}{same} would start it again, without end: "
            "set a prefix or suffix that what it writes doesn't have, or let it write to another "
            "bucket",
        )
