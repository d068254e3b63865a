"""AWS Batch: job definitions and compute environments, each by itself."""

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
    fine = {
        "readonlyRootFilesystem": True,
        "user": "1",
        "image": "public.ecr.aws/a/b:1",
        "logConfiguration": logs(**{"awslogs-group": "/batch/fine"}),
    }
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
SHARED = "/aws/batch/job"
PROD = {"environment": "prod"}
WINDOWS = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}


def on_fargate(given: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of a job for Fargate."""
    return {"platformCapabilities": ["FARGATE"], **given}


def runs(title: str, *, privileged: bool | None = None, **task: object) -> dict[str, Any]:
    """Return a case of a job of one container, and one of a job of two, on Fargate.

    The roles are an execution role alone but for what `task` says; `own` is the program's.
    """
    given = {"executionRoleArn": "arn:b", **task}
    own = given.pop("own", None)
    container = {} if privileged is None else {"privileged": privileged}
    return {
        f"{title}, one container": on_fargate(
            job(**given, **container, **({"jobRoleArn": own} if own else {}))
        ),
        f"{title}, two containers": on_fargate(
            several({}, container, **given, **({"taskRoleArn": own} if own else {}))
        ),
    }


def logs(driver: object = "awslogs", **options: object) -> dict[str, Any]:
    return {"logDriver": driver, "options": options}


def mounts(*volumes: object, role: str | None = "arn:a") -> dict[str, dict[str, Any]]:
    """Return jobs of one container and of two that have volumes, and a role of their own."""
    own = {"jobRoleArn": role} if role else {}
    own_of_task = {"taskRoleArn": role} if role else {}
    return {
        "one container": job(volumes=list(volumes), **own),
        "two containers": several({}, {}, volumes=list(volumes), **own_of_task),
    }


def mounted(title: str, *volumes: object, role: str | None = "arn:a") -> dict[str, Any]:
    return {f"{title}, {which}": given for which, given in mounts(*volumes, role=role).items()}


def efs(**configuration: object) -> dict[str, Any]:
    """Return a volume of a file system, mounted safely but for `configuration`."""
    given = {
        "fileSystemId": "fs-1",
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"iam": "ENABLED"},
        **configuration,
    }
    return {
        "name": "data",
        "efsVolumeConfiguration": {k: v for k, v in given.items() if v is not None},
    }


def versions(title: str, version: object) -> dict[str, Any]:
    return {
        f"{title}, one container": job(fargatePlatformConfiguration={"platformVersion": version}),
        f"{title}, two containers": several({}, {}, platformVersion=version),
    }


def tasks(title: str, tags: object = None, **given: object) -> dict[str, Any]:
    """Return a case of a job of one container, and one of a job of two; and its tags."""
    tagged = {} if tags is None else {"tags": tags}
    return {
        f"{title}, one container": {**job(**given), **tagged},
        f"{title}, two containers": {**several({}, {}, **given), **tagged},
    }


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
    about("ecs-logging")
    .passes(
        {
            **both("a log group", logConfiguration=logs(**{"awslogs-group": "/batch/report"})),
            **both("another driver", logConfiguration=logs("splunk")),
        }
    )
    .fails(
        {
            **both("the group of all jobs by default"),
            **both("a driver without a group", logConfiguration=logs()),
            **both("an empty group", logConfiguration=logs(**{"awslogs-group": ""})),
            **both("the group of all jobs", logConfiguration=logs(**{"awslogs-group": SHARED})),
            **both("no driver", logConfiguration={"options": {"awslogs-group": "/batch/report"}}),
            **both("the driver none", logConfiguration=logs("none")),
            **both("malformed", logConfiguration="awslogs"),
            **both("malformed options", logConfiguration={"logDriver": "awslogs", "options": "a"}),
        }
    )
    .undecided(
        {
            "an unknown group": {
                "containerProperties": {"logConfiguration": logs(**{"awslogs-group": UNKNOWN})}
            },
            "an unknown driver": {"containerProperties": {"logConfiguration": logs(UNKNOWN)}},
        }
    ),
    about("ecs-efs")
    .passes(
        {
            **mounted("no volumes"),
            **mounted("scratch space", {"name": "scratch"}),
            **mounted("encrypted and authorized", efs()),
        }
    )
    .fails(
        {
            **mounted("neither", efs(transitEncryption=None, authorizationConfig=None)),
            **mounted("no TLS", efs(transitEncryption="DISABLED")),
            **mounted("TLS by default", efs(transitEncryption=None)),
            **mounted("authorization off", efs(authorizationConfig={"iam": "DISABLED"})),
            **mounted("in the second volume", {"name": "scratch"}, efs(transitEncryption=None)),
            **mounted(
                "a directory without authorization",
                efs(authorizationConfig=None, rootDirectory="/exports"),
            ),
            **mounted("no role to authorize", efs(authorizationConfig=None), role=None),
            **mounted("malformed volume", "data"),
            **mounted("malformed authorization", efs(authorizationConfig="ENABLED")),
        }
    )
    .undecided(
        {
            "unknown TLS": {"containerProperties": {"volumes": [efs(transitEncryption=UNKNOWN)]}},
            "unknown volumes": {"containerProperties": {"volumes": UNKNOWN}},
        }
    ),
    about("ecs-volumes")
    .passes({**mounted("a file system", efs()), **mounted("scratch space", {"name": "scratch"})})
    .fails(
        {
            **mounted("a host path", {"name": "d", "host": {"sourcePath": "/var/run"}}),
            **mounted("a malformed host", {"name": "d", "host": "/var/run"}),
        }
    ),
    about("ecs-platform")
    .passes(
        {
            "absent, one container": job(),
            "absent, two containers": several({}, {}),
            **versions("the latest", "LATEST"),
            **versions("the newest", "1.4.0"),
        }
    )
    .fails({**versions("an old one", "1.3.0"), **versions("malformed", 1.4)}),
    about("ecs-namespaces")
    .passes({**tasks("neither"), **tasks("of the task", pidMode="task")})
    .fails(
        {
            **tasks("the host's processes", pidMode="host"),
            **tasks("the host's memory", ipcMode="host"),
            **tasks("the task's memory", ipcMode="task"),
            **tasks("both", pidMode="host", ipcMode="host"),
            "the second task": {"ecsProperties": {"taskProperties": [{}, {"pidMode": "host"}]}},
        }
    )
    .undecided(
        {"unknown processes": {"ecsProperties": {"taskProperties": [{"pidMode": UNKNOWN}]}}}
    ),
    about("ecs-exec-guard")
    .passes(
        {
            **tasks("absent", PROD),
            **tasks("off", PROD, enableExecuteCommand=False),
            **tasks("elsewhere", {"environment": "dev"}, enableExecuteCommand=True),
            **tasks("no tags", enableExecuteCommand=True),
        }
    )
    .fails(
        {
            **tasks("in production", PROD, enableExecuteCommand=True),
            **tasks("in production as a text", PROD, enableExecuteCommand="true"),
        }
    )
    .undecided(
        {
            **tasks("unknown tags", UNKNOWN, enableExecuteCommand=True),
            "an unknown switch": {
                "containerProperties": {"enableExecuteCommand": UNKNOWN},
                "tags": PROD,
            },
        }
    ),
    About("batch-fargate", JOB)
    .passes(
        {
            "nothing on EKS": {"eksProperties": {}},
            **runs("one role"),
            **runs("two roles", own="arn:a"),
            **runs("not privileged", privileged=False),
            **runs("a private address", networkConfiguration={"assignPublicIp": "DISABLED"}),
        }
    )
    .fails(
        {
            **ON_EKS,
            "no capability": job(executionRoleArn="arn:b"),
            "no capabilities": {
                "platformCapabilities": [],
                **job(executionRoleArn="arn:b"),
            },
            "EC2": {"platformCapabilities": ["EC2"], **job(executionRoleArn="arn:b")},
            "EC2 too": {"platformCapabilities": ["FARGATE", "EC2"], **job(executionRoleArn="b")},
            "on several nodes": {
                "platformCapabilities": ["FARGATE"],
                "nodeProperties": '{"numNodes": 2}',
            },
            "malformed capabilities": on_fargate(
                {"platformCapabilities": "FARGATE", **job(executionRoleArn="arn:b")}
            ),
            **runs("privileged", privileged=True),
            **runs("a public address", networkConfiguration={"assignPublicIp": "ENABLED"}),
            **runs("a malformed network", networkConfiguration="ENABLED"),
            **runs("no execution role", executionRoleArn=None, own="arn:a"),
            **runs("an empty execution role", executionRoleArn=""),
            **runs("one for both", executionRoleArn="arn:a", own="arn:a"),
            **{f"{title}, on Fargate": on_fargate(given) for title, given in BROKEN.items()},
        }
    )
    .undecided(
        {
            "an unknown role of its own": on_fargate(
                {"containerProperties": {"jobRoleArn": UNKNOWN, "executionRoleArn": "arn:b"}}
            ),
            "unknown roles": on_fargate(
                {"containerProperties": {"jobRoleArn": UNKNOWN, "executionRoleArn": UNKNOWN}}
            ),
            "unknown capabilities": {
                "platformCapabilities": UNKNOWN,
                **job(executionRoleArn="arn:b"),
            },
            "an unknown capability": {
                "platformCapabilities": [UNKNOWN],
                **job(executionRoleArn="arn:b"),
            },
            "unknown properties, on Fargate": on_fargate({"containerProperties": UNKNOWN}),
            "an unknown role": on_fargate(
                {"containerProperties": {"executionRoleArn": UNKNOWN, "jobRoleArn": "arn:a"}}
            ),
            "an unknown address": on_fargate(
                {
                    "containerProperties": {
                        "executionRoleArn": "arn:b",
                        "networkConfiguration": UNKNOWN,
                    }
                }
            ),
        }
    )
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
