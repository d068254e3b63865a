"""What the API server refuses about CronJobs and Jobs beyond their schemas.

Sources: Kubernetes documentation, "CronJob" and "Job"; pkg/apis/batch/validation of Kubernetes; the
parser that it reads schedules with (robfig/cron, ParseStandard).
"""

from __future__ import annotations

import re
import zoneinfo
from typing import TYPE_CHECKING, Any

from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONGEST_NAME = 52  # eleven characters are added for a Job's name
_FIELDS = (
    ("minutes", 0, 59, ""),
    ("hours", 0, 23, ""),
    ("days of the month", 1, 31, ""),
    ("months", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    ("days of the week", 0, 6, "sun mon tue wed thu fri sat"),
)
_DESCRIPTORS = re.compile(r"@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)\Z")
_PART = re.compile(r"(?P<low>[*?]|\w+)(?:-(?P<high>\w+))?(?:/(?P<step>[1-9]\d*))?\Z")
_AT_LEAST_ZERO = (
    "activeDeadlineSeconds", "backoffLimit", "completions", "parallelism",
    "ttlSecondsAfterFinished",
)  # fmt: skip
_OVERLAPS = ("Allow", "Forbid", "Replace")
_NEVER = ("Never", "OnFailure")


def cron_job(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a CronJob, its pods apart."""
    name = (manifest.get("metadata") or {}).get("name")
    if isinstance(name, str) and not has_unknown(name) and len(name) > _LONGEST_NAME:
        yield f"metadata.name: must be at most {_LONGEST_NAME} characters"
    spec = _object(manifest, "spec")
    yield from _schedule(spec.get("schedule"))
    yield from _time_zone(spec.get("timeZone"))
    policy = spec.get("concurrencyPolicy")
    if policy is not None and not has_unknown(policy) and policy not in _OVERLAPS:
        yield f"spec.concurrencyPolicy: must be one of {', '.join(_OVERLAPS)}"
    numbers = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    yield from _negative(spec, "spec", numbers)
    yield from job(_object(_object(spec, "jobTemplate"), "spec"), "spec.jobTemplate.spec")


def job(spec: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield what is wrong with the specification of a Job, its pods apart."""
    yield from _negative(spec, path, _AT_LEAST_ZERO)
    pods = _object(_object(spec, "template"), "spec")
    policy = pods.get("restartPolicy")
    if pods and not has_unknown(policy) and policy not in _NEVER:
        yield f"{path}.template.spec.restartPolicy: must be one of {', '.join(_NEVER)}"
    if spec.get("podFailurePolicy") is not None and policy == "OnFailure":
        yield f"{path}.podFailurePolicy: must be with the restartPolicy Never"


def _object(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A member that should be an object; empty if it is absent or unknown."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _negative(spec: Mapping[str, Any], path: str, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = spec.get(key)
        if isinstance(value, int | float) and value < 0:
            yield f"{path}.{key}: must be 0 or more"


def _schedule(text: object) -> Iterator[str]:
    if not isinstance(text, str) or has_unknown(text) or _DESCRIPTORS.match(text):
        return
    if "TZ" in text:
        yield "spec.schedule: must hold no time zone, which goes into timeZone"
        return
    fields = text.split()
    if len(fields) != len(_FIELDS):
        yield "spec.schedule: must be five fields, such as 0 3 * * MON-FRI"
        return
    for (name, low, high, words), field in zip(_FIELDS, fields, strict=True):
        if not all(_is_part(part, low, high, words.split()) for part in field.split(",")):
            yield f"spec.schedule: {name} must be {low} to {high}, ranges, steps and lists of them"


def _is_part(part: str, low: int, high: int, words: list[str]) -> bool:
    found = _PART.match(part)
    if found is None:
        return False
    if found["low"] in "*?":
        return found["high"] is None
    ends = [_number(end, low, words) for end in (found["low"], found["high"] or found["low"])]
    return low <= ends[0] <= ends[1] <= high


def _number(text: str, low: int, words: list[str]) -> int:
    if text.lower() in words:
        return words.index(text.lower()) + low
    return int(text) if text.isdigit() else -1


def _time_zone(name: object) -> Iterator[str]:
    if not isinstance(name, str) or has_unknown(name):
        return
    known = zoneinfo.available_timezones()
    if name == "Local" or (known and name not in known):
        yield "spec.timeZone: must be an IANA time zone, such as Europe/Berlin"
