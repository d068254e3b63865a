"""Disks of tasks and pods: exactly as large as asked for, and nothing where nothing was."""

from functools import partial

import pytest

from components import EcsService
from components.eks.pod import resources
from tests.unit.support import programs
from tests.unit.support.engine import Recorder


def web(**settings: object) -> None:
    cluster = programs.ecs(programs.network())
    EcsService("web", programs.service(**settings), cluster=cluster)


def task(*, preview: bool, **settings: object) -> Recorder:
    return programs.run(partial(web, **settings), preview=preview)


def test_a_task_has_the_disk_that_is_asked_for(*, preview: bool) -> None:
    definition = task(preview=preview, storage=100).one("aws:ecs/taskDefinition:TaskDefinition")
    assert definition.inputs["ephemeralStorage"] == {"sizeInGib": 100}


@pytest.mark.parametrize("settings", [{}, {"storage": 20}])
def test_the_free_disk_is_not_asked_for(settings: dict[str, int]) -> None:
    definition = task(preview=False, **settings).one("aws:ecs/taskDefinition:TaskDefinition")
    assert "ephemeralStorage" not in definition.inputs


@pytest.mark.parametrize("gib", [21, 60, 175])
def test_a_pod_asks_for_what_eks_makes_the_disk_of(gib: int) -> None:
    requested = resources(programs.service(runtime="eks", storage=gib)).requests
    assert isinstance(requested, dict)
    mebibytes = int(requested["ephemeral-storage"].removesuffix("Mi"))
    made = mebibytes / 1024 * 1.1 + 5
    assert gib - 0.01 < made <= gib


def test_a_pod_may_use_all_of_its_disk() -> None:
    limits = resources(programs.service(runtime="eks", storage=60)).limits
    assert isinstance(limits, dict)
    assert limits.keys() == {"cpu", "memory"}


def test_a_pod_with_the_free_disk_asks_for_none() -> None:
    requested = resources(programs.service(runtime="eks")).requests
    assert isinstance(requested, dict)
    assert requested.keys() == {"cpu", "memory"}
