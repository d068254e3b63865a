"""Credentials in what defines and starts tasks and jobs."""

import json
from typing import Any

from tests.policies.cases.case import About, Case
from tests.policies.cases.ecs import PIPE, SCHEDULE, STATE_MACHINE, TARGET, TASK, env, task
from tests.policies.protocol import UNKNOWN

PASSWORD = "hunter22"  # noqa: S105 - nobody's
VARIABLES = [{"name": "DB_PASSWORD", "value": PASSWORD}]
ECS_TARGET = {"ecsTarget": {"taskDefinitionArn": "web"}}


def container(**properties: object) -> dict[str, Any]:
    return task({"name": "web", **properties})


def logs(driver: str = "awsfirelens", **options: object) -> dict[str, Any]:
    return container(logConfiguration={"logDriver": driver, "options": options})


def overriding(**override: object) -> str:
    """Return the input by which a rule or a schedule overrides a container."""
    return json.dumps({"containerOverrides": [{"name": "web", **override}]})


def piped(**override: object) -> dict[str, Any]:
    found = {"containerOverrides": [{"name": "web", **override}]}
    return {"targetParameters": {"ecsTaskParameters": {"overrides": found}}}


def state(**parameters: object) -> dict[str, Any]:
    """Return a state machine that starts a task or a job."""
    run = {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", "Parameters": parameters}
    return {"definition": json.dumps({"StartAt": "Run", "States": {"Run": run}})}


def run(*variables: object, **override: object) -> dict[str, Any]:
    overrides = [{"Name": "web", "Environment": list(variables), **override}]
    return state(Overrides={"ContainerOverrides": overrides})


ABOUT = [
    About("ecs-env-secrets", TASK)
    .passes(
        {
            **{
                f"what is no credential: {name}": env(name, value)
                for name, value in {
                    "MAX_TOKENS": "4096",
                    "LLM_MIN_TOKENS": "16",
                    "COMPASS": "north",
                    "PASSWORDLESS": "true",
                    "PATH": "/usr/bin",
                    "PAT": "NAT",
                    "SECRETARIAT": "office",
                }.items()
            },
            "an ordinary command": container(command=["serve", "--port=8080", "--verbose"]),
            "a flag that names a file": container(command=["serve", "--password-file=/run/x"]),
            **{
                f"a flag that is filled in by {text}": container(command=[f"serve --token={text}"])
                for text in ("$TOKEN", "${TOKEN}", '"$TOKEN"', "`cat token`", "<token>", "{{ t }}")
            },
            "a flag without value": container(command=["serve", "--token=", "next"]),
            "an address that is filled in": container(command=["psql postgres://app:$PASS@db/x"]),
            "an ordinary label": container(dockerLabels={"team": "orders"}),
            "ordinary options of logs": logs("awslogs", **{"awslogs-group": "/ecs/web"}),
        }
    )
    .fails(
        {
            **{
                f"named {name}": env(name, PASSWORD)
                for name in (
                    *("DB_PASS", "PGPASSWORD", "DBPASSWD", "DB_PASSWORD1", "PASSPHRASE"),
                    *("MYSQL_PWD", "REDISCLI_AUTH", "GITHUB_PAT", "CLIENTSECRET", "APP_SECRETS"),
                    *("authtoken", "BEARERTOKEN", "SSH_KEY", "AUTH_KEY", "HMACKEY", "JWT_KEY_2"),
                    *("APIKEY", "MASTER_KEYS", "ENCRYPTION_KEY", "DB_CREDENTIAL", "ACCESSTOKEN"),
                    *("APITOKEN", "REFRESHTOKEN", "SESSIONTOKEN", "APPSECRET", "ACCESS_KEY"),
                    *("PRIVATE_KEY", "SECRET_KEY_BASE"),
                )
            },
            "in a connection string": env("DB", f"Server=db;User=app;Password={PASSWORD};"),
            "in an address's query": env(
                "DB", f"jdbc:postgresql://db/x?user=a&password={PASSWORD}"
            ),
            "in Java's options": env("JAVA_OPTS", f"-Xmx1g -Ddb.password={PASSWORD}"),
            "in a quoted setting": env("OPTIONS", f"user=app password='{PASSWORD}'"),
            "a flag of a command": container(command=["serve", f"--password={PASSWORD}"]),
            "a key in a command": container(command=["serve", "AKIAIOSFODNN7EXAMPLE"]),
            "an address in an entry point": container(
                entryPoint=["serve", f"postgres://app:{PASSWORD}@db/orders"]
            ),
            "in a health check": container(
                healthCheck={"command": ["CMD-SHELL", f"curl -u=x --token={PASSWORD} localhost"]}
            ),
            "a label": container(dockerLabels={"team": "orders", "api_key": PASSWORD}),
            "labels that are a text": container(dockerLabels=PASSWORD),
            "an option of logs": logs("splunk", **{"splunk-token": PASSWORD}),
            "an option of FireLens": logs(Name="datadog", apikey=PASSWORD),
            "a malformed command": container(command=PASSWORD),
        }
    )
    .passes(
        {
            "an ordinary variable": {
                **ECS_TARGET,
                "input": overriding(environment=[{"name": "DAY", "value": "monday"}]),
            },
            "a text for something else": {"input": "DB_PASSWORD"},
            "a text that isn't known, for something else": {"input": UNKNOWN},
            "no input": ECS_TARGET,
        },
        TARGET,
    )
    .fails(
        {
            "a variable": {**ECS_TARGET, "input": overriding(environment=VARIABLES)},
            "a flag": {**ECS_TARGET, "input": overriding(command=[f"--password={PASSWORD}"])},
            "a variable in another case": {
                **ECS_TARGET,
                "input": json.dumps({"ContainerOverrides": [{"ENVIRONMENT": VARIABLES}]}),
            },
            "a variable twice, in different cases": {
                **ECS_TARGET,
                "input": overriding(environment=[], Environment=VARIABLES),
            },
            "a variable of a job": {
                "batchTarget": {"jobDefinition": "report"},
                "input": json.dumps({"ContainerOverrides": {"Environment": VARIABLES}}),
            },
        },
        TARGET,
    )
    .undecided(
        {
            "unknown": {**ECS_TARGET, "input": UNKNOWN},
            "unknown for a job": {"batchTarget": {}, "input": UNKNOWN},
        },
        TARGET,
    )
    .fails({"a variable": {"target": {"input": overriding(environment=VARIABLES)}}}, SCHEDULE)
    .passes({"unknown, for something else": {"target": {"input": UNKNOWN}}}, SCHEDULE)
    .undecided({"unknown": {"target": {"ecsParameters": {}, "input": UNKNOWN}}}, SCHEDULE)
    .passes({"an ordinary variable": piped(environments=[{"name": "DAY", "value": "1"}])}, PIPE)
    .fails(
        {
            "a variable": piped(environments=VARIABLES),
            "a flag": piped(commands=[f"--password={PASSWORD}"]),
        },
        PIPE,
    )
    .undecided({"unknown": piped(environments=UNKNOWN)}, PIPE)
    .passes(
        {
            "an ordinary variable": run({"Name": "DAY", "Value": "monday"}),
            "a variable by a path": run({"Name": "DB_PASSWORD", "Value.$": "$.password"}),
            "a variable by an expression": run({"Name": "DB_PASSWORD", "Value": "{% $password %}"}),
            "variables by an expression": run(Environment="{% $variables %}"),
            "everything by an expression": state(
                Overrides={"ContainerOverrides": "{% $overrides %}"}
            ),
            "text that isn't JSON": {"definition": "{"},
            "a state named like a variable": state(Environment=VARIABLES),
        },
        STATE_MACHINE,
    )
    .fails(
        {
            "a variable": run({"Name": "DB_PASSWORD", "Value": PASSWORD}),
            "a flag": run(Command=[f"--password={PASSWORD}"]),
            "a flag among expressions": run(Command=["{% $x %}", f"--password={PASSWORD}"]),
            "a variable of a job": state(
                ContainerOverrides={"Environment": [{"Name": "DB_PASSWORD", "Value": PASSWORD}]}
            ),
            "in a branch": {
                "definition": json.dumps(
                    {
                        "States": {
                            "Both": {
                                "Branches": [
                                    json.loads(
                                        run({"Name": "DB_PASSWORD", "Value": PASSWORD})[
                                            "definition"
                                        ]
                                    )
                                ]
                            }
                        }
                    }
                )
            },
        },
        STATE_MACHINE,
    )
    .undecided({"unknown": {"definition": UNKNOWN}}, STATE_MACHINE),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
