"""Where tasks run, by whatever starts them, and calls of ECS that say so in a text."""

import json
from typing import Any

from tests.policies.cases.batch import several
from tests.policies.cases.case import About, AboutStack, Case, Json
from tests.policies.cases.ecs import (
    SCHEDULE,
    SERVICE,
    STATE_MACHINE,
    network,
    states,
)
from tests.policies.cases.exec_and_files import PROD
from tests.policies.protocol import UNKNOWN

JOB = "aws:batch/jobDefinition:JobDefinition"
RUN_TASK = "aws-sdk:ecs:runTask"
TO_PUBLIC = {"AwsvpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": "ENABLED"}}
FARGATE = {"LaunchType": "FARGATE"}
SPOT = [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
ON_FARGATE = {"launchType": "FARGATE"}
ENTERED: Json = {"EnableExecuteCommand": True}


def call(key: str = "Parameters", *, action: str = "ecs:runTask.sync", **given: object) -> Json:
    """Return a state machine that calls ECS."""
    return states(Run={"Type": "Task", "Resource": f"arn:aws:states:::{action}", key: given})


def text(key: str, value: object) -> Json:
    """Return a state machine in whose call an expression stands for everything."""
    return states(Run={"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", key: value})


def scheduled(action: str = RUN_TASK, **given: object) -> dict[str, Any]:
    """Return a schedule that calls an API itself."""
    target = {"arn": f"arn:aws:scheduler:::{action}", "input": json.dumps(given)}
    return {"target": target}


ABOUT: list[About | AboutStack] = [
    About("ecs-fargate-only", STATE_MACHINE)
    .passes(
        {
            "launch type": call(**FARGATE),
            "launch type in JSONata": call("Arguments", **FARGATE),
            "providers": call(CapacityProviderStrategy=SPOT),
            "another call": call(action="sns:publish"),
            "a call that starts no task itself": call(action="aws-sdk:ecs:updateService"),
        }
    )
    .fails(
        {
            "absent": call(TaskDefinition="web"),
            "ec2": call(LaunchType="EC2"),
            "ec2 by the SDK": call(action=RUN_TASK, LaunchType="EC2"),
            "another provider": call(CapacityProviderStrategy=[{"CapacityProvider": "instances"}]),
            "by a path": call(**{"LaunchType.$": "$.type"}),
            "providers by a path": call(**{"CapacityProviderStrategy.$": "$.providers"}),
            "providers by a path, beside a launch type": call(
                **FARGATE, **{"CapacityProviderStrategy.$": "$.providers"}
            ),
            "by an expression": call("Arguments", LaunchType="{% $type %}"),
            "everything by an expression": text("Arguments", "{% $states.input %}"),
            "text that isn't JSON": {"definition": "{"},
        }
    )
    .undecided({"unknown": {"definition": UNKNOWN}}),
    About("ecs-fargate-only", SCHEDULE)
    .passes(
        {
            "a call on Fargate": scheduled(**FARGATE),
            "another call": scheduled("aws-sdk:sqs:sendMessage"),
        }
    )
    .fails({"a call on ec2": scheduled(LaunchType="EC2"), "a call that says nothing": scheduled()}),
    About("ecs-no-public-ip", STATE_MACHINE)
    .passes(
        {
            "off in a service": call(
                action="aws-sdk:ecs:createService",
                NetworkConfiguration={"AwsvpcConfiguration": {"AssignPublicIp": "DISABLED"}},
            ),
            "an action that has no network": call(
                action="aws-sdk:ecs:stopTask", NetworkConfiguration=TO_PUBLIC
            ),
        }
    )
    .fails(
        {
            **{
                f"on by {action}": call(
                    action=f"aws-sdk:ecs:{action}", NetworkConfiguration=TO_PUBLIC
                )
                for action in ("createService", "updateService", "createTaskSet")
            },
            "on while it waits, in the second way": call(
                action="ecs:runTask.sync:2", NetworkConfiguration=TO_PUBLIC
            ),
            "the network by a path": call(**{"NetworkConfiguration.$": "$.network"}),
            "the addresses by a path": call(
                NetworkConfiguration={"AwsvpcConfiguration.$": "$.network"}
            ),
            "the network by an expression": call("Arguments", NetworkConfiguration="{% $n %}"),
            "everything by an expression": text("Arguments", "{% $states.input %}"),
        }
    ),
    About("ecs-no-public-ip", SCHEDULE)
    .passes(
        {
            "a call without": scheduled(NetworkConfiguration={"AwsvpcConfiguration": {}}),
            "a call of something else": scheduled(
                "aws-sdk:sqs:sendMessage", NetworkConfiguration=TO_PUBLIC
            ),
            "a task of a rule's kind": {"target": {"ecsParameters": network(assignPublicIp=False)}},
        }
    )
    .fails(
        {
            "by a call": scheduled(NetworkConfiguration=TO_PUBLIC),
            "by a call, as ECS's own interface spells it": scheduled(
                networkConfiguration={"awsvpcConfiguration": {"assignPublicIp": "ENABLED"}}
            ),
            "by a call whose input isn't JSON": {
                "target": {"arn": f"arn:aws:scheduler:::{RUN_TASK}", "input": "{"}
            },
        }
    )
    .undecided(
        {
            "by a call that isn't known": {
                "target": {"arn": f"arn:aws:scheduler:::{RUN_TASK}", "input": UNKNOWN}
            }
        }
    ),
    About("ecs-exec-guard", STATE_MACHINE)
    .passes(
        {
            "nothing said of it": {"tags": PROD, **call(**FARGATE)},
            "on, not in production": call(**ENTERED),
            "everything computed, not in production": text("Arguments", "{% $states.input %}"),
            "computed, not in production": call(**{"EnableExecuteCommand.$": "$.exec"}),
        }
    )
    .fails(
        {
            "on": {"tags": PROD, **call(**ENTERED)},
            "on by the SDK": {"tags": PROD, **call(action=RUN_TASK, **ENTERED)},
            "on in a service": {
                "tags": PROD,
                **call(action="aws-sdk:ecs:updateService", **ENTERED),
            },
            "computed": {"tags": PROD, **call(**{"EnableExecuteCommand.$": "$.exec"})},
            "computed, with unknown tags": {
                "tags": UNKNOWN,
                **call(**{"EnableExecuteCommand.$": "$.exec"}),
            },
        }
    )
    .undecided({"unknown tags": {"tags": UNKNOWN, **call(**ENTERED)}}),
    About("ecs-exec-guard", SCHEDULE).fails({"a call": {"tags": PROD, **scheduled(**ENTERED)}}),
    About("ecs-exec-guard", JOB)
    .passes({"off": {"tags": PROD, **several({"command": ["a"]})}})
    .fails(
        {
            "on": {"tags": PROD, **several({"command": ["a"]}, enableExecuteCommand=True)},
            "on, of one container": {
                "tags": PROD,
                "containerProperties": json.dumps({"enableExecuteCommand": True}),
            },
        }
    ),
    About("ecs-fargate-only", SERVICE).passes(
        {
            "external controller, whatever it says": {
                "deploymentController": {"type": "EXTERNAL"},
                "launchType": "EC2",
            }
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
