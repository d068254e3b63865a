"""Roles of services: who may assume them, and exactly what they may do."""

from functools import partial

import pytest

from components import EcsService, Queue
from components.settings import QueueSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import Recorder

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:platform-test-orders"
LOGS = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": ["arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/platform-test/web:*"],
}


def web(**settings: object) -> None:
    grantables = {
        name: Queue(name, QueueSettings(), environment=ENVIRONMENT).grantable
        for name in ("orders", "parcels")
    }
    EcsService(
        "web",
        programs.service(**settings),
        cluster=programs.ecs(programs.network()),
        grantables=grantables,
    )


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(web, preview=preview)


@pytest.mark.parametrize("role", ["web-task-role", "web-execution-role"])
def test_only_tasks_of_this_account_and_region_can_have_the_role(run: Recorder, role: str) -> None:
    assert trust(run, role) == service_trust(
        "ecs-tasks.amazonaws.com", "arn:aws:ecs:eu-west-1:111122223333:*", ENVIRONMENT.account
    )


@pytest.mark.parametrize("role", ["web-task-role", "web-execution-role"])
def test_no_role_has_managed_or_inline_policies_besides(run: Recorder, role: str) -> None:
    inputs = run.one("aws:iam/role:Role", role).inputs
    assert inputs.keys() <= {"name", "assumeRolePolicy"}
    attachments = run.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert inputs["name"] not in {found.inputs["role"] for found in attachments}


def test_without_grants_the_task_role_may_do_nothing(run: Recorder) -> None:
    name = run.one("aws:iam/role:Role", "web-task-role").inputs["name"]
    policies = run.of("aws:iam/rolePolicy:RolePolicy")
    assert name not in {policy.inputs["role"] for policy in policies}


def test_the_execution_role_writes_the_services_own_logs_and_nothing_else(run: Recorder) -> None:
    assert statements(run, "web-execution-policy") == [LOGS]


def test_an_image_in_ecr_adds_reading_exactly_its_repository(*, preview: bool) -> None:
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1"
    run = programs.run(partial(web, image=image), preview=preview)
    assert statements(run, "web-execution-policy") == [
        LOGS,
        {"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken"], "Resource": ["*"]},
        {
            "Effect": "Allow",
            "Action": [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            "Resource": ["arn:aws:ecr:eu-west-1:111122223333:repository/team/web"],
        },
    ]


SEND = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"]
RECEIVE = [
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
]


@pytest.mark.parametrize(
    ("levels", "actions"),
    [
        (["send"], SEND),
        (["receive"], RECEIVE),
        (["send", "receive"], sorted({*SEND, *RECEIVE})),
    ],
)
def test_a_grant_becomes_one_statement_on_one_queue(
    levels: list[str], actions: list[str], *, preview: bool
) -> None:
    run = programs.run(partial(web, grants={"orders": levels}), preview=preview)
    assert statements(run, "web-task-policy") == [
        {"Effect": "Allow", "Action": actions, "Resource": [QUEUE]}
    ]
    assert run.depends(run.one("aws:ecs/service:Service"), run.named("web-task-policy"))
    assert run.depends(run.named("web-task-policy"), run.named("orders-queue"))


def test_each_granted_queue_has_a_statement_of_its_own(*, preview: bool) -> None:
    program = partial(web, grants={"parcels": ["receive"], "orders": ["send"]})
    found = statements(programs.run(program, preview=preview), "web-task-policy")
    assert [statement["Resource"] for statement in found] == [
        [QUEUE],
        ["arn:aws:sqs:eu-west-1:111122223333:platform-test-parcels"],
    ]


@pytest.mark.parametrize("asked", [True, False])
def test_a_shell_can_be_opened_only_in_services_that_ask_for_one(*, asked: bool) -> None:
    def program() -> None:
        cluster = programs.ecs(programs.network(), exec={"enabled": True})
        settings = programs.service(exec=asked, readOnlyRoot=not asked)
        EcsService("web", settings, cluster=cluster)

    run = programs.run(program, preview=False)
    assert run.one("aws:ecs/service:Service").inputs["enableExecuteCommand"] is asked
    policies = [
        one for one in run.of("aws:iam/rolePolicy:RolePolicy") if one.name.startswith("web")
    ]
    opening = {one.name for one in policies if "ssmmessages:" in one.inputs["policy"]}
    assert opening == ({"web-task-policy"} if asked else set())
