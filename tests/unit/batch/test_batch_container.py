"""What a job of AWS Batch runs: plain, canonical, and without what Fargate lacks."""

import json
from typing import Any

import pytest

from components.batch.container import SPOT_INTERRUPTION, retry_strategy
from components.settings import JobSettings
from components.settings.batch_job import RetrySettings
from tests.unit.support import programs
from tests.unit.support.engine import Recorder

JOB = "aws:batch/jobDefinition:JobDefinition"


def deployed(*, preview: bool = False, **job: object) -> Recorder:
    given = {
        "batch": {
            "environments": {"cheap": {}},
            "queues": {"bulk": {"environments": ["cheap"]}},
        },
        "secrets": {
            "database": {
                "arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:database-AbCdEf"
            }
        },
        "fileSystems": {"scratch": {}},
        "jobs": {"render": {"image": programs.IMAGE, "batch": {"queue": "bulk"}, **job}},
    }
    return programs.page(given, preview=preview)


def container(*, preview: bool = False, **job: object) -> dict[str, Any]:
    text = deployed(preview=preview, **job).one(JOB).inputs["containerProperties"]
    found: dict[str, Any] = json.loads(text)
    assert text == json.dumps(found, sort_keys=True)
    return found


def test_the_least_is_written_out_in_full(*, preview: bool) -> None:
    role = "arn:aws:iam::111122223333:role/platform-test-eu-west-1-render-"
    assert container(preview=preview) == {
        "environment": [],
        "executionRoleArn": f"{role}execution",
        "fargatePlatformConfiguration": {"platformVersion": "LATEST"},
        "image": programs.IMAGE,
        "jobRoleArn": f"{role}task",
        "linuxParameters": {"initProcessEnabled": True},
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "/ecs/platform-test/render",
                "awslogs-region": "eu-west-1",
                "awslogs-stream-prefix": "render",
            },
        },
        "networkConfiguration": {"assignPublicIp": "DISABLED"},
        "readonlyRootFilesystem": True,
        "resourceRequirements": [
            {"type": "MEMORY", "value": "512"},
            {"type": "VCPU", "value": "0.25"},
        ],
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        "user": "65534",
    }


def test_size_architecture_and_disk_are_the_job_s(*, preview: bool) -> None:
    found = container(
        preview=preview, size={"cpu": 16, "memory": 32768}, architecture="arm64", storage=21, user=7
    )
    assert found["resourceRequirements"] == [
        {"type": "MEMORY", "value": "32768"},
        {"type": "VCPU", "value": "16"},
    ]
    assert found["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    assert found["ephemeralStorage"] == {"sizeInGiB": 21}
    assert found["user"] == "7"


def test_variables_and_secrets_are_sorted_and_come_from_one_source(*, preview: bool) -> None:
    found = container(
        preview=preview,
        environment={"B": "2", "A": "1"},
        secrets={"Z": "database:password", "Y": "database"},
        command=["run", "all"],
    )
    assert found["environment"] == [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:database-AbCdEf"
    assert found["secrets"] == [
        {"name": "Y", "valueFrom": arn},
        {"name": "Z", "valueFrom": f"{arn}:password::"},
    ]
    assert found["command"] == ["run", "all"]


def test_directories_are_mounted_encrypted_and_with_the_job_s_role() -> None:
    found = container(files={"/data": {"fileSystem": "scratch", "readOnly": True}})
    assert found["mountPoints"] == [
        {"containerPath": "/data", "readOnly": True, "sourceVolume": "data"}
    ]
    assert found["volumes"] == [
        {
            "name": "data",
            "efsVolumeConfiguration": {
                "fileSystemId": "scratch-file-system-id",
                "rootDirectory": "/",
                "transitEncryption": "ENABLED",
                "authorizationConfig": {
                    "accessPointId": "render-data-access-point-id",
                    "iam": "ENABLED",
                },
            },
        }
    ]


def conditions(retries: int, *given: dict[str, str]) -> list[dict[str, str]]:
    strategy = retry_strategy(retries, [programs.section(RetrySettings, each) for each in given])
    found = strategy.evaluate_on_exits
    assert found is None or isinstance(found, list)
    names = ("action", "on_exit_code", "on_reason", "on_status_reason")
    pairs = [{name: getattr(each, name) for name in names} for each in found or []]
    return [{key: value for key, value in each.items() if value} for each in pairs]


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2), (9, 10)])
def test_retries_are_attempts_after_the_first(retries: int, attempts: int) -> None:
    assert retry_strategy(retries, ()).attempts == attempts
    assert conditions(retries) == []


def test_with_conditions_a_job_starts_again_after_those_and_after_spot_alone() -> None:
    assert conditions(2, {"exitCode": "75"}, {"reason": "OutOfMemory*", "exitCode": "137"}) == [
        {"action": "retry", "on_status_reason": SPOT_INTERRUPTION},
        {"action": "retry", "on_exit_code": "75"},
        {"action": "retry", "on_reason": "OutOfMemory*", "on_exit_code": "137"},
        {"action": "exit", "on_reason": "*"},
    ]


def test_most_conditions_are_as_many_as_aws_takes() -> None:
    most = JobSettings.model_validate_json(
        json.dumps(
            {
                "image": programs.IMAGE,
                "retries": 1,
                "batch": {"queue": "bulk", "retryOn": [{"exitCode": str(n)} for n in range(3)]},
            }
        )
    )
    assert most.batch
    found = retry_strategy(1, most.batch.retry_on).evaluate_on_exits
    assert isinstance(found, list)
    assert len(found) == 5
