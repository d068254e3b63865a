"""Problems between services and jobs, the file systems that they mount and their disks."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from components.settings.errors import Problem
from components.settings.file_system import volume_name
from components.settings.relations.balancer_quotas import RULES_PER_SECURITY_GROUP
from components.settings.relations.draft import Draft
from components.settings.task import TaskSettings

EKS_LARGEST_STORAGE: Final = 175
"""GiB of ephemeral storage of a pod on Fargate (EKS user guide, "Fargate Pod configuration")."""


def file_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what services and jobs can't mount, and disks that their runtime hasn't."""
    for where, _, task in draft.tasks:
        if task.runtime == "eks":
            yield from _on_eks(where, task)
        yield from _declared(where, task, draft)
        yield from _paths(where, task)
    yield from _shared(draft)
    for name in sorted(draft.file_system_names):
        yield from _file_system(name, draft)


def _on_eks(where: str, task: TaskSettings) -> Iterator[Problem]:
    if task.files:
        yield Problem(
            f"{where}.files",
            "nothing on eks can mount file systems yet; set runtime to ecs, or keep the files in a "
            "bucket and grant it",
        )
    if task.storage > EKS_LARGEST_STORAGE:
        yield Problem(
            f"{where}.storage",
            f"given {task.storage}: a pod on EKS has at most {EKS_LARGEST_STORAGE} GiB; ecs has "
            "up to 200",
        )


def _declared(where: str, task: TaskSettings, draft: Draft) -> Iterator[Problem]:
    known = ", ".join(sorted(draft.file_system_names)) or "none"
    for path, mount in task.files.items():
        if mount.file_system not in draft.file_system_names:
            yield Problem(
                f"{where}.files.{path}.fileSystem",
                f"nothing named {mount.file_system} is declared below fileSystems; file systems "
                f"are: {known}",
            )


def _paths(where: str, task: TaskSettings) -> Iterator[Problem]:
    """Yield paths of one container that get into each other's way."""
    for path in task.files:
        for writable in task.writable_paths:
            if _overlap(path, writable):
                yield Problem(
                    f"{where}.files.{path}",
                    f"writablePaths has {writable}, and a path is one or the other; remove one, or "
                    "choose another path",
                )
    for first, second in combinations(sorted(task.files), 2):
        at = f"{where}.files.{second}"
        if _overlap(first, second):
            yield Problem(at, f"is inside {first}, which it would hide a part of; move one of them")
        elif volume_name(first) == volume_name(second):
            yield Problem(
                at,
                f"and {first} would be volumes of one name, {volume_name(second)}; choose another "
                "path for one of them",
            )


def _shared(draft: Draft) -> Iterator[Problem]:
    """Yield directories that two mounts have, and can't."""
    mounts = [
        (key, name, task.user, path, mount)
        for key, name, task in sorted(draft.tasks, key=lambda one: one[:2])
        for path, mount in sorted(task.files.items())
    ]
    for (_, first, user, path, mount), (key, name, own, at, other) in combinations(mounts, 2):
        directories = mount.directory(first), other.directory(name)
        if mount.file_system != other.file_system or not _overlap(*directories):
            continue
        where = f"{key}.files.{at}"
        if first == name:
            yield Problem(
                where,
                f"mounts {directories[1]} of {other.file_system}, and {path} mounts "
                f"{directories[0]}; name another directory in path",
            )
        elif user != own:
            yield Problem(
                where,
                f"shares {directories[1]} of {other.file_system} with {first}, whose user "
                f"{user} alone can read what it writes; set the user of both to "
                "the same number, or name another directory in path",
            )


def _file_system(name: str, draft: Draft) -> Iterator[Problem]:
    mounting = sum(
        any(mount.file_system == name for mount in task.files.values())
        for _, _, task in draft.tasks
    )
    if mounting > RULES_PER_SECURITY_GROUP:
        yield Problem(
            f"fileSystems.{name}",
            f"{mounting} services and jobs mount it and need a rule each in its security group, "
            f"which holds {RULES_PER_SECURITY_GROUP} by default quota; declare a second file "
            "system for some of them",
        )
    for section, names in (("services", draft.service_names), ("jobs", draft.job_names)):
        if name not in names:
            continue
        yield Problem(
            f"fileSystems.{name}",
            f"{section} has {name} too, and connections are named for what they lead to: rename "
            "one",
        )
    if draft.ecs and not draft.ecs.enabled:
        yield Problem(
            f"fileSystems.{name}",
            "only what runs on ECS can mount it, and ecs.enabled is false; remove it",
        )


def _overlap(one: str, other: str) -> bool:
    """Say whether two paths are the same, or one is inside the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
