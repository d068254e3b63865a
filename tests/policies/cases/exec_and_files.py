"""ECS Exec and file systems: who enters tasks, and what they mount."""

import json
from typing import Any

from tests.policies.cases.batch import JOB
from tests.policies.cases.case import About, AboutStack, Case, Json, one
from tests.policies.cases.ecs import (
    PIPE,
    SCHEDULE,
    SERVICE,
    STATE_MACHINE,
    TARGET,
    TASK,
    run_task,
    states,
)
from tests.policies.protocol import UNKNOWN, StackResource

CLUSTER = "aws:ecs/cluster:Cluster"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
PROD = {"environment": "prod"}
READ_ONLY, WRITABLE = True, False


def efs(**configuration: object) -> dict[str, Any]:
    """Return a task definition that mounts one file system."""
    volume = {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1", **configuration}}
    return {"volumes": [volume]}


def safe(**configuration: object) -> dict[str, Any]:
    """Return a task definition that mounts a file system safely but for `configuration`."""
    return efs(
        **{
            "transitEncryption": "ENABLED",
            "authorizationConfig": {"iam": "ENABLED", "accessPointId": UNKNOWN},
            **configuration,
        }
    )


def sessions(**configuration: object) -> dict[str, Any]:
    """Return a cluster whose sessions are encrypted and logged but for `configuration`."""
    given = {
        "kmsKeyId": KEY_ARN,
        "logging": "OVERRIDE",
        "logConfiguration": logs(),
        **configuration,
    }
    return {"configuration": {"executeCommandConfiguration": given}}


def logs(**configuration: object) -> dict[str, Any]:
    return {
        "cloudWatchLogGroupName": "/ecs-exec/dev",
        "cloudWatchEncryptionEnabled": True,
        **configuration,
    }


def entered(tags: object = None) -> dict[str, Any]:
    """Return a service whose tasks can be entered."""
    return {"enableExecuteCommand": True, **({} if tags is None else {"tags": tags})}


def run_entered(key: str = "Parameters", *, on: bool = True) -> dict[str, Any]:
    """Return a state that starts a task that can be entered."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::ecs:runTask",
        key: {"EnableExecuteCommand": on},
        "End": True,
    }


def service(**properties: Json) -> StackResource:
    """Return a service whose tasks can be entered, of the task definition `task`."""
    given = {"enableExecuteCommand": True, "taskDefinition": UNKNOWN, "cluster": UNKNOWN}
    refers = {"taskDefinition": ["task"], "cluster": ["cluster"]}
    return one(SERVICE, "web", refers, **{**given, **properties})


def task(*roots: object) -> StackResource:
    """Return a task definition with a container for each root filesystem."""
    containers = [{"name": "web", "readonlyRootFilesystem": root} for root in roots]
    return one(TASK, "task", containerDefinitions=json.dumps(containers))


def starter(kind: str, definition: str, cluster: str, *within: str) -> StackResource:
    """Return what starts a task of `task` that can be entered, in `cluster`.

    Args:
        kind: type token.
        definition: the property that is made from the task definition.
        cluster: the property that is made from the cluster.
        within: where the switch is.
    """
    properties: dict[str, Any] = {"enableExecuteCommand": True}
    for key in reversed(within):
        properties = {key: properties}
    refers = {definition: ["task"], cluster: ["cluster"]}
    if definition == cluster:
        refers = {cluster: ["task", "cluster"]}
    return one(kind, "starter", refers, **properties)


STARTERS = {
    "a rule": starter(TARGET, "ecsTarget", "arn", "ecsTarget"),
    "a schedule": starter(SCHEDULE, "target", "target", "target", "ecsParameters"),
    "a pipe": starter(PIPE, "targetParameters", "target", "targetParameters", "ecsTaskParameters"),
}


def entered_job(*roots: object, **given: object) -> StackResource:
    """Return a job that can be entered, with a container for each root filesystem."""
    containers = [{"name": "report", "readonlyRootFilesystem": root} for root in roots]
    task = {"containers": containers, "enableExecuteCommand": True, **given}
    return one(JOB, "report", ecsProperties=json.dumps({"taskProperties": [task]}))


def entered_job_of_one(root: object, *, on: object = True) -> StackResource:
    given = {"readonlyRootFilesystem": root, "enableExecuteCommand": on}
    return one(JOB, "report", containerProperties=given)


SILENT = one(CLUSTER, "cluster", settings=[])
"""A cluster that says nothing about sessions."""

ABOUT: list[About | AboutStack] = [
    About("ecs-efs", TASK)
    .passes(
        {
            "absent": {},
            "scratch space": {"volumes": [{"name": "scratch"}]},
            "encrypted and authorized": safe(),
            "an unknown file system": safe(fileSystemId=UNKNOWN),
        }
    )
    .fails(
        {
            "neither": efs(),
            "no TLS": safe(transitEncryption="DISABLED"),
            "TLS by default": safe(transitEncryption=None),
            "no authorization": safe(authorizationConfig=None),
            "an access point without authorization": safe(authorizationConfig={"accessPointId": 1}),
            "authorization off": safe(authorizationConfig={"iam": "DISABLED"}),
            "authorization off, beside a directory": safe(
                authorizationConfig={"iam": "DISABLED"}, rootDirectory="/exports"
            ),
            "the root directory without authorization": safe(
                authorizationConfig=None, rootDirectory="/"
            ),
            "the root directory without authorization, in the provider's words": safe(
                authorizationConfig=None, rootDirectory=""
            ),
            "a directory without authorization": safe(
                authorizationConfig=None, rootDirectory="/exports"
            ),
            "in the second volume": {"volumes": [{"name": "scratch"}, *efs()["volumes"]]},
            "malformed volumes": {"volumes": "data"},
            "a malformed volume": {"volumes": ["data"]},
            "a malformed configuration": {"volumes": [{"efsVolumeConfiguration": "fs-1"}]},
            "a malformed authorization": safe(authorizationConfig="ENABLED"),
        }
    )
    .undecided(
        {
            "unknown": {"volumes": UNKNOWN},
            "an unknown configuration": {"volumes": [{"efsVolumeConfiguration": UNKNOWN}]},
            "unknown TLS": safe(transitEncryption=UNKNOWN),
            "unknown authorization": safe(authorizationConfig=UNKNOWN),
        }
    ),
    About("ecs-exec-guard", CLUSTER)
    .passes(
        {
            "absent": {},
            "another setting": {"configuration": {"managedStorageConfiguration": {}}},
            "encrypted and logged": sessions(),
            "an unknown key": sessions(kmsKeyId=UNKNOWN),
            "an unknown log group": sessions(logConfiguration=logs(cloudWatchLogGroupName=UNKNOWN)),
            "in a bucket": sessions(
                logConfiguration={"s3BucketName": "sessions", "s3BucketEncryptionEnabled": True}
            ),
        }
    )
    .fails(
        {
            "no key": sessions(kmsKeyId=None),
            "an empty key": sessions(kmsKeyId=""),
            "no key in production": {**sessions(kmsKeyId=None), "tags": PROD},
            "no logs": sessions(logging="NONE", logConfiguration=None),
            "logs by chance": sessions(logging="DEFAULT"),
            "logs by default": sessions(logging=None),
            "logs nowhere": sessions(logConfiguration={}),
            "a log group in clear": sessions(
                logConfiguration=logs(cloudWatchEncryptionEnabled=False)
            ),
            "a bucket in clear": sessions(logConfiguration={"s3BucketName": "sessions"}),
            "a bucket in clear beside a log group": sessions(
                logConfiguration=logs(s3BucketName="sessions")
            ),
            "malformed": {"configuration": {"executeCommandConfiguration": "on"}},
            "malformed logs": sessions(logConfiguration="/ecs-exec/dev"),
        }
    )
    .undecided(
        {
            "unknown": {"configuration": UNKNOWN},
            "unknown sessions": {"configuration": {"executeCommandConfiguration": UNKNOWN}},
            "unknown logging": sessions(logging=UNKNOWN),
            "unknown logs": sessions(logConfiguration=UNKNOWN),
        }
    )
    .passes(
        {
            "absent": {},
            "off": {"enableExecuteCommand": False, "tags": PROD},
            "elsewhere": entered({"environment": "dev"}),
            "no tags": entered(),
            "a tag that begins alike": entered({"environment-type": "prod"}),
            "a tag of no text": entered({"environment": 1}),
            "malformed tags": entered("environment=prod"),
            "unknown elsewhere": {"enableExecuteCommand": UNKNOWN, "tags": {"env": "test"}},
            "an unknown tag about something else": entered({"owner": UNKNOWN}),
            "off, whatever the tags": {"enableExecuteCommand": False, "tags": UNKNOWN},
            "absent, whatever the tags": {"tags": UNKNOWN},
        },
        SERVICE,
    )
    .fails(
        {
            "in production": entered(PROD),
            "in production spelled out": entered({"Environment": "Production"}),
            "in production by another tag": entered({"owner": "x", "env": "prod"}),
            "on as a text": {"enableExecuteCommand": "true", "tags": PROD},
        },
        SERVICE,
    )
    .undecided(
        {
            "unknown": {"enableExecuteCommand": UNKNOWN, "tags": PROD},
            "unknown tags": entered(UNKNOWN),
            "an unknown environment": entered({"Env": UNKNOWN}),
        },
        SERVICE,
    )
    .fails({"malformed": {"ecsTarget": "on"}}, TARGET)
    .passes({"elsewhere": {"ecsTarget": {"enableExecuteCommand": True}}}, TARGET)
    .passes({"a queue": {"target": {"arn": "arn:aws:sqs:eu-west-1:111122223333:q"}}}, SCHEDULE)
    .passes({"absent": {"tags": PROD}}, PIPE)
    .fails(
        {
            "in production": {
                "targetParameters": {"ecsTaskParameters": {"enableExecuteCommand": True}},
                "tags": PROD,
            }
        },
        PIPE,
    )
    .passes(
        {
            "absent": {**states(A=run_task("DISABLED")), "tags": PROD},
            "off": {**states(A=run_entered(on=False)), "tags": PROD},
            "elsewhere": states(A=run_entered()),
            "another service": {
                **states(A={**run_entered(), "Resource": "arn:aws:states:::sqs:sendMessage"}),
                "tags": PROD,
            },
            "text that isn't JSON, which another rule rejects": {"definition": "{", "tags": PROD},
            "unknown elsewhere": {"definition": UNKNOWN},
        },
        STATE_MACHINE,
    )
    .fails(
        {
            "in production": {**states(A=run_entered()), "tags": PROD},
            "in production by arguments": {
                **states(A=run_entered(key="Arguments")),
                "tags": PROD,
            },
        },
        STATE_MACHINE,
    )
    .undecided({"unknown": {"definition": UNKNOWN, "tags": PROD}}, STATE_MACHINE),
    AboutStack("ecs-exec-readonly-conflict")
    .passes(
        {
            "a writable root": [service(), task(WRITABLE)],
            "a writable root by default": [service(), task(None)],
            "a writable root among others": [service(), task(READ_ONLY, WRITABLE)],
            "off": [service(enableExecuteCommand=False), task(READ_ONLY)],
            "absent": [service(enableExecuteCommand=None), task(READ_ONLY)],
            "no container": [service(), task()],
            "a task definition elsewhere": [service(taskDefinition="web:1")],
            "definitions that another rule rejects": [
                service(),
                one(TASK, "task", containerDefinitions="{"),
            ],
            "a job's writable root": [entered_job(WRITABLE)],
            "a job's writable root among others": [entered_job(READ_ONLY, WRITABLE)],
            "a job's only root, writable": [entered_job_of_one(WRITABLE)],
            "a job that isn't to be entered": [entered_job(READ_ONLY, enableExecuteCommand=False)],
            "a job that nobody says is to be entered": [entered_job_of_one(READ_ONLY, on=None)],
            "a job that another rule rejects": [one(JOB, "report", containerProperties="{")],
            "a job on EKS": [one(JOB, "report", eksProperties={"podProperties": {}})],
        }
    )
    .fails(
        {
            "a read-only root": [service(), task(READ_ONLY)],
            "read-only roots": [service(), task(READ_ONLY, "true")],
            "by its ARN": [
                one(SERVICE, "web", enableExecuteCommand=True, taskDefinition="arn:aws:ecs:1"),
                one(
                    TASK,
                    "task",
                    arn="arn:aws:ecs:1",
                    containerDefinitions='[{"readonlyRootFilesystem": true}]',
                ),
            ],
            **{f"by {what}": [launch, task(READ_ONLY)] for what, launch in STARTERS.items()},
            "a job": [entered_job(READ_ONLY, READ_ONLY)],
            "a job of one container": [entered_job_of_one(READ_ONLY)],
        }
    )
    .undecided(
        {
            "unknown": [service(enableExecuteCommand=UNKNOWN), task(READ_ONLY)],
            "unknown containers": [service(), one(TASK, "task", containerDefinitions=UNKNOWN)],
            "nothing known": [one(SERVICE, "web", {"taskDefinition": ["task"]}), task(READ_ONLY)],
            "an unknown job": [one(JOB, "report", containerProperties=UNKNOWN)],
            "an unknown root of a job": [entered_job_of_one(UNKNOWN)],
            "whether a job is to be entered": [entered_job_of_one(READ_ONLY, on=UNKNOWN)],
        }
    ),
    AboutStack("ecs-exec-audited")
    .passes(
        {
            "a cluster that keeps sessions": [service(), one(CLUSTER, "cluster", **sessions())],
            "off": [service(enableExecuteCommand=False), SILENT],
            "absent": [service(enableExecuteCommand=None), SILENT],
            "a cluster elsewhere": [service(cluster="dev"), one(CLUSTER, "other", settings=[])],
        }
    )
    .fails(
        {
            "a cluster without settings": [service(), SILENT],
            **{f"by {what}": [launch, SILENT] for what, launch in STARTERS.items()},
            "a cluster with other settings": [
                service(),
                one(CLUSTER, "cluster", configuration={"managedStorageConfiguration": {}}),
            ],
        }
    )
    .undecided(
        {
            "unknown": [service(enableExecuteCommand=UNKNOWN), SILENT],
            "unknown settings": [service(), one(CLUSTER, "cluster", configuration=UNKNOWN)],
            "nothing known of the cluster": [service(), one(CLUSTER, "cluster")],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
