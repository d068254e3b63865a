"""What starts something at times: EventBridge Scheduler."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, allow, create_role, service_trust
from components.jobs.dead_letters import dead_letter_queue
from components.settings.job import DeliverySettings
from components.settings.schedule import ScheduleSettings

EcsParameters = aws.scheduler.ScheduleTargetEcsParametersArgs


class ScheduleStart:
    """A schedule in a group of its own, a role that it alone has, and a dead-letter queue.

    The group is the only source that Scheduler names when it assumes a role. It is no component of
    its own: its resources are children of the job that it starts.

    Args:
        name: the job's name.
        schedule: when it starts.
        delivery: how hard Scheduler tries.
        environment: where it is.
        arn: the target's ARN.
        statements: what starting it takes.
        prerequisites: what has to be there when it starts.
        parent: the job.
        ecs_parameters: how, where the target is a cluster.
        input: what the target is told, as JSON; Scheduler's notice without it.

    Attributes:
        undelivered: the dead-letter queue for starts that AWS gave up.
    """

    def __init__(
        self,
        name: str,
        schedule: ScheduleSettings,
        delivery: DeliverySettings,
        *,
        environment: Environment,
        arn: pulumi.Input[str],
        statements: Sequence[Statement],
        prerequisites: pulumi.Output[Sequence[pulumi.Resource]],
        parent: pulumi.Resource,
        ecs_parameters: EcsParameters | None = None,
        input: pulumi.Input[str] | None = None,  # noqa: A002 - Scheduler's word
    ) -> None:
        self._name = name
        self._environment = environment
        self._parent = parent
        self.undelivered = dead_letter_queue(
            f"{name}-undelivered", environment=environment, parent=parent
        )
        self._group = self._create_group()
        role, policies = self._create_role(statements)
        flexible = schedule.flexible_minutes
        aws.scheduler.Schedule(
            f"{name}-schedule",
            name=environment.regional_name(name, limit=64),
            group_name=self._group.name,
            description=f"Starts job {name}",
            schedule_expression=schedule.expression,
            schedule_expression_timezone=schedule.timezone,
            flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(
                mode="FLEXIBLE" if flexible else "OFF", maximum_window_in_minutes=flexible
            ),
            state="ENABLED",
            target=aws.scheduler.ScheduleTargetArgs(
                arn=arn,
                role_arn=environment.role_arn(role),
                ecs_parameters=ecs_parameters,
                input=input,
                retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_event_age_in_seconds=delivery.max_age,
                    maximum_retry_attempts=delivery.attempts,
                ),
                dead_letter_config=aws.scheduler.ScheduleTargetDeadLetterConfigArgs(
                    arn=self._undelivered_arn
                ),
            ),
            opts=pulumi.ResourceOptions(
                parent=parent,
                depends_on=prerequisites.apply(lambda needed: [*needed, *policies]),
            ),
        )

    @property
    def _undelivered_arn(self) -> pulumi.Output[str]:
        return self._environment.arn("sqs", self.undelivered.name)

    def _create_group(self) -> aws.scheduler.ScheduleGroup:
        return aws.scheduler.ScheduleGroup(
            f"{self._name}-schedules",
            name=self._environment.regional_name(self._name, limit=64),
            opts=pulumi.ResourceOptions(parent=self._parent),
        )

    def _create_role(
        self, statements: Sequence[Statement]
    ) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        """Create what Scheduler has while it starts the job; schedules of other groups haven't."""
        environment = self._environment
        group = pulumi.Output.concat("schedule-group/", self._group.name)
        return create_role(
            f"{self._name}-scheduler",
            fixed_name=environment.global_name(self._name, "scheduler"),
            trust=service_trust(
                environment, "scheduler.amazonaws.com", environment.arn("scheduler", group)
            ),
            environment=environment,
            parent=self._parent,
            statements=[
                *statements,
                allow(["sqs:SendMessage"], [self._undelivered_arn]),
            ],
        )
