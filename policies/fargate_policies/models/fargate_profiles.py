"""Fargate profiles of EKS: which pods they take."""

from fnmatch import fnmatchcase
from typing import Final

from ..core.rule import Member, Stack
from ..core.values import UNKNOWN, Place, Value
from .tags import all_of, any_of
from .workloads import DAEMON_SET, WORKLOAD_TYPES, namespace, pod

PROFILE: Final = "aws:eks/fargateProfile:FargateProfile"


def on_fargate(stack: Stack, workload: Member) -> bool | None:
    """Whether a profile takes a workload's pods; None if that isn't known yet."""
    labels = pod(workload).at("metadata", "labels")
    selectors = stack.once(_selectors)
    return any_of(_takes(selector, namespace(workload), labels) for selector in selectors)


def takes_pods(stack: Stack, profile: Member) -> bool | None:
    """Whether a profile takes pods of the stack's workloads; None if that isn't known yet."""
    return any_of(
        _takes(selector, namespace(workload), pod(workload).at("metadata", "labels"))
        for workload in stack.of_type(*WORKLOAD_TYPES)
        if workload.type != DAEMON_SET
        for selector in profile.at("selectors").items()
    )


def _selectors(stack: Stack) -> list[Place]:
    profiles = stack.of_type(PROFILE)
    return [selector for profile in profiles for selector in profile.at("selectors").items()]


def _takes(selector: Place, space: Place, labels: Place) -> bool | None:
    pattern, wanted = selector.at("namespace"), selector.at("labels").value or {}
    answers = [None if wanted is UNKNOWN else isinstance(wanted, dict)]
    if UNKNOWN in (pattern.value, space.value):
        answers.append(None)
    else:
        answers.append(fnmatchcase(space.text or "default", pattern.text))
    if isinstance(wanted, dict):
        answers += [_is(labels.at(key), value) for key, value in wanted.items()]
    return all_of(answers)


def _is(label: Place, value: Value) -> bool | None:
    return None if UNKNOWN in (label.value, value) else bool(label.value == value)
