"""SupervisedTask: a job's task that Step Functions runs, by a role that can run nothing else."""

import json
from typing import Any

import pytest

from components import ScheduledTask
from components.settings import JobSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder, Registration

STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
SCHEDULE = "aws:scheduler/schedule:Schedule"
PLACE = "eu-west-1:111122223333"
ARN = f"arn:aws:states:{PLACE}:stateMachine:platform-test-report"
CLUSTER = f"arn:aws:ecs:{PLACE}:cluster/platform-test-ecs"
ALL: dict[str, Any] = {"timeout": 3600, "retries": 2, "concurrency": 1}


def report(*, preview: bool = False, **settings: object) -> Recorder:
    given = {"image": programs.IMAGE, "schedule": {"rate": "1 hour"}, **settings}
    job = programs.section(JobSettings, given)
    assert job.schedule
    schedule = job.schedule

    def program() -> None:
        ScheduledTask("report", job, schedule, cluster=programs.ecs(programs.network()))

    return programs.run(program, preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return report(preview=preview, **ALL)


@pytest.fixture(scope="module")
def known() -> Recorder:
    return report(**ALL)


def machine(run: Recorder) -> Registration:
    return run.one(STATE_MACHINE)


def parameters(run: Recorder) -> dict[str, Any]:
    definition = json.loads(machine(run).inputs["definition"])
    found: dict[str, Any] = definition["States"]["Run"]["Parameters"]
    return found


@pytest.mark.parametrize("given", [{}, *({key: value} for key, value in ALL.items())])
def test_with_each_of_the_three_settings_or_none_there_is_a_standard_state_machine(
    given: dict[str, Any],
) -> None:
    found = machine(report(**given))
    assert found.inputs["type"] == "STANDARD"
    assert found.inputs["name"] == "platform-test-report"


def test_with_a_direct_delivery_there_is_none_and_scheduler_starts_the_task() -> None:
    run = report(retries=0, delivery={"direct": True})
    assert not run.of(STATE_MACHINE)
    assert run.one(SCHEDULE).inputs["target"]["arn"] == CLUSTER


def test_scheduler_starts_the_state_machine_and_nothing_else(run: Recorder) -> None:
    target = run.one(SCHEDULE).inputs["target"]
    assert target["arn"] == ARN
    assert target["input"] == "{}"
    assert "ecsParameters" not in target
    assert statements(run, "report-scheduler-policy") == [
        {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [ARN]},
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage"],
            "Resource": [f"arn:aws:sqs:{PLACE}:platform-test-report-undelivered"],
        },
    ]


def test_only_this_state_machine_has_the_role(run: Recorder) -> None:
    assert trust(run, "report-supervisor-role") == service_trust(
        "states.amazonaws.com", ARN, ENVIRONMENT.account
    )
    role = run.named("report-supervisor-role").inputs["name"]
    assert machine(run).inputs["roleArn"] == f"arn:aws:iam::111122223333:role/{role}"


def test_the_role_may_do_with_this_clusters_tasks_what_supervision_takes(run: Recorder) -> None:
    roles = [
        f"arn:aws:iam::111122223333:role/platform-test-eu-west-1-report-{purpose}"
        for purpose in ("execution", "task")
    ]
    tasks = f"arn:aws:ecs:{PLACE}:task/platform-test-ecs/*"
    rule = f"arn:aws:events:{PLACE}:rule/StepFunctionsGetEventsForECSTaskRule"
    in_cluster = {"ArnEquals": {"ecs:cluster": CLUSTER}}
    assert statements(run, "report-supervisor-policy") == [
        {
            "Effect": "Allow",
            "Action": ["ecs:RunTask"],
            "Resource": [f"arn:aws:ecs:{PLACE}:task-definition/platform-test-report:*"],
            "Condition": in_cluster,
        },
        {
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
        {
            "Effect": "Allow",
            "Action": ["ecs:TagResource"],
            "Resource": [tasks],
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {
            "Effect": "Allow",
            "Action": ["ecs:DescribeTasks", "ecs:StopTask"],
            "Resource": [tasks],
        },
        {
            "Effect": "Allow",
            "Action": ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
            "Resource": [rule],
        },
        {
            "Effect": "Allow",
            "Action": ["ecs:ListTasks"],
            "Resource": ["*"],
            "Condition": in_cluster,
        },
    ]


def test_the_role_may_list_tasks_only_where_they_are_counted() -> None:
    actions = [
        action
        for statement in statements(report(timeout=600), "report-supervisor-policy")
        for action in statement["Action"]
    ]
    assert "ecs:ListTasks" not in actions
    assert "ecs:StopTask" in actions


def test_it_runs_the_revision_that_is_deployed(known: Recorder) -> None:
    definition = known.one("aws:ecs/taskDefinition:TaskDefinition")
    assert parameters(known)["TaskDefinition"] == f"arn:computed:{definition.name}"
    assert definition.urn in machine(known).sources["definition"]


def test_it_runs_in_private_subnets_without_a_public_address(known: Recorder) -> None:
    network = parameters(known)["NetworkConfiguration"]["AwsvpcConfiguration"]
    group = known.named("report-group")
    assert network == {
        "Subnets": [f"subnet-private-{zone}" for zone in (1, 2, 3)],
        "SecurityGroups": [known.states[group.urn].id],
        "AssignPublicIp": "DISABLED",
    }


def test_its_tasks_have_the_task_definitions_tags_and_no_shell(known: Recorder) -> None:
    assert parameters(known)["PropagateTags"] == "TASK_DEFINITION"
    assert parameters(known)["EnableExecuteCommand"] is False


@pytest.mark.parametrize(
    ("capacity", "strategy"),
    [
        ("spot", [{"CapacityProvider": "FARGATE_SPOT", "Base": 0, "Weight": 1}]),
        (
            {"onDemand": {"base": 1}, "spot": {"weight": 3}},
            [
                {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1},
                {"CapacityProvider": "FARGATE_SPOT", "Base": 0, "Weight": 3},
            ],
        ),
    ],
)
def test_it_runs_where_its_capacity_says(capacity: object, strategy: object) -> None:
    found = parameters(report(timeout=600, capacity=capacity))
    assert found["CapacityProviderStrategy"] == strategy
    assert "LaunchType" not in found


def test_tasks_are_counted_by_family_and_cluster(known: Recorder) -> None:
    count = json.loads(machine(known).inputs["definition"])["States"]["Count"]["Parameters"]
    assert (count["Cluster"], count["Family"]) == (CLUSTER, "platform-test-report")


def test_the_definition_is_canonical_so_that_a_second_preview_finds_no_difference(
    known: Recorder,
) -> None:
    text = machine(known).inputs["definition"]
    assert text == json.dumps(json.loads(text), sort_keys=True)


def test_the_first_preview_knows_its_name_and_role_but_not_yet_what_it_runs() -> None:
    inputs = machine(report(preview=True, **ALL)).inputs
    assert inputs["definition"] == UNKNOWN
    assert UNKNOWN not in (inputs["name"], inputs["roleArn"])


def test_it_comes_after_its_rights_and_the_schedule_after_it(run: Recorder) -> None:
    for needed in ("report-supervisor-policy", "report-execution-policy", "report-https-egress"):
        assert run.depends(machine(run), run.named(needed)), needed
    assert run.depends(run.one(SCHEDULE), machine(run))
