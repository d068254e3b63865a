"""How much a job can ask of an event."""

from typing import Any

from components.settings import Settings, SettingsError


def problem(trigger: dict[str, Any]) -> str | None:
    """Return the only problem of a job with this trigger."""
    jobs = {"report": {"image": "python:3.13", **trigger}}
    try:
        Settings.parse({"buckets": {"uploads": {}}, "jobs": jobs})
    except SettingsError as error:
        (found,) = error.problems
        return str(found)
    return None


def test_a_pattern_longer_than_the_quota_is_told_with_both_figures() -> None:
    assert problem({"event": {"pattern": {"source": ["x" * 2_048]}}}) == (
        "jobs.report.event.pattern: has 2063 characters as JSON, and EventBridge takes 2048 by "
        "default quota"
    )


def test_prefix_and_suffix_of_objects_fit_a_pattern_with_any_bucket() -> None:
    longest = {"prefix": "x" * 512, "suffix": "y" * 512}
    assert problem({"objects": {"bucket": "uploads", **longest}}) is None
    stars = {"prefix": "x*" * 256, "suffix": "*y" * 256}
    found = problem({"objects": {"bucket": "uploads", **stars}})
    assert found
    assert found.startswith("jobs.report.objects: with prefix and suffix its event pattern has ")
    assert found.endswith("EventBridge takes 2048 by default quota: shorten them")
