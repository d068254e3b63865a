"""A job that starts at times."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import parts
from components.ecs.cluster import EcsCluster
from components.grants import Grantable
from components.iam import Statement, allow, create_role, service_trust
from components.jobs.dead_letters import dead_letter_queue
from components.jobs.supervised_task import SupervisedTask
from components.jobs.task import JobTask
from components.settings import JobSettings
from components.settings.schedule import ScheduleSettings
from components.storage.file_system import FileSystem

Parameters = aws.scheduler.ScheduleTargetEcsParametersArgs
Network = aws.scheduler.ScheduleTargetEcsParametersNetworkConfigurationArgs
Provider = aws.scheduler.ScheduleTargetEcsParametersCapacityProviderStrategyArgs


class ScheduledTask(pulumi.ComponentResource):
    """A task on ECS with Fargate that EventBridge Scheduler starts: at times, or once.

    Creates a task definition with its roles, log group and security group, the schedule in a group
    of its own (the only source that Scheduler names when it assumes a role), a role that may start
    exactly this task, and a dead-letter queue for starts that AWS gave up. With a timeout, retries
    or a limit of concurrency the schedule starts a state machine, and that the task
    (SupervisedTask).

    Cost (us-east-1): the task while it runs, a minute at least: 0.0004 USD a minute for the
    smallest. 14 million starts of a month are free.
    """

    name: str
    definition: aws.ecs.TaskDefinition
    undelivered: aws.sqs.Queue
    """The dead-letter queue for starts that AWS gave up."""
    supervised: SupervisedTask | None
    """The state machine that runs the task; None if Scheduler starts it directly."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        schedule: ScheduleSettings,
        *,
        cluster: EcsCluster,
        grantables: Mapping[str, Grantable] | None = None,
        file_systems: Mapping[str, FileSystem] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:jobs:ScheduledTask", name, None, opts)
        self.name = name
        self._settings = settings
        self._environment = cluster.network.environment
        self._task = JobTask(
            name,
            settings,
            cluster=cluster,
            grantables=grantables or {},
            file_systems=file_systems or {},
            parent=self,
        )
        self.definition = self._task.definition
        self.supervised = (
            SupervisedTask(name, settings, self._task, parent=self) if settings.supervised else None
        )
        self.undelivered = dead_letter_queue(
            f"{name}-undelivered", environment=self._environment, parent=self
        )
        self._group = self._create_group()
        role, policies = self._create_role()
        self._create_schedule(schedule, role, policies)
        self.register_outputs({"taskDefinition": self.definition.arn})

    @property
    def _undelivered_arn(self) -> pulumi.Output[str]:
        return self._environment.arn("sqs", self.undelivered.name)

    def _create_group(self) -> aws.scheduler.ScheduleGroup:
        return aws.scheduler.ScheduleGroup(
            f"{self.name}-schedules",
            name=self._environment.regional_name(self.name, limit=64),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_role(self) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        """Create what Scheduler has while it starts the job; schedules of other groups haven't."""
        environment = self._environment
        group = pulumi.Output.concat("schedule-group/", self._group.name)
        return create_role(
            f"{self.name}-scheduler",
            fixed_name=environment.global_name(self.name, "scheduler"),
            trust=service_trust(
                environment, "scheduler.amazonaws.com", environment.arn("scheduler", group)
            ),
            environment=environment,
            parent=self,
            statements=[
                *self._start_statements(),
                allow(["sqs:SendMessage"], [self._undelivered_arn]),
            ],
        )

    def _start_statements(self) -> Sequence[Statement]:
        if self.supervised:
            return self.supervised.start_statements()
        return self._task.run_statements()

    def _create_schedule(
        self,
        schedule: ScheduleSettings,
        role: aws.iam.Role,
        policies: Sequence[aws.iam.RolePolicy],
    ) -> None:
        flexible, delivery = schedule.flexible_minutes, self._settings.delivery
        aws.scheduler.Schedule(
            f"{self.name}-schedule",
            name=self._environment.regional_name(self.name, limit=64),
            group_name=self._group.name,
            description=f"Starts job {self.name}",
            schedule_expression=schedule.expression,
            schedule_expression_timezone=schedule.timezone,
            flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(
                mode="FLEXIBLE" if flexible else "OFF", maximum_window_in_minutes=flexible
            ),
            state="ENABLED",
            target=aws.scheduler.ScheduleTargetArgs(
                arn=self.supervised.arn if self.supervised else self._task.cluster_arn,
                role_arn=self._environment.role_arn(role),
                ecs_parameters=None if self.supervised else _parameters(self._task),
                # Without one Scheduler would send a notice of its own.
                input="{}" if self.supervised else None,
                retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_event_age_in_seconds=delivery.max_age,
                    maximum_retry_attempts=delivery.attempts,
                ),
                dead_letter_config=aws.scheduler.ScheduleTargetDeadLetterConfigArgs(
                    arn=self._undelivered_arn
                ),
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._task.prerequisites.apply(lambda needed: [*needed, *policies]),
            ),
        )


def _parameters(task: JobTask) -> Parameters:
    return Parameters(
        task_definition_arn=task.definition.arn,
        task_count=1,
        capacity_provider_strategies=[
            Provider(capacity_provider=provider, base=part.base, weight=part.weight)
            for provider, _, part in parts(task.capacity)
        ],
        network_configuration=Network(
            subnets=task.cluster.network.private_subnet_ids,
            security_groups=[task.group_id],
            assign_public_ip=False,
        ),
        enable_ecs_managed_tags=True,
        enable_execute_command=False,
        propagate_tags="TASK_DEFINITION",
    )
