"""AWS Batch: job definitions and compute environments."""

import json
from typing import Any

from tests.policies.cases.case import About, Case
from tests.policies.protocol import UNKNOWN

JOB = "aws:batch/jobDefinition:JobDefinition"
ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"


def job(**container: object) -> dict[str, Any]:
    """Return the inputs of a job of one container."""
    return {"containerProperties": json.dumps(container)}


def several(*containers: object, **task: object) -> dict[str, Any]:
    """Return the inputs of a job of several containers."""
    properties = {"taskProperties": [{"containers": list(containers), **task}]}
    return {"ecsProperties": json.dumps(properties)}


def both(title: str, **given: object) -> dict[str, Any]:
    """Return a case of a job of one container, and one of the second of two containers."""
    fine = {"readonlyRootFilesystem": True, "user": "1", "image": "public.ecr.aws/a/b:1"}
    return {
        f"{title}, one container": job(**given),
        f"{title}, two containers": several(fine, given),
    }


BROKEN = {
    "text that isn't JSON": {"containerProperties": "{"},
    "a list": {"containerProperties": "[]"},
    "a key that is there twice": {"containerProperties": '{"a": 1, "a": 2}'},
    "tasks as an object": {"ecsProperties": '{"taskProperties": {}}'},
}
UNKNOWN_JOBS = {
    "unknown properties": {"containerProperties": UNKNOWN},
    "unknown tasks": {"ecsProperties": UNKNOWN},
}
ON_EKS: dict[str, dict[str, Any]] = {"on EKS": {"eksProperties": {"podProperties": {}}}}
WINDOWS = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}


def variable(name: str, value: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value}]


def about(rule: str) -> About:
    """Return the cases that every rule about containers has."""
    return About(rule, JOB).passes(ON_EKS).fails(BROKEN).undecided(UNKNOWN_JOBS)


ABOUT = [
    about("ecs-readonly-root")
    .passes(
        {**both("read-only", readonlyRootFilesystem=True), "Windows": job(runtimePlatform=WINDOWS)}
    )
    .fails({**both("absent"), **both("off", readonlyRootFilesystem=False)}),
    about("ecs-nonroot")
    .passes({**both("a number", user="65534"), "Windows": job(runtimePlatform=WINDOWS)})
    .fails({**both("absent"), **both("root", user="root"), **both("zero", user="0:0")}),
    about("ecs-unprivileged")
    .passes({**both("absent"), **both("off", privileged=False)})
    .fails(both("on", privileged=True)),
    about("ecs-image-source")
    .passes(both("approved", image="public.ecr.aws/nginx/nginx:1.29"))
    .fails(
        {**both("latest", image="public.ecr.aws/a/b:latest"), **both("hub", image="nginx:1.29")}
    ),
    about("ecs-env-secrets")
    .passes(both("harmless", environment=variable("LOG_LEVEL", "info")))
    .fails(
        {
            **both("a password", environment=variable("DB_PASSWORD", "x")),
            **both("a key", environment=variable("A", "AKIA" + "A" * 16)),
        }
    ),
    About("ecs-no-public-ip", JOB)
    .passes(
        {
            "absent": job(),
            "disabled": job(networkConfiguration={"assignPublicIp": "DISABLED"}),
            "disabled, several": several(networkConfiguration={"assignPublicIp": "DISABLED"}),
            **ON_EKS,
        }
    )
    .fails(
        {
            "enabled": job(networkConfiguration={"assignPublicIp": "ENABLED"}),
            "enabled, several": several(networkConfiguration={"assignPublicIp": "ENABLED"}),
            **BROKEN,
        }
    )
    .undecided(UNKNOWN_JOBS),
    About("roles-distinct", JOB)
    .passes(
        {
            "two": job(jobRoleArn="arn:a", executionRoleArn="arn:b"),
            "only one": job(executionRoleArn="arn:b"),
            "two, several": several(taskRoleArn="arn:a", executionRoleArn="arn:b"),
            **ON_EKS,
        }
    )
    .fails(
        {
            "one for both": job(jobRoleArn="arn:a", executionRoleArn="arn:a"),
            "one for both, several": several(taskRoleArn="arn:a", executionRoleArn="arn:a"),
            **BROKEN,
        }
    )
    .undecided(UNKNOWN_JOBS),
    About("ecs-fargate-only", JOB)
    .passes({"fargate": {"platformCapabilities": ["FARGATE"]}, **ON_EKS})
    .fails(
        {
            "absent": {},
            "ec2": {"platformCapabilities": ["EC2"]},
            "both": {"platformCapabilities": ["FARGATE", "EC2"]},
        }
    )
    .undecided({"unknown": {"platformCapabilities": UNKNOWN}})
    .passes(
        {
            "on demand": {"computeResources": {"type": "FARGATE"}},
            "spot": {"computeResources": {"type": "FARGATE_SPOT"}},
        },
        ENVIRONMENT,
    )
    .fails(
        {
            "ec2 spot": {"computeResources": {"type": "SPOT"}},
            "unmanaged": {"type": "UNMANAGED"},
        },
        ENVIRONMENT,
    )
    .undecided({"unknown resources": {"computeResources": UNKNOWN}}, ENVIRONMENT),
]
CASES: list[Case] = [case for each in ABOUT for case in each.cases]
