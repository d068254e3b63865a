"""A job that starts at times."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import parts
from components.ecs.cluster import EcsCluster
from components.grants import Grantable
from components.jobs.schedule_start import EcsParameters, ScheduleStart
from components.jobs.supervised_task import SupervisedTask
from components.jobs.task import JobTask
from components.settings import JobSettings
from components.settings.schedule import ScheduleSettings
from components.storage.file_system import FileSystem

Network = aws.scheduler.ScheduleTargetEcsParametersNetworkConfigurationArgs
Provider = aws.scheduler.ScheduleTargetEcsParametersCapacityProviderStrategyArgs


class ScheduledTask(pulumi.ComponentResource):
    """A task on ECS with Fargate that EventBridge Scheduler starts: at times, or once.

    Creates a task definition with its roles, log group and security group, the schedule in a group
    of its own (the only source that Scheduler names when it assumes a role), a role that may start
    exactly this job, and a dead-letter queue for starts that AWS gave up. The schedule starts a
    state machine, and that the task (SupervisedTask), or, where delivery is direct, the task.

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
        self.undelivered = self._start(schedule).undelivered
        self.register_outputs({"taskDefinition": self.definition.arn})

    def _start(self, schedule: ScheduleSettings) -> ScheduleStart:
        machine = self.supervised
        return ScheduleStart(
            self.name,
            schedule,
            self._settings.delivery,
            environment=self._environment,
            arn=machine.arn if machine else self._task.cluster_arn,
            statements=machine.start_statements() if machine else self._task.run_statements(),
            prerequisites=self._task.prerequisites,
            parent=self,
            ecs_parameters=None if machine else _parameters(self._task),
            input="{}" if machine else None,
        )


def _parameters(task: JobTask) -> EcsParameters:
    return EcsParameters(
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
