"""A job that starts when something has happened: an event, or a new object."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import parts
from components.ecs.cluster import EcsCluster
from components.grants import Grantable, GrantableBucket, GrantableEventBus
from components.iam import Statement, create_role, service_trust
from components.jobs.dead_letters import dead_letter_queue
from components.jobs.event_pipe import EventPipe
from components.jobs.supervised_task import SupervisedTask
from components.jobs.task import JobTask
from components.settings import EventSettings, JobSettings, ObjectsSettings
from components.settings.event import EventBatchSettings
from components.settings.event_pattern import as_json
from components.storage.file_system import FileSystem

EVENTBRIDGE = "events.amazonaws.com"
DEFAULT_BUS = "default"
"""The event bus that each account has: events of AWS's services are there, S3's too."""

Target = aws.cloudwatch.EventTargetEcsTargetArgs
Network = aws.cloudwatch.EventTargetEcsTargetNetworkConfigurationArgs
Provider = aws.cloudwatch.EventTargetEcsTargetCapacityProviderStrategyArgs


class EventTask(pulumi.ComponentResource):
    """A task on ECS with Fargate that EventBridge starts for each event of a pattern.

    Creates a task definition with its roles, log group and security group, a rule with the task as
    its only target, a role that this rule alone has and that may start exactly this task, and a
    dead-letter queue for events for which AWS gave up. With variables of the event, a timeout,
    retries or a limit of concurrency the rule starts a state machine with the whole event as its
    input, and that the task (SupervisedTask). For batches the rule sends to a queue, from which a
    pipe starts the state machine with many events (EventPipe).

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
        self._bus = self._find_bus(trigger, grantables or {})
        self._rule = self._create_rule(trigger, grantables or {})
        self.undelivered = self._create_queue()
        if trigger.batch and self.supervised:
            self._send_to_pipe(trigger.batch, self.supervised)
        else:
            self._start_job()
        self.register_outputs({"taskDefinition": self.definition.arn})

    def _supervise(self) -> SupervisedTask | None:
        settings = self._settings
        if not settings.supervised:
            return None
        return SupervisedTask(
            self.name, settings, self._task, variables=settings.variables, parent=self
        )

    def _find_bus(
        self, trigger: EventSettings | ObjectsSettings, grantables: Mapping[str, Grantable]
    ) -> pulumi.Output[str]:
        """Return the name of the event bus that gets the events."""
        name = trigger.bus if isinstance(trigger, EventSettings) else None
        bus = grantables[name] if name else None
        if not isinstance(bus, GrantableEventBus):
            return pulumi.Output.from_input(DEFAULT_BUS)
        here = f"{self._environment.region}:{self._environment.account}"
        if isinstance(bus.arn, str) and f":{here}:" not in bus.arn:
            raise pulumi.RunError(
                f"jobs.{self.name}.event.bus: {bus.arn} isn't in {here}, and rules are made where "
                "their event bus is: let a rule there forward the events to a bus here, and name "
                "that one"
            )
        return pulumi.Output.from_input(bus.arn).apply(lambda arn: arn.partition("event-bus/")[2])

    def _create_rule(
        self, trigger: EventSettings | ObjectsSettings, grantables: Mapping[str, Grantable]
    ) -> aws.cloudwatch.EventRule:
        return aws.cloudwatch.EventRule(
            f"{self.name}-rule",
            name=self._environment.regional_name(self.name, limit=64),
            event_bus_name=self._bus,
            description=f"Starts job {self.name}",
            event_pattern=_pattern(trigger, grantables),
            state="ENABLED",
            opts=pulumi.ResourceOptions(parent=self),
        )

    @property
    def _rule_arn(self) -> pulumi.Output[str]:
        """The rule's ARN, known in the first preview; the default bus isn't in it."""
        name = pulumi.Output.all(self._bus, self._rule.name).apply(
            lambda known: known[1] if known[0] == DEFAULT_BUS else "/".join(known)
        )
        return self._environment.arn("events", pulumi.Output.concat("rule/", name))

    def _create_queue(self) -> aws.sqs.Queue:
        """Create the queue for events that EventBridge gave up, which no other rule can fill."""
        name = f"{self.name}-undelivered"
        fixed_name = self._environment.regional_name(name, limit=80)
        admitted: Statement = {
            "Sid": "Undelivered",
            "Effect": "Allow",
            "Principal": {"Service": EVENTBRIDGE},
            "Action": "sqs:SendMessage",
            "Resource": self._environment.arn("sqs", fixed_name),
            "Condition": {"ArnEquals": {"aws:SourceArn": self._rule_arn}},
        }
        return dead_letter_queue(
            name,
            environment=self._environment,
            parent=self,
            statements=(admitted,),
            of_queue=self._settings.batch is not None,
        )

    def _send_to_pipe(self, batch: EventBatchSettings, machine: SupervisedTask) -> None:
        pipe = EventPipe(
            self.name,
            self._settings,
            batch,
            rule_arn=self._rule_arn,
            machine=machine,
            undelivered=self.undelivered,
            environment=self._environment,
            parent=self,
        )
        # The queue's policy admits the rule, so it needs no role.
        self._create_target(arn=pipe.queue_arn, after=[pipe.policy])

    def _start_job(self) -> None:
        """Start the job; without an input of its own, a state machine gets the event as it is."""
        role, policies = self._create_role()
        self._create_target(
            arn=self.supervised.arn if self.supervised else self._task.cluster_arn,
            role_arn=self._environment.role_arn(role),
            ecs_target=None if self.supervised else _parameters(self._task),
            after=policies,
        )

    def _create_role(self) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        """Create what EventBridge has while it starts the job; other rules haven't."""
        return create_role(
            f"{self.name}-events",
            fixed_name=self._environment.global_name(self.name, "events"),
            trust=service_trust(self._environment, EVENTBRIDGE, self._rule_arn),
            environment=self._environment,
            parent=self,
            statements=self.supervised.start_statements()
            if self.supervised
            else self._task.run_statements(),
        )

    def _create_target(
        self,
        *,
        arn: pulumi.Output[str],
        after: Sequence[pulumi.Resource],
        role_arn: pulumi.Output[str] | None = None,
        ecs_target: Target | None = None,
    ) -> None:
        delivery = self._settings.delivery
        aws.cloudwatch.EventTarget(
            f"{self.name}-target",
            rule=self._rule.name,
            event_bus_name=self._bus,
            target_id="job",
            arn=arn,
            role_arn=role_arn,
            ecs_target=ecs_target,
            retry_policy=aws.cloudwatch.EventTargetRetryPolicyArgs(
                maximum_event_age_in_seconds=delivery.max_age,
                maximum_retry_attempts=delivery.attempts,
            ),
            dead_letter_config=aws.cloudwatch.EventTargetDeadLetterConfigArgs(
                arn=self._environment.arn("sqs", self.undelivered.name)
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._task.prerequisites.apply(lambda needed: [*needed, *after]),
            ),
        )


def _pattern(
    trigger: EventSettings | ObjectsSettings, grantables: Mapping[str, Grantable]
) -> pulumi.Input[str]:
    """Return the event pattern; the name of a bucket that this stack creates is in it."""
    if isinstance(trigger, EventSettings):
        return trigger.pattern_json
    bucket = cast("GrantableBucket", grantables[trigger.bucket])
    return pulumi.Output.from_input(bucket.name).apply(
        lambda name: as_json(trigger.pattern_of(name))
    )


def _parameters(task: JobTask) -> Target:
    return Target(
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
