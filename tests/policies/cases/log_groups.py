"""Log groups of containers: whether what they write is kept for a chosen time."""

import json
from typing import Any

from tests.policies.cases.batch import JOB
from tests.policies.cases.case import AboutStack, Case, Json, one
from tests.policies.cases.ecs import SERVICE, TASK
from tests.policies.protocol import UNKNOWN, StackResource

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
NAME = "/ecs/web"


def log_group(name: object = NAME, days: object = 30, *, called: str = "logs") -> StackResource:
    return one(LOG_GROUP, called, name=name, retentionInDays=days)


def logging(driver: object = "awslogs", group: object = NAME, **more: object) -> dict[str, Json]:
    """Return a container that logs to a group."""
    options = {"awslogs-group": group, **more}
    return {"name": "web", "logConfiguration": {"logDriver": driver, "options": options}}


def making(value: object) -> dict[str, Json]:
    """Return a container that says whether its log group is to be made."""
    return logging(**{"awslogs-create-group": value})


def task(*containers: Json, name: str = "web") -> StackResource:
    return one(TASK, name, containerDefinitions=json.dumps(containers))


def read(*containers: Json) -> StackResource:
    """Return a task definition whose containers aren't a text: there parts may be unknown."""
    return one(TASK, "web", containerDefinitions=list(containers))


def job(**container: Json) -> StackResource:
    return one(JOB, "report", containerProperties=json.dumps(container))


def job_of_several(*containers: Json) -> StackResource:
    tasks = {"taskProperties": [{"containers": list(containers)}]}
    return one(JOB, "report", ecsProperties=json.dumps(tasks))


def connect(*, enabled: object = True, **configuration: object) -> StackResource:
    """Return a service in Service Connect, whose proxy logs as `configuration` says."""
    given = {"enabled": enabled, "logConfiguration": configuration}
    return one(SERVICE, "web", serviceConnectConfiguration=given)


def proxy(group: object = NAME, *, enabled: object = True, **more: object) -> StackResource:
    options = {"awslogs-group": group, **more}
    return connect(enabled=enabled, logDriver="awslogs", options=options)


def firelens(**options: object) -> dict[str, Json]:
    return {
        "name": "web",
        "logConfiguration": {"logDriver": "awsfirelens", "options": options},
    }


KEPT: dict[str, Any] = {"auto_create_group": "true", "log_retention_days": 30}


ABOUT = [
    AboutStack("container-log-group")
    .passes(
        {
            "a log group with a retention": [task(logging()), log_group()],
            "a retention as a text": [task(logging()), log_group(days="30")],
            "a retention of a day": [task(logging()), log_group(days=1)],
            "two containers of one group": [task(logging(), logging()), log_group()],
            "beside a group without a retention": [
                task(logging()),
                log_group("/ecs/api", 0, called="other"),
                log_group(),
            ],
            "beside a group that AWS has yet to name": [
                task(logging()),
                one(LOG_GROUP, "other", computed=["name"], namePrefix="/ecs/"),
                log_group(),
            ],
            "one of two of the name": [task(logging()), log_group(days=0, called="a"), log_group()],
            "beside one of the name whose retention is unknown": [
                task(logging()),
                log_group(days=UNKNOWN, called="a"),
                log_group(),
            ],
            "the group isn't to be made": [task(making("false")), log_group()],
            "no containers": [one(TASK, "web", family="web")],
            "no configuration, which ecs-logging is about": [task({"name": "web"})],
            "a log router": [task(logging("awsfirelens", **{"awslogs-create-group": "true"}))],
            "another driver": [task({"logConfiguration": {"logDriver": "splunk"}})],
            "a job": [job(**logging()), log_group()],
            "a job of two containers": [job_of_several(logging(), logging()), log_group()],
            "a job on EKS": [one(JOB, "report", eksProperties={"podProperties": {}})],
            "a proxy of Service Connect": [proxy(), log_group()],
            "a proxy without a log": [
                one(SERVICE, "web", serviceConnectConfiguration={"enabled": True})
            ],
            "a proxy that isn't there": [proxy(enabled=False)],
            "a proxy with another driver": [connect(logDriver="splunk")],
            "a service without Service Connect": [one(SERVICE, "web", name="web")],
            "FireLens to a log group": [
                task(firelens(Name="cloudwatch_logs", log_group_name=NAME)),
                log_group(),
            ],
            "FireLens to a log group that it makes": [
                task(firelens(name="cloudwatch", log_group_name=NAME, **KEPT))
            ],
            "FireLens to elsewhere": [task(firelens(Name="kinesis_firehose", delivery_stream="a"))],
            "FireLens by a file": [task(firelens())],
        }
    )
    .fails(
        {
            "no log group of the stack": [task(logging())],
            "another log group": [task(logging()), log_group("/ecs/api")],
            "a log group without a retention": [
                task(logging()),
                one(LOG_GROUP, "logs", name=NAME),
            ],
            "a log group that keeps for ever": [task(logging()), log_group(days=0)],
            "a malformed retention": [task(logging()), log_group(days=[30])],
            "the group is made": [task(making("true")), log_group()],
            "the group is made, as a flag": [read(making(True)), log_group()],  # noqa: FBT003 - JSON
            "the group is made, in upper case": [task(making("TRUE")), log_group()],
            "the group is made, as a number": [task(making("1")), log_group()],
            "the group is made, as a letter": [task(making("T")), log_group()],
            "the group is made, and unknown": [
                read(logging(group=UNKNOWN, **{"awslogs-create-group": "true"}))
            ],
            "the second container": [
                task(logging(), logging(group="/ecs/sidecar")),
                log_group(),
            ],
            "the second definition": [
                task(logging()),
                task(logging(group="/ecs/api"), name="api"),
                log_group(),
            ],
            "no group": [task(logging(group=None)), log_group()],
            "no group beside one that AWS has yet to name": [
                task(logging(group="")),
                one(LOG_GROUP, "other", computed=["name"], namePrefix="/ecs/"),
            ],
            "a driver without options": [task({"logConfiguration": {"logDriver": "awslogs"}})],
            "a malformed group": [task(logging(group=[NAME])), log_group()],
            "malformed options": [
                task({"logConfiguration": {"logDriver": "awslogs", "options": NAME}}),
                log_group(),
            ],
            "malformed": [task({"logConfiguration": "awslogs"}), log_group()],
            "a malformed container": [task("web"), log_group()],
            "text that isn't JSON": [one(TASK, "web", containerDefinitions="[")],
            "properties in upper case": [
                task({"LogConfiguration": {"LogDriver": "awslogs", "Options": {}}})
            ],
            "a job": [job(**logging())],
            "a job in the group of all jobs": [job(**logging(group="/aws/batch/job"))],
            "the second container of a job": [
                job_of_several(logging(), logging(group="/batch/report")),
                log_group(),
            ],
            "a proxy whose group nobody makes": [proxy()],
            "a proxy whose group has no retention": [proxy(), log_group(days=0)],
            "a proxy whose group is made": [
                proxy(**{"awslogs-create-group": "true"}),
                log_group(),
            ],
            "a proxy that may be there": [proxy(enabled=UNKNOWN)],
            "a malformed proxy": [one(SERVICE, "web", serviceConnectConfiguration="on")],
            "FireLens to a group of nobody's": [
                task(firelens(Name="cloudwatch_logs", log_group_name=NAME))
            ],
            "FireLens to a group that it makes": [
                task(firelens(NAME="CLOUDWATCH", log_group_name=NAME, Auto_Create_Group="On")),
                log_group(),
            ],
            "FireLens with malformed options": [
                task({"logConfiguration": {"logDriver": "awsfirelens", "options": "a"}})
            ],
        }
    )
    .undecided(
        {
            "nothing known": [one(TASK, "web")],
            "unknown containers": [one(TASK, "web", containerDefinitions=UNKNOWN), log_group()],
            "an unknown container": [read(logging(), UNKNOWN), log_group()],
            "an unknown configuration": [read({"logConfiguration": UNKNOWN}), log_group()],
            "an unknown driver": [read(logging(UNKNOWN)), log_group()],
            "unknown options": [
                read({"logConfiguration": {"logDriver": "awslogs", "options": UNKNOWN}})
            ],
            "an unknown group": [read(logging(group=UNKNOWN)), log_group()],
            "an unknown switch": [read(making(UNKNOWN)), log_group()],
            "an unknown retention": [task(logging()), log_group(days=UNKNOWN)],
            "an unknown retention beside none": [
                task(logging()),
                log_group(days=0, called="a"),
                log_group(days=UNKNOWN),
            ],
            "a log group of an unknown name": [task(logging()), log_group(UNKNOWN)],
            "a log group that AWS has yet to name": [
                task(logging()),
                one(LOG_GROUP, "logs", computed=["name"], namePrefix="/ecs/", retentionInDays=30),
            ],
            "an unknown job": [one(JOB, "report", containerProperties=UNKNOWN)],
            "an unknown proxy": [one(SERVICE, "web", serviceConnectConfiguration=UNKNOWN)],
            "an unknown group of a proxy": [proxy(UNKNOWN), log_group()],
            "unknown options of FireLens": [
                read({"logConfiguration": {"logDriver": "awsfirelens", "options": UNKNOWN}})
            ],
            "an unknown plugin of FireLens": [read(firelens(Name=UNKNOWN))],
            "how long FireLens keeps what it makes": [
                read(
                    firelens(
                        Name="cloudwatch",
                        log_group_name=NAME,
                        auto_create_group="true",
                        log_retention_days=UNKNOWN,
                    )
                )
            ],
            "whether FireLens makes the group": [
                read(
                    firelens(Name="cloudwatch", log_group_name=NAME, auto_create_group=UNKNOWN),
                ),
                log_group(),
            ],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
