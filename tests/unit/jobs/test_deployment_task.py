"""DeploymentTask: a task that a deployment runs, and services that come after it."""

import json
from typing import Any

import pytest

from components import Workloads
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.functions import FUNCTION, unpack
from tests.unit.support.reach import Connection, reach

INVOCATION = "aws:lambda/invocation:Invocation"
PLACE = "eu-west-1:111122223333"


def stack(*, preview: bool = False, **given: Any) -> Recorder:  # noqa: ANN401 - any settings
    """Run what a stack file with jobs and services declares."""
    sections = {
        section: {
            name: {"image": programs.IMAGE, **each} for name, each in given.pop(section, {}).items()
        }
        for section in ("jobs", "services")
    }
    settings = programs.settings(**given, **sections)

    def program() -> None:
        network = programs.network()
        ecs = programs.ecs(network)
        eks = programs.eks(network) if settings.eks.enabled else None
        Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=eks, behind=None)

    return programs.run(program, preview=preview)


def migrate(*, preview: bool = False, again: str | None = None, **settings: Any) -> Recorder:  # noqa: ANN401 - any settings
    trigger = {"again": again} if again else {}
    return stack(preview=preview, jobs={"migrate": {"atDeployment": trigger, **settings}})


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return migrate(preview=preview)


def test_it_runs_by_a_resource_that_no_preview_creates_and_that_is_never_deleted_with_an_effect(
    run: Recorder,
) -> None:
    given = run.one(INVOCATION, "migrate-run").inputs
    assert given["functionName"] == "platform-test-migrate-run"
    assert given["lifecycleScope"] == "CREATE_ONLY"
    assert given["input"] == "{}"


def test_it_runs_again_for_another_task_definition_or_text_and_for_nothing_else() -> None:
    triggers = [
        migrate(preview=preview, again=again).one(INVOCATION).inputs["triggers"]
        for preview, again in ((False, None), (True, None), (False, "once more"))
    ]
    arn = "arn:computed:migrate-task"
    assert triggers == [
        {"taskDefinition": arn},
        {"taskDefinition": UNKNOWN},
        {"taskDefinition": arn, "again": "once more"},
    ]


def test_the_function_is_told_what_it_runs_again_for() -> None:
    assert migrate(again="once more").one(INVOCATION).inputs["input"] == '{"again": "once more"}'


def test_it_runs_after_all_that_the_task_and_the_function_need(run: Recorder) -> None:
    started = run.one(INVOCATION)
    for needed in (
        "migrate-execution-policy",
        "migrate-https-egress",
        "migrate-logs",
        "migrate-run-function",
        "migrate-run-logs",
        "migrate-run-policy",
        "migrate-task",
        "ecs-capacity",
    ):
        assert run.depends(started, run.named(needed)), needed
    assert {route.urn for route in run.of("aws:ec2/route:Route")} <= run.one(FUNCTION).dependencies


@pytest.mark.parametrize(
    ("given", "task", "function"), [({}, 840, 900), ({"timeout": 90}, 90, 150)]
)
def test_the_function_waits_longer_than_the_task_may_take(
    given: dict[str, Any], task: int, function: int
) -> None:
    run = migrate(**given)
    inputs = run.one(FUNCTION).inputs
    job = json.loads(inputs["code"]["assets"]["job.json"]["text"])
    assert job["timeout"] == task
    assert inputs["timeout"] == function
    assert function <= 900


def test_the_function_knows_what_it_runs_and_where_its_logs_are() -> None:
    run = migrate()
    inputs = run.one(FUNCTION).inputs
    request = json.loads(inputs["environment"]["variables"]["RUN_TASK"])
    assert request["startedBy"] == "platform-test-migrate"
    assert request["taskDefinition"] == "arn:computed:migrate-task"
    job = json.loads(inputs["code"]["assets"]["job.json"]["text"])
    assert job["container"] == "migrate"
    assert job["log_group"] == run.named("migrate-logs").inputs["name"]


def test_its_role_may_run_look_at_and_stop_this_task_in_this_cluster_and_nothing_else(
    run: Recorder,
) -> None:
    name = "platform-test-migrate-run"
    assert trust(run, "migrate-run-role") == service_trust(
        "lambda.amazonaws.com", f"arn:aws:lambda:{PLACE}:function:{name}", ENVIRONMENT.account
    )
    cluster = {"ArnEquals": {"ecs:cluster": f"arn:aws:ecs:{PLACE}:cluster/platform-test-ecs"}}
    tasks = [f"arn:aws:ecs:{PLACE}:task/platform-test-ecs/*"]
    roles = [
        f"arn:aws:iam::111122223333:role/platform-test-eu-west-1-migrate-{purpose}"
        for purpose in ("execution", "task")
    ]
    assert statements(run, "migrate-run-policy") == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [f"arn:aws:logs:{PLACE}:log-group:/aws/lambda/{name}:*"],
        },
        {
            "Effect": "Allow",
            "Action": ["ecs:RunTask"],
            "Resource": [f"arn:aws:ecs:{PLACE}:task-definition/platform-test-migrate:*"],
            "Condition": cluster,
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
            "Resource": tasks,
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {"Effect": "Allow", "Action": ["ecs:DescribeTasks", "ecs:StopTask"], "Resource": tasks},
        {
            "Effect": "Allow",
            "Action": ["ecs:ListTasks"],
            "Resource": ["*"],
            "Condition": cluster,
        },
    ]


def test_nobody_connects_to_it_and_it_reaches_https_only(run: Recorder) -> None:
    assert reach(run) == {Connection("migrate-group", "0.0.0.0/0", 443)}


def test_its_failed_tasks_are_told_as_those_of_any_job(run: Recorder) -> None:
    assert run.named("migrate-failed").inputs["state"] == "ENABLED"
    assert run.named("migrate-failed-alarm").inputs["metricName"] == "TriggeredRules"


WAITING: dict[str, Any] = {
    "jobs": {"migrate": {"atDeployment": {}}, "seed": {"atDeployment": {}}},
    "services": {
        "shop": {"after": ["migrate", "seed"], "port": 8080, "callers": ["web"]},
        "web": {},
        "other": {},
    },
}


def test_a_service_on_ecs_comes_after_its_jobs_and_the_others_do_not(*, preview: bool) -> None:
    run = stack(preview=preview, **WAITING)
    for job in ("migrate", "seed"):
        done = run.one(INVOCATION, f"{job}-run")
        assert done.urn in run.named("shop-service").dependencies
        assert not run.depends(run.named("other-service"), done)
        assert not run.depends(done, run.named("shop-service"))


def test_who_calls_a_service_that_waits_waits_too() -> None:
    run = stack(**WAITING)
    assert run.depends(run.named("web-service"), run.one(INVOCATION, "migrate-run"))


def test_a_service_on_eks_comes_after_its_jobs_too(*, preview: bool) -> None:
    run = stack(
        preview=preview,
        jobs={"migrate": {"atDeployment": {}}},
        services={
            "shop": {"runtime": "eks", "after": ["migrate"]},
            "other": {"runtime": "eks"},
        },
        eks={"enabled": True},
    )
    done = run.one(INVOCATION)
    assert done.urn in run.named("shop-deployment").dependencies
    assert not run.depends(run.named("other-deployment"), done)


def test_its_package_holds_all_that_it_imports(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    given = migrate().one(FUNCTION)
    unpack(given, tmp_path)
    assert given.inputs["handler"] == "components.jobs.functions.run_once.handle"
    assert (tmp_path / "components/jobs/functions/run_once.py").is_file()
