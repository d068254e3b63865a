"""Roles with which rules, schedules and pipes start tasks of their own, or of others."""

from tests.policies.cases.case import AboutStack, Case, allow, document, one
from tests.policies.cases.escalations import (
    IAM,
    LOGS,
    PASS_ANY,
    ROLE_POLICY,
    RUN,
    TO_TASKS,
    Statement,
    deny,
    may,
    policy,
    role,
)
from tests.policies.protocol import UNKNOWN, StackResource

ECS = "arn:aws:ecs:eu-west-1:111122223333"
DEV = f"{ECS}:cluster/dev"
RUN_ONE = {**RUN, "Condition": {"ArnEquals": {"ecs:cluster": DEV}}}
ORDERS = f"{ECS}:task-definition/orders"
SOURCES = (
    (
        ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        "arn:aws:sqs:eu-west-1:111122223333:orders",
    ),
    (
        [
            *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
            *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams"),
        ],
        "arn:aws:kinesis:eu-west-1:111122223333:stream/orders",
    ),
    (
        [
            *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
            "dynamodb:ListStreams",
        ],
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026",
    ),
    (["logs:CreateLogStream", "logs:PutLogEvents"], f"{LOGS}:/pipes/orders:*"),
)
"""What pipes read, and where they log: actions and a resource."""
NO_TASK = {"arn": "arn:aws:sns:eu-west-1:111122223333:failures", "roleArn": UNKNOWN}
PASS_TWO = allow("iam:PassRole", [f"{IAM}:role/task", f"{IAM}:role/execution"], Condition=TO_TASKS)
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
RULE_TARGET = one(TARGET, "rule", {"roleArn": ["ci"]}, roleArn=UNKNOWN, ecsTarget={"taskCount": 1})
SCHEDULE = one(
    "aws:scheduler/schedule:Schedule",
    "nightly",
    {"target": ["ci"]},
    target={"roleArn": UNKNOWN, "ecsParameters": {"taskCount": 1}},
)
PIPE = one(
    "aws:pipes/pipe:Pipe",
    "pipe",
    {"roleArn": ["ci"]},
    roleArn=UNKNOWN,
    targetParameters={"ecsTaskParameters": {"taskCount": 1}},
)


def by_rule(*statements: Statement) -> list[StackResource]:
    """Return a rule that starts tasks, with its role and the role's inline policy."""
    return [*may(*statements), RULE_TARGET]


ABOUT = [
    AboutStack("event-target-role")
    .passes(
        {
            "one family in one cluster": by_rule(RUN_ONE, PASS_TWO),
            "a family with a revision and without": by_rule(
                {**RUN_ONE, "Resource": [f"{ORDERS}:1", ORDERS]}, PASS_TWO
            ),
            "with a key for dead letters": by_rule(
                RUN_ONE,
                PASS_TWO,
                allow(
                    ["kms:Decrypt", "kms:GenerateDataKey"],
                    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
                ),
            ),
            "with dead letters and tags": by_rule(
                RUN_ONE,
                PASS_TWO,
                allow("sqs:SendMessage"),
                allow(
                    "ecs:TagResource",
                    "*",
                    Condition={"StringEquals": {"ecs:CreateAction": ["RunTask"]}},
                ),
            ),
            "a schedule": [*may(RUN_ONE, PASS_TWO), SCHEDULE],
            "a pipe with its source": [
                *may(RUN_ONE, PASS_TWO, *(allow(*source) for source in SOURCES)),
                PIPE,
            ],
            "a schedule that starts no task": [
                *may(allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:failures")),
                one("aws:scheduler/schedule:Schedule", "s", {"target": ["ci"]}, target=NO_TASK),
            ],
            "a pipe that starts no task": [
                *may(allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:failures")),
                one(
                    "aws:pipes/pipe:Pipe",
                    "pipe",
                    {"roleArn": ["ci"]},
                    roleArn=UNKNOWN,
                    targetParameters={"inputTemplate": "<$.body>"},
                ),
            ],
            "a denial": by_rule(RUN_ONE, PASS_TWO, deny("*")),
            "a role of the schedule's cluster's name": [
                role(name="dev", arn=UNKNOWN),
                one(
                    ROLE_POLICY,
                    "p",
                    {"role": ["ci"]},
                    role="dev",
                    policy=document(allow("s3:GetObject", "arn:aws:s3:::one/*")),
                ),
                one(
                    "aws:scheduler/schedule:Schedule",
                    "nightly",
                    target={"arn": DEV, "ecsParameters": {"taskCount": 1}},
                ),
            ],
            "a rule that starts no task": [
                *may(allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:failures")),
                one(TARGET, "rule", {"roleArn": ["ci"]}, roleArn=UNKNOWN),
            ],
        }
    )
    .fails(
        {
            "any cluster": by_rule(RUN, PASS_TWO),
            "any cluster by its condition": by_rule(
                {**RUN, "Condition": {"ArnLike": {"ecs:cluster": f"{ECS}:cluster/*"}}}
            ),
            "two clusters": by_rule(
                {**RUN, "Condition": {"ArnEquals": {"ecs:cluster": [DEV, f"{ECS}:cluster/prod"]}}},
                PASS_TWO,
            ),
            "two clusters in statements of their own": by_rule(
                RUN_ONE,
                {**RUN, "Condition": {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/prod"}}},
                PASS_TWO,
            ),
            "by the role's ARN as a text": [
                role(arn=UNKNOWN),
                policy(RUN),
                one(TARGET, "rule", roleArn=f"{IAM}:role/ci-role", ecsTarget={"taskCount": 1}),
            ],
            "a schedule by the role's ARN as a text": [
                role(arn=UNKNOWN),
                policy(RUN),
                one(
                    "aws:scheduler/schedule:Schedule",
                    "nightly",
                    target={"roleArn": f"{IAM}:role/ci-role", "ecsParameters": {"taskCount": 1}},
                ),
            ],
            "every family": by_rule({**RUN_ONE, "Resource": f"{ECS}:task-definition/*"}),
            "families that begin alike": by_rule(
                {**RUN_ONE, "Resource": f"{ECS}:task-definition/orders-*"}
            ),
            "two families": by_rule(
                RUN_ONE, {**RUN_ONE, "Resource": f"{ECS}:task-definition/audit:*"}
            ),
            "a family and every family": by_rule({**RUN_ONE, "Resource": [RUN["Resource"], "*"]}),
            "every family but one": by_rule(
                {
                    "Effect": "Allow",
                    "Action": "ecs:RunTask",
                    "NotResource": RUN["Resource"],
                    "Condition": RUN_ONE["Condition"],
                }
            ),
            "a role and every role": by_rule(
                RUN_ONE, allow("iam:PassRole", [f"{IAM}:role/task", "*"], Condition=TO_TASKS)
            ),
            "messages to a queue and every queue": by_rule(
                RUN_ONE,
                allow("sqs:SendMessage", ["arn:aws:sqs:eu-west-1:111122223333:failed", "*"]),
            ),
            "every role": by_rule(RUN_ONE, PASS_ANY),
            "three roles": by_rule(
                RUN_ONE,
                PASS_TWO,
                allow("iam:PassRole", f"{IAM}:role/admin", Condition=TO_TASKS),
            ),
            "tags on everything": by_rule(RUN_ONE, allow("ecs:TagResource", "*")),
            "messages to every queue": by_rule(RUN_ONE, allow("sqs:SendMessage", "*")),
            "something else": by_rule(RUN_ONE, allow("s3:GetObject", "arn:aws:s3:::one/*")),
            "a pattern for more": by_rule({**RUN_ONE, "Action": "ecs:*"}),
            "by what is left out": by_rule(
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": RUN["Resource"]}
            ),
            "a pipe's source for a rule": by_rule(RUN_ONE, allow("sqs:ReceiveMessage")),
            "a schedule for any cluster": [*may(RUN, PASS_TWO), SCHEDULE],
            "a pipe for any cluster": [*may(RUN, PASS_TWO), PIPE],
        }
    )
    .undecided(
        {
            "an unknown policy": [
                role(),
                one(ROLE_POLICY, "p", {"role": ["ci"]}, policy=UNKNOWN),
                RULE_TARGET,
            ],
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
