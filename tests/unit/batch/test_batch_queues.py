"""BatchQueues: environments of Fargate that nothing reaches, and queues in their order."""

import pytest

from components import BatchQueues
from components.settings import BatchSettings
from tests.unit.support import programs
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.programs import platform
from tests.unit.support.reach import Connection, reach

ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
QUEUE = "aws:batch/jobQueue:JobQueue"
POLICY = "aws:batch/schedulingPolicy:SchedulingPolicy"
ARN = "arn:aws:batch:eu-west-1:111122223333"


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return platform("batch", preview=preview)


@pytest.mark.parametrize(
    ("name", "capacity", "limit"), [("cheap", "FARGATE_SPOT", 64), ("reliable", "FARGATE", 8)]
)
def test_an_environment_is_fargate_in_private_subnets_up_to_its_limit(
    run: Recorder, name: str, capacity: str, limit: int
) -> None:
    given = run.one(ENVIRONMENT, f"batch-{name}-environment").inputs
    assert (given["type"], given["state"]) == ("MANAGED", "ENABLED")
    resources = given["computeResources"]
    assert resources["type"] == capacity
    assert resources["maxVcpus"] == limit
    assert resources["subnets"] in (UNKNOWN, ["subnet-private-1", "subnet-private-2"])
    assert resources["securityGroupIds"] in ([UNKNOWN], [f"batch-{name}-group-id"])
    # Not on Fargate: minVcpus, desiredVcpus, allocationStrategy, instance types and roles.
    assert set(resources) == {"type", "maxVcpus", "subnets", "securityGroupIds"}


def test_an_environment_has_awss_service_linked_role(run: Recorder) -> None:
    for environment in run.of(ENVIRONMENT):
        assert "serviceRole" not in environment.inputs


def test_another_capacity_is_another_environment_with_a_name_of_its_own(run: Recorder) -> None:
    for environment in run.of(ENVIRONMENT):
        assert "name" not in environment.inputs
        assert environment.replace_on_changes == ("computeResources.type",)
        assert not environment.delete_before_replace


def test_nothing_reaches_the_jobs_and_they_reach_https_and_what_theirs_mount(
    run: Recorder,
) -> None:
    found = {each for each in reach(run) if each.source.startswith("batch-")}
    assert found == {
        Connection("batch-cheap-group", "0.0.0.0/0", 443),
        Connection("batch-reliable-group", "0.0.0.0/0", 443),
        Connection("batch-cheap-group", "scratch-files-group", 2049),
        Connection("batch-reliable-group", "scratch-files-group", 2049),
    }
    assert not [each for each in reach(run) if each.target.startswith("batch-")]


def test_an_environment_waits_for_its_rules_and_the_network_s_routes(run: Recorder) -> None:
    needed = run.one(ENVIRONMENT, "batch-cheap-environment").dependencies
    assert any("batch-cheap-https-egress" in urn for urn in needed)
    assert any("batch-cheap-to-scratch-ingress" in urn for urn in needed)
    assert any(urn.rpartition("::")[0].endswith("aws:ec2/route:Route") for urn in needed)


def test_a_queue_tries_its_environments_in_their_order(run: Recorder) -> None:
    queue = run.one(QUEUE, "batch-urgent-queue")
    assert queue.inputs["name"] == "platform-test-urgent"
    assert (queue.inputs["priority"], queue.inputs["state"]) == (10, "ENABLED")
    orders = queue.inputs["computeEnvironmentOrders"]
    assert [each["order"] for each in orders] == [1, 2]
    computed = [f"arn:computed:batch-{name}-environment" for name in ("cheap", "reliable")]
    assert [each["computeEnvironment"] for each in orders] in (computed, [UNKNOWN, UNKNOWN])
    assert "schedulingPolicyArn" not in queue.inputs


def test_a_queue_with_fair_share_has_a_policy_that_the_first_preview_knows(run: Recorder) -> None:
    queue = run.one(QUEUE, "batch-bulk-fair-queue").inputs
    assert queue["schedulingPolicyArn"] == f"{ARN}:scheduling-policy/platform-test-bulk"
    assert run.one(POLICY, "batch-bulk-shares").inputs == {
        "name": "platform-test-bulk",
        "fairSharePolicy": {
            "computeReservation": 10,
            "shareDecaySeconds": 3600,
            "shareDistributions": [
                {"shareIdentifier": "billing", "weightFactor": 0.5},
                {"shareIdentifier": "team*", "weightFactor": 1},
            ],
        },
    }


def test_fair_share_makes_another_queue_since_aws_adds_it_to_none() -> None:
    names = []
    shares: list[dict[str, object]] = [{}, {"fairShare": {}}]
    for share in shares:
        given = {
            "environments": {"cheap": {}},
            "queues": {"bulk": {"environments": ["cheap"], **share}},
        }
        settings = programs.section(BatchSettings, given)

        def program(settings: BatchSettings = settings) -> None:
            cluster = programs.ecs(programs.network())
            BatchQueues("batch", settings, jobs={}, cluster=cluster, file_systems={})

        queue = programs.run(program, preview=False).one(QUEUE)
        names.append((queue.name, queue.inputs["name"]))
    assert names == [
        ("batch-bulk-queue", "platform-test-bulk"),
        ("batch-bulk-fair-queue", "platform-test-bulk-fair"),
    ]
