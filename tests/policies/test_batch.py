"""What the pack says of jobs of AWS Batch, all rules together."""

import json
from typing import Any

import pytest

from tests.policies.cases.batch import JOB, efs
from tests.policies.protocol import MANDATORY, Analyzer

SOUND: dict[str, Any] = {
    "executionRoleArn": "arn:aws:iam::111122223333:role/report-execution",
    "fargatePlatformConfiguration": {"platformVersion": "LATEST"},
    "image": "public.ecr.aws/docker/library/python:3.13-slim",
    "jobRoleArn": "arn:aws:iam::111122223333:role/report",
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/batch/report"}},
    "networkConfiguration": {"assignPublicIp": "DISABLED"},
    "readonlyRootFilesystem": True,
    "user": "65534",
    "volumes": [efs()],
}
FAULTS: dict[str, dict[str, Any]] = {
    "batch-fargate": {"privileged": True},
    "batch-fargate, a public address": {"networkConfiguration": {"assignPublicIp": "ENABLED"}},
    "batch-fargate, one role": {"jobRoleArn": SOUND["executionRoleArn"]},
    "batch-fargate, no execution role": {"executionRoleArn": None},
    "ecs-efs": {"volumes": [efs(transitEncryption="DISABLED")]},
    "ecs-env-secrets": {"environment": [{"name": "DB_PASSWORD", "value": "x"}]},
    "ecs-image-source": {"image": "public.ecr.aws/docker/library/python:latest"},
    "ecs-logging": {"logConfiguration": None},
    "ecs-logging, the driver none": {"logConfiguration": {"logDriver": "none"}},
    "ecs-nonroot": {"user": "0"},
    "ecs-platform": {"fargatePlatformConfiguration": {"platformVersion": "1.3.0"}},
    "ecs-readonly-root": {"readonlyRootFilesystem": False},
    "ecs-volumes": {"volumes": [{"name": "run", "host": {"sourcePath": "/var/run"}}]},
}
"""What a job has instead of something sound, by the rule that says so."""


def said(pack: Analyzer, *platforms: str, **instead: object) -> list[str]:
    """Return the rules that a job violates, once for each violation."""
    found = pack.analyze(
        JOB,
        {
            "name": "report",
            "platformCapabilities": list(platforms),
            "containerProperties": json.dumps({**SOUND, **instead}),
        },
    )
    return [violation.policyName for violation in found.all]


def test_a_sound_job_breaks_no_rule(pack: Analyzer) -> None:
    assert said(pack, "FARGATE") == []


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_of_a_job_is_said_once_by_one_rule(pack: Analyzer, fault: str) -> None:
    assert said(pack, "FARGATE", **FAULTS[fault]) == [fault.partition(",")[0]]


def test_another_platform_is_said_once(pack: Analyzer) -> None:
    assert said(pack, "EC2") == ["batch-fargate"]


def test_the_rule_answers_the_control_that_it_is_for(pack: Analyzer) -> None:
    (policy,) = [policy for policy in pack.info().policies if policy.name == "batch-fargate"]
    assert policy.enforcementLevel == MANDATORY
    assert "Checkov: CKV_AWS_210" in policy.tags
