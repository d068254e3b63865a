"""What starts jobs of AWS Batch, and state machines that start tasks: what their roles may do."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.policies.cases.case import AboutStack, Case, Json, allow, one
from tests.policies.cases.ecs import STATE_MACHINE
from tests.policies.cases.escalations import (
    ATTACHMENT,
    IAM,
    ROLE,
    RUN,
    TO_TASKS,
    Statement,
    deny,
    foreign,
    may,
    role,
)
from tests.policies.cases.event_targets import (
    ECS,
    PASS_TWO,
    PIPE,
    RULE_TARGET,
    RUN_ONE,
    SCHEDULE,
    TARGET,
)
from tests.policies.protocol import UNKNOWN, StackResource

ACCOUNT = "eu-west-1:111122223333"
BATCH = f"arn:aws:batch:{ACCOUNT}"
DEFINITION = f"{BATCH}:job-definition/report"
QUEUE = f"{BATCH}:job-queue/nightly"
SUBMIT = allow("batch:SubmitJob", [DEFINITION, f"{DEFINITION}:*", QUEUE])
SUBMIT_AUDIT = allow("batch:SubmitJob", f"{BATCH}:job-definition/audit:*")
SUBMIT_URGENT = allow("batch:SubmitJob", f"{BATCH}:job-queue/urgent")
SEND = allow("sqs:SendMessage")
JOB = "aws:batch/jobDefinition:JobDefinition"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
JOB_QUEUE = "aws:batch/jobQueue:JobQueue"
STATES = "arn:aws:states:::"
ROLES_OF_ALL = allow("iam:PassRole", f"{IAM}:role/*", Condition=TO_TASKS)

JOB_TARGET = one(
    TARGET, "rule", {"roleArn": ["ci"]}, roleArn=UNKNOWN, batchTarget={"jobName": "report"}
)
JOB_PIPE = one(
    "aws:pipes/pipe:Pipe",
    "pipe",
    {"roleArn": ["ci"]},
    roleArn=UNKNOWN,
    targetParameters={"batchJobParameters": {"jobName": "report"}},
)


def scheduled(call: str) -> StackResource:
    """Return a schedule that calls an API by a universal target."""
    target = {"arn": f"arn:aws:scheduler:::aws-sdk:{call}", "roleArn": UNKNOWN}
    return one(SCHEDULE.type, "nightly", {"target": ["ci"]}, target=target)


def by_rule(*statements: Statement) -> list[StackResource]:
    """Return a rule that submits a job, with its role and the role's inline policy."""
    return [*may(*statements), JOB_TARGET]


def run(task: object = "orders", how: str = "ecs:runTask.sync", **more: object) -> dict[str, Any]:
    """Return a state that runs a task."""
    given = {} if task is None else {"TaskDefinition": task}
    return {"Type": "Task", "Resource": STATES + how, "Parameters": {**given, **more}}


def submit(
    definition: str = DEFINITION, queue: str = QUEUE, how: str = "aws-sdk:batch:submitJob"
) -> dict[str, Any]:
    """Return a state that submits a job."""
    parameters = {"JobDefinition": definition, "JobQueue": queue}
    return {"Type": "Task", "Resource": STATES + how, "Parameters": parameters}


RUN_STATE = f"{STATES}ecs:runTask.sync"
PUBLISH = {"Type": "Task", "Resource": f"{STATES}sns:publish", "Parameters": {}}


def machine(*states: Mapping[str, Any]) -> StackResource:
    """Return a state machine."""
    definition = json.dumps({"States": {f"S{n}": state for n, state in enumerate(states)}})
    return one(STATE_MACHINE, "m", {"roleArn": ["ci"]}, roleArn=UNKNOWN, definition=definition)


def unknown(*made_from: str) -> StackResource:
    """Return a state machine whose definition a preview doesn't know."""
    refers = {"roleArn": ["ci"], "definition": made_from}
    return one(STATE_MACHINE, "m", refers, roleArn=UNKNOWN, definition=UNKNOWN)


def by_states(
    *statements: Statement, states: Sequence[Mapping[str, Any]] = ()
) -> list[StackResource]:
    """Return a state machine that runs the task `orders`, with its role."""
    return [*may(*statements), machine(*(states or [run()]))]


WATCH = allow(["ecs:StopTask", "ecs:DescribeTasks"], f"{ECS}:task/dev/*")
ANY_TASK = allow(["ecs:StopTask", "ecs:DescribeTasks"], "*")
IN_CLUSTER = {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}}
LIST = allow("ecs:ListTasks", "*", Condition=IN_CLUSTER)


def rules(name: str) -> dict[str, Any]:
    actions = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
    return allow(actions, f"arn:aws:events:{ACCOUNT}:rule/{name}")


OWN_RULE = rules("StepFunctionsGetEventsForECSTaskRule")
OWN_RULE_FOR_JOBS = rules("StepFunctionsGetEventsForBatchJobsRule")
LOGS_AND_TRACES = allow(
    [
        *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery"),
        *("logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy"),
        *("logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
        *("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
        *("xray:GetSamplingRules", "xray:GetSamplingTargets"),
    ],
    "*",
)
TOPIC = allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:failures")
AUDIT = {**RUN_ONE, "Resource": f"{ECS}:task-definition/audit:*"}
PASS_TWO_MORE = allow("iam:PassRole", [f"{IAM}:role/a", f"{IAM}:role/b"], Condition=TO_TASKS)
ORDERS = one(
    TASK,
    "task",
    family="orders",
    taskRoleArn=f"{IAM}:role/task",
    executionRoleArn=f"{IAM}:role/execution",
)


def orders(**properties: Json) -> list[StackResource]:
    """Return the same task as a preview has it, and its roles, whose names alone are known."""
    refers = {"taskRoleArn": ["task-role"], "executionRoleArn": ["execution-role"]}
    given: Json = {"taskRoleArn": UNKNOWN, "executionRoleArn": UNKNOWN, **properties}
    return [
        one(TASK, "task", refers, family="orders", **given),
        one(ROLE, "task-role", computed=["arn"], name="task"),
        one(ROLE, "execution-role", computed=["arn"], name="execution"),
    ]


REPORT = one(JOB, "job", name="report")
NIGHTLY = one(JOB_QUEUE, "queue", name="nightly")
IN_MAP = {"Type": "Map", "ItemProcessor": {"States": {"Run": run("audit")}}}
IN_PARALLEL = {"Type": "Parallel", "Branches": [{"States": {"Run": run("audit")}}]}

ABOUT = [
    AboutStack("event-target-role")
    .passes(
        {
            "a job in a queue": by_rule(SUBMIT),
            "roles but no task": [*may(PASS_TWO), RULE_TARGET],
            "a task by a rule and a job by a schedule": [
                *may(RUN_ONE, PASS_TWO, SUBMIT),
                RULE_TARGET,
                scheduled("batch:submitJob"),
            ],
            "a task by a rule and by a pipe": [
                *may(RUN_ONE, PASS_TWO, allow("sqs:ReceiveMessage")),
                RULE_TARGET,
                PIPE,
            ],
            "a task by a rule and by a state machine that tells of it": [
                *by_states(RUN_ONE, PASS_TWO, TOPIC, states=[run(), PUBLISH]),
                RULE_TARGET,
            ],
            "a state machine that runs a task and submits a job": by_states(
                RUN_ONE, PASS_TWO, SUBMIT, states=[run(), submit()]
            ),
            "a computed job": by_states(
                SUBMIT, SUBMIT_AUDIT, states=[submit("{% $states.input.job %}")]
            ),
            "a computed queue": by_states(
                SUBMIT, SUBMIT_URGENT, states=[submit(queue="{% $states.input.queue %}")]
            ),
            "a state machine of two families, one of them elsewhere": [
                *by_states(RUN_ONE, AUDIT, PASS_TWO, PASS_TWO_MORE, states=[run(), run("audit")]),
                ORDERS,
            ],
            "a revision of a job": by_rule(
                allow("batch:SubmitJob", f"{DEFINITION}:3"), allow("batch:SubmitJob", QUEUE)
            ),
            "a job whose id Batch chooses": by_rule(
                allow("batch:SubmitJob", [f"{DEFINITION}:*", QUEUE, f"{BATCH}:job/*"])
            ),
            "a job with dead letters": by_rule(SUBMIT, SEND),
            "a job with tags": by_rule(SUBMIT, allow("batch:TagResource", f"{BATCH}:job/*")),
            "AWS's policy for logs": [*by_rule(SUBMIT), foreign("CloudWatchLogsReadOnlyAccess")],
            "a job by a schedule": [*may(SUBMIT, SEND), scheduled("batch:submitJob")],
            "a task by a schedule's call": [*may(RUN_ONE, PASS_TWO), scheduled("ecs:runTask")],
            "another call of a schedule": [
                *may(allow("sqs:PurgeQueue")),
                scheduled("sqs:purgeQueue"),
            ],
            "an unknown target of a schedule": [
                *may(SUBMIT),
                one(SCHEDULE.type, "nightly", {"target": ["ci"]}, target=UNKNOWN),
            ],
            "a job by a pipe": [*may(SUBMIT, allow("sqs:ReceiveMessage")), JOB_PIPE],
            "a state machine": by_states(RUN_ONE, PASS_TWO),
            "a rule for the roles of its task": [*may(RUN_ONE, PASS_TWO), RULE_TARGET, ORDERS],
            "roles by their names": [*may(RUN_ONE, PASS_TWO), RULE_TARGET, *orders()],
            "roles whose names aren't known": [
                *may(RUN_ONE, PASS_TWO_MORE),
                RULE_TARGET,
                one(TASK, "task", family="orders", taskRoleArn=UNKNOWN),
            ],
            "a state machine that waits": by_states(RUN_ONE, PASS_TWO, WATCH, OWN_RULE),
            "a state machine that counts": by_states(RUN_ONE, PASS_TWO, LIST),
            "a state machine that watches by a condition": by_states(
                RUN_ONE, PASS_TWO, {**ANY_TASK, "Condition": IN_CLUSTER}
            ),
            "a state machine with logs and traces": by_states(RUN_ONE, PASS_TWO, LOGS_AND_TRACES),
            "a state machine that tells of it": by_states(
                RUN_ONE, PASS_TWO, TOPIC, states=[run(), PUBLISH]
            ),
            "a state machine of two families": by_states(
                RUN_ONE,
                AUDIT,
                PASS_TWO,
                PASS_TWO_MORE,
                states=[run(f"{ECS}:task-definition/orders:3"), run("audit:7")],
            ),
            "in a map": by_states(RUN_ONE, AUDIT, states=[run(), IN_MAP]),
            "in a branch": by_states(RUN_ONE, AUDIT, states=[run(), IN_PARALLEL]),
            "by the SDK": by_states(
                RUN_ONE, PASS_TWO, states=[run("orders", "aws-sdk:ecs:runTask")]
            ),
            "with a token": by_states(
                RUN_ONE, PASS_TWO, states=[run("orders", "ecs:runTask.waitForTaskToken")]
            ),
            "a computed family": by_states(
                RUN_ONE, AUDIT, states=[run(None, **{"TaskDefinition.$": "$.task"})]
            ),
            "a state machine that submits a job": by_states(SUBMIT, states=[submit()]),
            "a state machine that submits a job by name": by_states(
                SUBMIT, states=[submit("report", "nightly")]
            ),
            "a state machine that waits for a job": by_states(
                SUBMIT,
                OWN_RULE_FOR_JOBS,
                allow(["batch:DescribeJobs", "batch:TerminateJob"], "*"),
                states=[submit(how="batch:submitJob.sync")],
            ),
            "a state machine that denies": by_states(RUN_ONE, PASS_TWO, deny("*")),
            "a state machine that starts nothing": by_states(
                allow("s3:GetObject", "arn:aws:s3:::*"), states=[PUBLISH]
            ),
            "a definition that another rule rejects": [
                *may(RUN),
                one(STATE_MACHINE, "m", {"roleArn": ["ci"]}, definition="{"),
            ],
            "an unknown state machine made from its task": [
                *may(RUN_ONE, PASS_TWO, WATCH, OWN_RULE),
                ORDERS,
                unknown("task"),
            ],
            "an unknown state machine made from its job": [
                *may(SUBMIT),
                REPORT,
                NIGHTLY,
                unknown("job", "queue"),
            ],
            "an unknown state machine that may start nothing": [
                *may(allow("s3:GetObject", "arn:aws:s3:::*")),
                unknown(),
            ],
        }
    )
    .fails(
        {
            "every job": by_rule(allow("batch:SubmitJob", "*")),
            "every definition": by_rule(
                allow("batch:SubmitJob", [f"{BATCH}:job-definition/*", QUEUE])
            ),
            "definitions that begin alike": by_rule(
                allow("batch:SubmitJob", [f"{DEFINITION}*", QUEUE])
            ),
            "every queue": by_rule(
                allow("batch:SubmitJob", [f"{DEFINITION}:*", f"{BATCH}:job-queue/*"])
            ),
            "two jobs": by_rule(SUBMIT, allow("batch:SubmitJob", f"{BATCH}:job-definition/audit")),
            "two queues": by_rule(SUBMIT, allow("batch:SubmitJob", f"{BATCH}:job-queue/urgent")),
            "all of Batch": by_rule({**SUBMIT, "Action": "batch:*"}),
            "roles for a job": by_rule(SUBMIT, PASS_TWO),
            "tasks beside a job": by_rule(SUBMIT, RUN_ONE),
            "a job beside tasks": [
                *may(RUN_ONE, PASS_TWO, SUBMIT),
                one(TARGET, "rule", {"roleArn": ["ci"]}, roleArn=UNKNOWN, ecsTarget={}),
            ],
            "tags on every definition": by_rule(SUBMIT, allow("batch:TagResource", "*")),
            "tags on jobs and on everything": by_rule(
                SUBMIT, allow("batch:TagResource", [f"{BATCH}:job/*", "*"])
            ),
            "roles for a job by a schedule": [
                *may(SUBMIT, PASS_TWO),
                scheduled("batch:submitJob"),
            ],
            "a job beside tasks by a schedule's call": [
                *may(RUN_ONE, PASS_TWO, SUBMIT),
                scheduled("ecs:runTask"),
            ],
            **{
                f"AWS's policy {name}": [role(), JOB_TARGET, foreign(name)]
                for name in ("AWSBatchFullAccess", "AmazonECS_FullAccess")
            },
            **{
                f"a state machine that makes rules by {action}": by_states(
                    RUN_ONE, PASS_TWO, {**rules("mine"), "Action": action}
                )
                for action in rules("mine")["Action"]
            },
            "a state machine that makes rules, its own among them": by_states(
                RUN_ONE,
                PASS_TWO,
                {
                    **OWN_RULE,
                    "Resource": [OWN_RULE["Resource"], rules("mine")["Resource"]],
                },
            ),
            "a state machine that ends definitions": by_states(
                SUBMIT,
                allow("batch:DeregisterJobDefinition", f"{DEFINITION}:1"),
                states=[submit()],
            ),
            "a rule and an unknown state machine": [
                *may(allow("s3:GetObject", "arn:aws:s3:::*")),
                RULE_TARGET,
                unknown(),
            ],
            "AWS's policy for every job": [
                role(),
                JOB_TARGET,
                foreign("service-role/AWSBatchServiceEventTargetRole"),
            ],
            "AWS's policy for every task": [
                role(),
                machine(run()),
                foreign("service-role/AmazonEC2ContainerServiceEventsRole"),
            ],
            "every job by a schedule": [
                *may(allow("batch:SubmitJob", "*")),
                scheduled("batch:submitJob"),
            ],
            "any cluster by a schedule's call": [*may(RUN, PASS_TWO), scheduled("ecs:runTask")],
            "every job by a pipe": [*may(allow("batch:SubmitJob", "*")), JOB_PIPE],
            "a state machine for any cluster": by_states(RUN, PASS_TWO),
            "a state machine for every family": by_states(
                {**RUN_ONE, "Resource": f"{ECS}:task-definition/*"}
            ),
            "a state machine for another family": by_states(RUN_ONE, AUDIT),
            "a state machine for a family but its revision's": by_states(
                RUN_ONE, AUDIT, states=[run("orders:3")]
            ),
            "a state machine of JSONata for another family": by_states(
                RUN_ONE,
                AUDIT,
                states=[
                    {**PUBLISH, "Resource": RUN_STATE, "Arguments": {"TaskDefinition": "orders"}}
                ],
            ),
            "a state machine of jobs that passes roles": by_states(
                SUBMIT, PASS_TWO, states=[submit()]
            ),
            "a state machine of tasks that tags jobs": by_states(
                RUN_ONE, allow("batch:TagResource", f"{BATCH}:job/*")
            ),
            "a state machine that passes every role": by_states(RUN_ONE, ROLES_OF_ALL),
            "a state machine that passes more roles": by_states(RUN_ONE, PASS_TWO, PASS_TWO_MORE),
            "a rule for the roles of another task": [
                *may(RUN_ONE, PASS_TWO_MORE),
                RULE_TARGET,
                ORDERS,
            ],
            "the roles of another task by their names": [
                *may(RUN_ONE, PASS_TWO_MORE),
                RULE_TARGET,
                *orders(),
            ],
            "a role for a task that has none": [
                *may(RUN_ONE, allow("iam:PassRole", f"{IAM}:role/task", Condition=TO_TASKS)),
                RULE_TARGET,
                one(TASK, "task", family="orders"),
            ],
            "a state machine for the roles of another task": [
                *by_states(RUN_ONE, PASS_TWO_MORE),
                ORDERS,
            ],
            "a state machine that stops every task": by_states(RUN_ONE, PASS_TWO, ANY_TASK),
            "a state machine that makes rules": by_states(RUN_ONE, PASS_TWO, rules("mine")),
            "a state machine that makes every rule": by_states(RUN_ONE, PASS_TWO, rules("*")),
            "a state machine that registers tasks": by_states(
                RUN_ONE, allow("ecs:RegisterTaskDefinition", f"{ECS}:task-definition/orders:*")
            ),
            "a state machine that writes policies": by_states(
                RUN_ONE, allow("iam:PutRolePolicy", f"{IAM}:role/task")
            ),
            "a state machine that submits jobs besides": by_states(RUN_ONE, SUBMIT),
            "a state machine that reads every object": by_states(
                RUN_ONE, allow("s3:GetObject", "arn:aws:s3:::*")
            ),
            "a state machine that leaves something out": by_states(
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": RUN["Resource"]}
            ),
            "a computed family in any cluster": by_states(
                RUN, states=[run(None, **{"TaskDefinition.$": "$.task"})]
            ),
            "a computed family of JSONata, and every family": by_states(
                {**RUN_ONE, "Resource": f"{ECS}:task-definition/*"},
                states=[{**run(), "Parameters": {}, "Arguments": "{% $states.input %}"}],
            ),
            "a state machine for every job": by_states(
                allow("batch:SubmitJob", "*"), states=[submit()]
            ),
            "a state machine for another job": by_states(
                SUBMIT,
                allow("batch:SubmitJob", f"{BATCH}:job-definition/audit:*"),
                states=[submit()],
            ),
            "a state machine that waits for a job, and for another job": by_states(
                SUBMIT,
                allow("batch:SubmitJob", f"{BATCH}:job-definition/audit:*"),
                states=[submit(how="batch:submitJob.sync")],
            ),
            "a state machine for another queue": by_states(
                SUBMIT, allow("batch:SubmitJob", f"{BATCH}:job-queue/urgent"), states=[submit()]
            ),
            "an unknown state machine for any cluster": [*may(RUN, PASS_TWO), unknown()],
        }
    )
    .undecided(
        {
            "an unknown policy for jobs": [
                role(),
                one("aws:iam/rolePolicy:RolePolicy", "p", {"role": ["ci"]}, policy=UNKNOWN),
                JOB_TARGET,
            ],
            "an unknown policy of elsewhere": [
                *by_rule(SUBMIT),
                one(ATTACHMENT, "attached", {"role": ["ci"]}, policyArn=UNKNOWN),
            ],
            "an unknown state machine with an unknown policy": [
                role(),
                one("aws:iam/rolePolicy:RolePolicy", "p", {"role": ["ci"]}, policy=UNKNOWN),
                unknown(),
            ],
            "an unknown state machine": [*may(RUN_ONE, PASS_TWO), unknown()],
            "an unknown state machine made from another task": [
                *may(RUN_ONE, PASS_TWO),
                one(TASK, "task", family="audit"),
                unknown("task"),
            ],
            "an unknown state machine made from another job": [
                *may(SUBMIT),
                one(JOB, "job", name="audit"),
                NIGHTLY,
                unknown("job", "queue"),
            ],
            "an unknown state beside another": [
                *may(RUN_ONE, PASS_TWO),
                one(
                    STATE_MACHINE,
                    "m",
                    {"roleArn": ["ci"]},
                    roleArn=UNKNOWN,
                    definition={"States": {"Run": UNKNOWN, "Say": PUBLISH}},
                ),
            ],
            "an unknown state": [
                *may(RUN_ONE, PASS_TWO),
                one(
                    STATE_MACHINE,
                    "m",
                    {"roleArn": ["ci"]},
                    roleArn=UNKNOWN,
                    definition={"States": {"Run": UNKNOWN}},
                ),
            ],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
