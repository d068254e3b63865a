"""Jobs under the real engine, as the SDK writes their nested inputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
import pytest

from sandbox.standins.record import Record
from tests.sandbox.standins.cases import batch, event_rules
from tests.sandbox.standins.test_on_the_engine import engine  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from tests.sandbox.standins.test_on_the_engine import Engine

pytestmark = pytest.mark.engine

ROLE = "arn:aws:iam::123456789012:role/jobs"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:failed"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
TASK = "arn:aws:ecs:us-east-1:123456789012:task-definition/job"


def _scheduled(expression: str) -> None:
    aws.scheduler.Schedule(
        "nightly",
        schedule_expression=expression,
        flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
        target=aws.scheduler.ScheduleTargetArgs(
            arn=CLUSTER,
            role_arn=ROLE,
            dead_letter_config=aws.scheduler.ScheduleTargetDeadLetterConfigArgs(arn=QUEUE),
            ecs_parameters=aws.scheduler.ScheduleTargetEcsParametersArgs(
                task_definition_arn=TASK,
                capacity_provider_strategies=[
                    aws.scheduler.ScheduleTargetEcsParametersCapacityProviderStrategyArgs(
                        capacity_provider="FARGATE_SPOT", weight=1
                    )
                ],
                network_configuration=aws.scheduler.ScheduleTargetEcsParametersNetworkConfigurationArgs(
                    subnets=["subnet-1"], assign_public_ip=False
                ),
            ),
        ),
    )


def _on_events() -> None:
    rule = aws.cloudwatch.EventRule("orders", event_pattern=json.dumps(event_rules.PATTERN))
    aws.cloudwatch.EventTarget(
        "orders",
        rule=rule.name,
        target_id="task",
        arn=CLUSTER,
        role_arn=ROLE,
        ecs_target=aws.cloudwatch.EventTargetEcsTargetArgs(
            task_definition_arn=TASK,
            launch_type="FARGATE",
            network_configuration=aws.cloudwatch.EventTargetEcsTargetNetworkConfigurationArgs(
                subnets=["subnet-1"]
            ),
        ),
        input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
            input_paths={"order": "$.detail.id"}, input_template='{"order":<order>}'
        ),
    )


def _function() -> None:
    function = aws.lambda_.Function(
        "start",
        role=ROLE,
        handler="start.handler",
        runtime="python3.13",
        code=pulumi.AssetArchive({"start.py": pulumi.StringAsset("def handler(*_): ...")}),
    )
    aws.lambda_.Permission(
        "start",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="events.amazonaws.com",
    )


def _batch(seconds: int) -> None:
    environment = aws.batch.ComputeEnvironment(
        "spot",
        type="MANAGED",
        compute_resources=aws.batch.ComputeEnvironmentComputeResourcesArgs(
            type="FARGATE_SPOT", max_vcpus=4, subnets=["subnet-1"], security_group_ids=["sg-1"]
        ),
    )
    aws.batch.JobQueue(
        "urgent",
        state="ENABLED",
        priority=1,
        compute_environment_orders=[
            aws.batch.JobQueueComputeEnvironmentOrderArgs(
                order=1, compute_environment=environment.arn
            )
        ],
    )
    job = aws.batch.JobDefinition(
        "reports",
        type="container",
        platform_capabilities=["FARGATE"],
        container_properties=json.dumps(batch.CONTAINER),
        retry_strategy=aws.batch.JobDefinitionRetryStrategyArgs(attempts=3),
        timeout=aws.batch.JobDefinitionTimeoutArgs(attempt_duration_seconds=seconds),
    )
    pulumi.export("job", job.arn)


def _jobs(*, expression: str = "rate(1 hours)", seconds: int = 60) -> None:
    _scheduled(expression)
    _on_events()
    _function()
    _batch(seconds)


def test_jobs_deploy_change_in_place_and_leave_nothing(engine: Engine) -> None:  # noqa: F811 - the fixture
    first = engine.stack(_jobs).up()
    assert first.outputs["job"].value.endswith(":1")
    assert engine.stack(_jobs).preview(expect_no_changes=True)
    changed = engine.stack(lambda: _jobs(expression="rate(2 hours)", seconds=120)).up()
    assert changed.outputs["job"].value.endswith(":2")
    assert changed.summary.resource_changes == {"same": 7, "update": 2}
    engine.stack(_jobs).destroy()
    assert Record(engine.folder / "record.db").entries() == []
