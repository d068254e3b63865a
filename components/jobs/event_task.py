"""A job that starts when something has happened: an event, or a new object."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import parts
from components.ecs.cluster import EcsCluster
from components.grants import Grantable
from components.jobs.event_pipe import EventPipe
from components.jobs.event_start import EcsTarget, EventStart
from components.jobs.supervised_task import SupervisedTask
from components.jobs.task import JobTask
from components.settings import EventSettings, JobSettings, ObjectsSettings
from components.storage.file_system import FileSystem

Network = aws.cloudwatch.EventTargetEcsTargetNetworkConfigurationArgs
Provider = aws.cloudwatch.EventTargetEcsTargetCapacityProviderStrategyArgs


class EventTask(pulumi.ComponentResource):
    """A task on ECS with Fargate that EventBridge starts for each event of a pattern.

    Creates a task definition with its roles, log group and security group, a rule with the job as
    its only target, a role that this rule alone has and that may start exactly this job, and a
    dead-letter queue for events for which AWS gave up. The rule starts a state machine with the
    whole event as its input, and that the task (SupervisedTask), or, where delivery is direct, the
    task. For batches the rule sends to a queue, from which a pipe starts the state machine with
    many events (EventPipe).

    Cost (us-east-1): the task while it runs, a minute at least: 0.0004 USD a minute for the
    smallest. Rules are free, events cost at most 1.00 USD a million.

    Raises:
        pulumi.RunError: the event bus is in another account or region, where this stack can't make
            rules.
    """

    name: str
    definition: aws.ecs.TaskDefinition
    undelivered: aws.sqs.Queue
    """The dead-letter queue for events that EventBridge gave up."""
    supervised: SupervisedTask | None
    """The state machine that runs the task; None if EventBridge starts it directly."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        trigger: EventSettings | ObjectsSettings,
        *,
        cluster: EcsCluster,
        grantables: Mapping[str, Grantable] | None = None,
        file_systems: Mapping[str, FileSystem] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:jobs:EventTask", name, None, opts)
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
        self.supervised = self._supervise()
        self.undelivered = self._start(trigger, grantables or {}).undelivered
        self.register_outputs({"taskDefinition": self.definition.arn})

    def _supervise(self) -> SupervisedTask | None:
        settings = self._settings
        if not settings.supervised:
            return None
        return SupervisedTask(
            self.name, settings, self._task, variables=settings.variables, parent=self
        )

    def _start(
        self, trigger: EventSettings | ObjectsSettings, grantables: Mapping[str, Grantable]
    ) -> EventStart:
        machine, task = self.supervised, self._task
        rule = EventStart(
            self.name,
            trigger,
            self._settings.delivery,
            environment=self._environment,
            grantables=grantables,
            prerequisites=task.prerequisites,
            parent=self,
            of_queue=trigger.batch is not None,
        )
        if machine is None:
            rule.start(task.cluster_arn, task.run_statements(), ecs_target=_parameters(task))
        elif trigger.batch is None:
            rule.start(machine.arn, machine.start_statements())
        else:
            pipe = EventPipe(
                self.name,
                self._settings,
                trigger.batch,
                rule_arn=rule.rule_arn,
                machine=machine,
                undelivered=rule.undelivered,
                environment=self._environment,
                parent=self,
            )
            rule.send(pipe.queue_arn, pipe.policy)
        return rule


def _parameters(task: JobTask) -> EcsTarget:
    return EcsTarget(
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
