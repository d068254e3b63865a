"""What the pack says of services that mount file systems, as the platform makes them."""

import pytest

from tests.policies.protocol import MANDATORY, Analyzer
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.programs import platform

TASK = "aws:ecs/taskDefinition:TaskDefinition"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


@pytest.fixture(params=[False, True], ids=["known", "preview"])
def run(request: pytest.FixtureRequest) -> Recorder:
    return platform("files", preview=request.param)


def test_volumes_are_judged_and_accepted_before_their_ids_are_known(
    run: Recorder, pack: Analyzer
) -> None:
    mounting = [task for task in run.of(TASK) if "volumes" in task.inputs]
    assert len(mounting) == 2
    for task in mounting:
        volumes = str(task.inputs["volumes"])
        assert (UNKNOWN in volumes) is run.preview
        found = pack.analyze(TASK, task.inputs)
        assert found.undecided("ecs-volumes") == []
        assert found.violations("ecs-volumes") == []


def test_a_path_of_the_host_among_the_volumes_is_refused(run: Recorder, pack: Analyzer) -> None:
    task = run.named("uploads-task").inputs
    volumes = [*task["volumes"], {"name": "host", "hostPath": "/var/run"}]
    (violation,) = pack.analyze(TASK, {**task, "volumes": volumes}).violations("ecs-volumes")
    assert violation.enforcementLevel == MANDATORY
    assert "hostPath" in violation.message


def test_only_what_a_role_may_do_with_files_waits_for_their_ids(
    run: Recorder, pack: Analyzer
) -> None:
    undecided = set()
    for policy in run.of(ROLE_POLICY):
        found = pack.analyze(ROLE_POLICY, policy.inputs)
        mandatory = [each for each in found.all if each.enforcementLevel == MANDATORY]
        assert mandatory == []
        undecided |= {policy.name} if found.all else set()
    late = {"uploads-files-policy", "downloads-files-policy"}
    assert undecided == (late if run.preview else set())
