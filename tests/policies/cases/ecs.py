"""ECS: clusters, services, task definitions and whatever starts tasks."""

import json
from typing import Any

from tests.policies.cases.case import About, Case
from tests.policies.protocol import UNKNOWN

TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
TASK_SET = "aws:ecs/taskSet:TaskSet"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE = "aws:scheduler/schedule:Schedule"
PIPE = "aws:pipes/pipe:Pipe"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"

BROKEN_DEFINITIONS = {
    "text that isn't JSON": {"containerDefinitions": "[{"},
    "an object instead of a list": {"containerDefinitions": '{"name": "web"}'},
    "a text instead of a container": {"containerDefinitions": '["web"]'},
    "a key that is there twice": {"containerDefinitions": '[{"name": "a", "name": "b"}]'},
    "NaN": {"containerDefinitions": "[NaN]"},
}
NO_CONTAINERS: dict[str, dict[str, Any]] = {
    "no definitions": {},
    "no container": {"containerDefinitions": "[]"},
}
UNKNOWN_DEFINITIONS = {"unknown definitions": {"containerDefinitions": UNKNOWN}}


def task(*containers: object, **properties: object) -> dict[str, Any]:
    """Return a task definition's inputs."""
    return {"containerDefinitions": json.dumps(list(containers)), **properties}


def env(name: str, value: object) -> dict[str, Any]:
    """Return a task definition with one environment variable."""
    return task({"name": "web", "environment": [{"name": name, "value": value}]})


def network(**configuration: object) -> dict[str, Any]:
    return {"networkConfiguration": configuration}


def states(**given: object) -> dict[str, Any]:
    """Return a state machine's inputs."""
    return {"definition": json.dumps({"StartAt": "Run", "States": given})}


def run_task(
    public: object, *, resource: str = "ecs:runTask.sync", key: str = "Parameters", end: str = ""
) -> dict[str, Any]:
    """Return a state that starts a task."""
    found = {"AwsvpcConfiguration": {"Subnets": ["subnet-1"], f"AssignPublicIp{end}": public}}
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        key: {"NetworkConfiguration": found},
        "End": True,
    }


ABOUT = [
    About("ecs-awsvpc", TASK)
    .passes({"awsvpc": {"networkMode": "awsvpc"}})
    .fails(
        {
            "bridge": {"networkMode": "bridge"},
            "host": {"networkMode": "host"},
            "absent": {},
            "a list": {"networkMode": ["awsvpc"]},
        }
    )
    .undecided({"unknown": {"networkMode": UNKNOWN}}),
    About("ecs-fargate-only", TASK)
    .passes({"fargate": {"requiresCompatibilities": ["FARGATE"]}})
    .fails(
        {
            "absent": {},
            "empty": {"requiresCompatibilities": []},
            "ec2 besides": {"requiresCompatibilities": ["FARGATE", "EC2"]},
            "external": {"requiresCompatibilities": ["EXTERNAL"]},
            "a text": {"requiresCompatibilities": "FARGATE"},
        }
    )
    .undecided(
        {
            "unknown": {"requiresCompatibilities": UNKNOWN},
            "an unknown among them": {"requiresCompatibilities": ["FARGATE", UNKNOWN]},
        }
    )
    .passes(
        {
            "launch type": {"launchType": "FARGATE"},
            "providers": {
                "capacityProviderStrategies": [
                    {"capacityProvider": "FARGATE", "weight": 1},
                    {"capacityProvider": "FARGATE_SPOT", "weight": 3},
                ]
            },
            "external controller": {"deploymentController": {"type": "EXTERNAL"}},
        },
        SERVICE,
    )
    .fails(
        {
            "absent": {},
            "ec2": {"launchType": "EC2"},
            "another provider": {
                "capacityProviderStrategies": [
                    {"capacityProvider": "FARGATE"},
                    {"capacityProvider": "instances"},
                ]
            },
            "a provider without name": {"capacityProviderStrategies": [{"weight": 1}]},
            "no providers": {"capacityProviderStrategies": []},
            "malformed providers": {"capacityProviderStrategies": "FARGATE"},
            "ec2 controller": {"deploymentController": {"type": "ECS"}},
        },
        SERVICE,
    )
    .undecided(
        {
            "unknown launch type": {"launchType": UNKNOWN},
            "unknown providers": {"capacityProviderStrategies": UNKNOWN},
            "unknown provider": {"capacityProviderStrategies": [{"capacityProvider": UNKNOWN}]},
        },
        SERVICE,
    )
    .fails({"ec2": {"launchType": "EC2"}}, TASK_SET)
    .passes({"launch type": {"ecsTarget": {"launchType": "FARGATE"}}, "no task": {}}, TARGET)
    .fails(
        {
            "ec2": {"ecsTarget": {"launchType": "EC2"}},
            "absent": {"ecsTarget": {"taskCount": 1}},
            "malformed": {"ecsTarget": "FARGATE"},
        },
        TARGET,
    )
    .undecided({"unknown": {"ecsTarget": UNKNOWN}}, TARGET)
    .passes({"a queue": {"target": {"arn": "arn:aws:sqs:eu-west-1:111122223333:q"}}}, SCHEDULE)
    .fails(
        {
            "another provider": {
                "target": {
                    "ecsParameters": {
                        "capacityProviderStrategies": [{"capacityProvider": "instances"}]
                    }
                }
            }
        },
        SCHEDULE,
    )
    .fails(
        {"external": {"targetParameters": {"ecsTaskParameters": {"launchType": "EXTERNAL"}}}},
        PIPE,
    ),
    About("ecs-namespaces", TASK)
    .passes({"absent": {}, "of the task": {"pidMode": "task"}})
    .fails(
        {
            "the host's processes": {"family": "web", "pidMode": "host"},
            "the host's memory": {"family": "web", "ipcMode": "host"},
            "the task's memory": {"family": "web", "ipcMode": "task"},
        }
    )
    .undecided({"unknown": {"pidMode": UNKNOWN}, "unknown ipc": {"ipcMode": UNKNOWN}}),
    About("ecs-unprivileged", TASK)
    .passes({"absent": task({}), "off": task({"privileged": False}), **NO_CONTAINERS})
    .fails(
        {
            "on": task({"privileged": True}),
            "on as a text": task({"privileged": "true"}),
            "on in the second": task({"privileged": False}, {"privileged": True}),
            **BROKEN_DEFINITIONS,
        }
    )
    .undecided(UNKNOWN_DEFINITIONS),
    About("ecs-capabilities", TASK)
    .passes(
        {
            "absent": task({}),
            "dropped": task({"linuxParameters": {"capabilities": {"drop": ["ALL"]}}}),
            "nothing added": task({"linuxParameters": {"capabilities": {"add": []}}}),
            "null": task({"linuxParameters": None}),
            **NO_CONTAINERS,
        }
    )
    .fails(
        {
            "tracing": task({"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"]}}}),
            "admin": task({"linuxParameters": {"capabilities": {"add": ["SYS_ADMIN"]}}}),
            "admin in the second": task(
                {}, {"linuxParameters": {"capabilities": {"add": ["SYS_ADMIN"]}}}
            ),
            "malformed": task({"linuxParameters": {"capabilities": "SYS_ADMIN"}}),
            "malformed list": task({"linuxParameters": {"capabilities": {"add": "SYS_ADMIN"}}}),
            **BROKEN_DEFINITIONS,
        }
    )
    .undecided(UNKNOWN_DEFINITIONS),
    About("ecs-nonroot", TASK)
    .passes(
        {
            "an id": task({"user": "1000"}),
            "id and group": task({"user": "1000:0"}),
            "a name": task({"user": "nginx"}),
            "root as group": task({"user": "app:root"}),
            "a log router as root": task(
                {"user": "0", "firelensConfiguration": {"type": "fluentbit"}}
            ),
            "another log router as root": task(
                {"user": "0", "firelensConfiguration": {"type": "fluentd"}}
            ),
            "windows": task(
                {}, runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
            ),
            **NO_CONTAINERS,
        }
    )
    .fails(
        {
            "absent": task({}),
            "empty": task({"user": ""}),
            "root": task({"user": "root"}),
            "root and group": task({"user": "root:app"}),
            "zero": task({"user": "0"}),
            "zero and group": task({"user": "0:1000"}),
            "many zeros": task({"user": "000"}),
            "a group alone": task({"user": ":1000"}),
            "a log router of no type": task({"user": "0", "firelensConfiguration": {}}),
            "a log router of another type": task(
                {"user": "0", "firelensConfiguration": {"type": "none"}}
            ),
            "a number": task({"user": 0}),
            "a flag": task({"user": False}),
            "linux": task({}, runtimePlatform={"operatingSystemFamily": "LINUX"}),
            **BROKEN_DEFINITIONS,
        }
    )
    .undecided(UNKNOWN_DEFINITIONS),
    About("ecs-readonly-root", TASK)
    .passes(
        {
            "on": task({"readonlyRootFilesystem": True}),
            "windows": task(
                {}, runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
            ),
            **NO_CONTAINERS,
        }
    )
    .fails(
        {
            "absent": task({}),
            "off": task({"readonlyRootFilesystem": False}),
            "off in the second": task({"readonlyRootFilesystem": True}, {}),
            **BROKEN_DEFINITIONS,
        }
    )
    .undecided(UNKNOWN_DEFINITIONS),
    About("ecs-env-secrets", TASK)
    .passes(
        {
            "absent": task({}),
            "null": task({"environment": None}),
            "an ordinary variable": env("LOG_LEVEL", "debug"),
            "a name about a secret": env("DB_PASSWORD_SECRET_ARN", "arn:aws:secretsmanager:x"),
            "a lifetime": env("TOKEN_TTL", "3600"),
            "a file": env("PASSWORD_FILE", "/run/secrets/password"),
            "an empty password": env("PASSWORD", ""),
            "a switch": env("REQUIRE_PASSWORD", "True"),
            "a switch that is off": env("REQUIRE_TOKEN", "false"),
            "a limit": env("LLM_MAX_OUTPUT_TOKENS", "4096"),
            "a word that holds another": env("TOKENIZER", "bert-base-uncased"),
            "an address without password": env("DATABASE", "postgres://db.internal:5432/orders"),
            "a secret by reference": task({"secrets": [{"name": "PASSWORD", "valueFrom": "arn"}]}),
            **NO_CONTAINERS,
        }
    )
    .fails(
        {
            "an access key": env("AWS_ACCESS_KEY_ID", "not-a-real-key"),
            "a secret key": env("AWS_SECRET_ACCESS_KEY", "not-a-real-secret"),
            "registry credentials": env("ECS_ENGINE_AUTH_DATA", "not-real-either"),
            "a password of digits": env("DB_PASSWORD", "4096"),
            "a password that begins like a switch": env("DB_PASSWORD", "true-love"),
            "a password that is limited": env("MAX_PASSWORD", "hunter22"),
            "a password of Max": env("CLIMAX_PASSWORD", "4096"),
            "a key that is a switch": env("AWS_ACCESS_KEY_ID", "true"),
            "a password": env("DB_PASSWORD", "correct horse battery staple"),
            "camel case": env("dbPassword", "correct horse battery staple"),
            "dashes": env("api-key", "abcdefgh12345678"),
            "a token": env("GITHUB_TOKEN", "0123456789abcdef"),
            "a private key by name": env("SIGNING_KEY", "0123456789abcdef"),
            "a key id in a value": env("SETTINGS", "id=AKIAIOSFODNN7EXAMPLE"),
            "a private key in a value": env("PEM", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
            "a token of GitHub": env("CLONE", "ghp_" + "a" * 36),
            "a token of Slack": env("NOTIFY", "xoxb-" + "1" * 10),
            "a key of Stripe": env("PAY", "sk_live_" + "a" * 16),
            "a key of Google": env("MAPS", "AIza" + "a" * 35),
            "a session": env("AWS_SESSION_TOKEN", "not-a-real-token"),
            "a password in an address": env("DATABASE_URL", "postgres://app:hunter22@db/orders"),
            "a signed token": env("SESSION", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig"),
            "malformed variables": task({"environment": {"PASSWORD": "hunter22"}}),
            "a malformed variable": task({"environment": ["PASSWORD=hunter22"]}),
            **BROKEN_DEFINITIONS,
        }
    )
    .undecided(UNKNOWN_DEFINITIONS),
    About("ecs-logging", TASK)
    .passes({"awslogs": task({"logConfiguration": {"logDriver": "awslogs"}}), **NO_CONTAINERS})
    .fails(
        {
            "absent": task({}),
            "no driver": task({"logConfiguration": {}}),
            "the driver none": task({"logConfiguration": {"logDriver": "none"}}),
            "absent in the second": task({"logConfiguration": {"logDriver": "awslogs"}}, {}),
            "malformed": task({"logConfiguration": "awslogs"}),
            **BROKEN_DEFINITIONS,
        }
    )
    .undecided(UNKNOWN_DEFINITIONS),
    About("ecs-volumes", TASK)
    .passes(
        {
            "absent": {},
            "scratch space": {"volumes": [{"name": "tmp"}]},
            "efs": {"volumes": [{"name": "d", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}]},
        }
    )
    .fails(
        {
            "a host path": {"volumes": [{"name": "d", "hostPath": "/var/run/docker.sock"}]},
            "a docker volume": {
                "volumes": [
                    {"name": "tmp"},
                    {"name": "d", "dockerVolumeConfiguration": {"scope": "shared"}},
                ]
            },
            "malformed": {"volumes": "/var/run"},
            "a malformed volume": {"volumes": ["/var/run"]},
        }
    )
    .undecided(
        {
            "unknown": {"volumes": UNKNOWN},
            "an unknown path": {"volumes": [{"name": "d", "hostPath": UNKNOWN}]},
        }
    ),
    About("ecs-image-source", TASK)
    .passes(
        {
            "a tag": task({"image": "public.ecr.aws/nginx/nginx:1.29"}),
            "fips": task({"image": "111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/web:1"}),
            "China": task({"image": "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1"}),
            "a digest": task(
                {"image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:" + "a" * 64}
            ),
            **NO_CONTAINERS,
        }
    )
    .fails(
        {
            "absent": task({}),
            "no tag": task({"image": "public.ecr.aws/nginx/nginx"}),
            "latest": task({"image": "public.ecr.aws/nginx/nginx:latest"}),
            "Docker Hub": task({"image": "nginx:1.29"}),
            "a user of Docker Hub": task({"image": "someone/nginx:1.29"}),
            "another registry": task({"image": "registry.example.com:5000/web:1"}),
            "a port but no tag": task({"image": "public.ecr.aws:443/web"}),
            "half a digest": task({"image": "public.ecr.aws/nginx/nginx@sha256:abc"}),
            "a look-alike": task({"image": "public.ecr.aws.example.com/nginx:1.29"}),
            "a number": task({"image": 1}),
            **BROKEN_DEFINITIONS,
        }
    )
    .undecided(UNKNOWN_DEFINITIONS),
    About("ecs-no-public-ip", SERVICE)
    .passes({"off": network(assignPublicIp=False), "absent": {}, "not said": network(subnets=[])})
    .fails(
        {
            "on": network(assignPublicIp=True),
            "on as a text": network(assignPublicIp="ENABLED"),
            "malformed": {"networkConfiguration": "public"},
        }
    )
    .undecided(
        {
            "unknown": network(assignPublicIp=UNKNOWN),
            "unknown network": {"networkConfiguration": UNKNOWN},
        }
    )
    .fails({"on": network(assignPublicIp=True)}, TASK_SET)
    .fails({"on": {"ecsTarget": network(assignPublicIp=True)}}, TARGET)
    .passes({"not a task": {"arn": "arn:aws:sqs:x"}}, TARGET)
    .fails({"on": {"target": {"ecsParameters": network(assignPublicIp=True)}}}, SCHEDULE)
    .fails(
        {
            "on": {
                "targetParameters": {
                    "ecsTaskParameters": network(awsVpcConfiguration={"assignPublicIp": "ENABLED"})
                }
            }
        },
        PIPE,
    )
    .passes(
        {
            "off": {
                "targetParameters": {
                    "ecsTaskParameters": network(awsVpcConfiguration={"assignPublicIp": "DISABLED"})
                }
            }
        },
        PIPE,
    )
    .passes(
        {
            "off": states(Run=run_task("DISABLED")),
            "not said": states(Run={"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask"}),
            "no task": states(Wait={"Type": "Wait", "Seconds": 1}),
            "a task of another service": states(Run=run_task("ENABLED", resource="glue:run")),
            "no definition": {},
        },
        STATE_MACHINE,
    )
    .fails(
        {
            "on": states(Run=run_task("ENABLED")),
            "on without waiting": states(Run=run_task("ENABLED", resource="ecs:runTask")),
            "on until a token": states(
                Run=run_task("ENABLED", resource="ecs:runTask.waitForTaskToken")
            ),
            "on by the SDK": states(Run=run_task("ENABLED", resource="aws-sdk:ecs:runTask")),
            "on in JSONata": states(Run=run_task("ENABLED", key="Arguments")),
            "on for each item": states(
                All={"Type": "Map", "ItemProcessor": {"States": {"Run": run_task("ENABLED")}}}
            ),
            "on for each item, as once": states(
                All={"Type": "Map", "Iterator": {"States": {"Run": run_task("ENABLED")}}}
            ),
            "on in a branch": states(
                Both={"Type": "Parallel", "Branches": [{"States": {"Run": run_task("ENABLED")}}]}
            ),
            "by a path": states(Run=run_task("$.public", end=".$")),
            "by an expression": states(Run=run_task("{% $public %}", key="Arguments")),
            "text that isn't JSON": {"definition": "{"},
            "states that are a text": {"definition": '{"States": "Run"}'},
        },
        STATE_MACHINE,
    )
    .undecided({"unknown": {"definition": UNKNOWN}}, STATE_MACHINE),
    About("ecs-platform", SERVICE)
    .passes(
        {
            "absent": {},
            "empty": {"platformVersion": ""},
            "latest": {"platformVersion": "LATEST"},
            "current": {"platformVersion": "1.4.0"},
        }
    )
    .fails({"old": {"platformVersion": "1.3.0"}, "a number": {"platformVersion": 1}})
    .undecided({"unknown": {"platformVersion": UNKNOWN}})
    .fails({"old": {"platformVersion": "1.3.0"}}, TASK_SET)
    .passes({"absent": {"ecsTarget": {}}, "no task": {}}, TARGET)
    .fails({"old": {"ecsTarget": {"platformVersion": "1.3.0"}}}, TARGET)
    .fails({"old": {"target": {"ecsParameters": {"platformVersion": "1.3.0"}}}}, SCHEDULE)
    .fails(
        {"old": {"targetParameters": {"ecsTaskParameters": {"platformVersion": "1.3.0"}}}}, PIPE
    ),
    About("ecs-insights", "aws:ecs/cluster:Cluster")
    .passes(
        {
            "on": {"settings": [{"name": "containerInsights", "value": "enabled"}]},
            "more": {"settings": [{"name": "containerInsights", "value": "enhanced"}]},
        }
    )
    .fails(
        {
            "absent": {},
            "off": {"settings": [{"name": "containerInsights", "value": "disabled"}]},
            "another setting": {"settings": [{"name": "other", "value": "enabled"}]},
            "off beside an unknown name": {
                "settings": [
                    {"name": "containerInsights", "value": "disabled"},
                    {"name": UNKNOWN, "value": "enabled"},
                ]
            },
            "malformed": {"settings": "containerInsights"},
        }
    )
    .undecided(
        {
            "unknown": {"settings": UNKNOWN},
            "an unknown name": {"settings": [{"name": UNKNOWN, "value": "enabled"}]},
            "an unknown value": {"settings": [{"name": "containerInsights", "value": UNKNOWN}]},
        }
    ),
    About("roles-distinct", TASK)
    .passes(
        {
            "two roles": {
                "taskRoleArn": "arn:aws:iam::111122223333:role/task",
                "executionRoleArn": "arn:aws:iam::111122223333:role/execution",
            },
            "an unknown role alone": {"taskRoleArn": UNKNOWN},
            "no task role": {"executionRoleArn": "arn:aws:iam::111122223333:role/execution"},
            "absent": {},
        }
    )
    .fails(
        {
            "one role": {
                "taskRoleArn": "arn:aws:iam::111122223333:role/both",
                "executionRoleArn": "arn:aws:iam::111122223333:role/both",
            },
        }
    )
    .undecided(
        {
            "two unknown roles": {"taskRoleArn": UNKNOWN, "executionRoleArn": UNKNOWN},
            "an unknown task role": {"taskRoleArn": UNKNOWN, "executionRoleArn": "arn"},
            "an unknown execution role": {"taskRoleArn": "arn", "executionRoleArn": UNKNOWN},
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
