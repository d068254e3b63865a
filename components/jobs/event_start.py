"""What starts something for events: a rule of EventBridge."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.grants import Grantable, GrantableBucket, GrantableEventBus
from components.iam import Statement, create_role, service_trust
from components.jobs.dead_letters import dead_letter_queue
from components.settings import EventSettings, ObjectsSettings
from components.settings.event_pattern import as_json
from components.settings.job import DeliverySettings

EVENTBRIDGE = "events.amazonaws.com"
DEFAULT_BUS = "default"
"""The event bus that each account has: events of AWS's services are there, S3's too."""

EcsTarget = aws.cloudwatch.EventTargetEcsTargetArgs
BatchTarget = aws.cloudwatch.EventTargetBatchTargetArgs


class EventStart:
    """A rule with one target, and a dead-letter queue for what its target doesn't take.

    It is no component of its own: its resources are children of the job that it starts. The target
    is what `start` or `send` names, once.

    Args:
        name: the job's name.
        trigger: which events.
        delivery: how hard EventBridge tries.
        environment: where it is.
        grantables: event buses and buckets that the trigger may name.
        prerequisites: what has to be there when it starts.
        parent: the job.
        of_queue: whether a queue of the job's gives messages up to the dead-letter queue too.

    Attributes:
        rule_arn: the rule's ARN, known in the first preview; the default bus isn't in it.
        undelivered: the dead-letter queue for events that EventBridge gave up.

    Raises:
        pulumi.RunError: the event bus is in another account or region, where this stack can't make
            rules.
    """

    def __init__(
        self,
        name: str,
        trigger: EventSettings | ObjectsSettings,
        delivery: DeliverySettings,
        *,
        environment: Environment,
        grantables: Mapping[str, Grantable],
        prerequisites: pulumi.Output[Sequence[pulumi.Resource]],
        parent: pulumi.Resource,
        of_queue: bool = False,
    ) -> None:
        self._name = name
        self._delivery = delivery
        self._environment = environment
        self._prerequisites = prerequisites
        self._parent = parent
        self._bus = self._find_bus(trigger, grantables)
        self._rule = self._create_rule(trigger, grantables)
        self.rule_arn = self._find_rule_arn()
        self.undelivered = self._create_queue(of_queue=of_queue)

    def start(
        self,
        arn: pulumi.Input[str],
        statements: Sequence[Statement],
        *,
        ecs_target: EcsTarget | None = None,
        batch_target: BatchTarget | None = None,
    ) -> None:
        """Start something for each event, with a role that this rule alone has.

        Args:
            arn: what; a state machine gets the event as it is.
            statements: what starting it takes.
            ecs_target: how, where it is a cluster.
            batch_target: which job, where it is a queue of Batch.
        """
        role, policies = create_role(
            f"{self._name}-events",
            fixed_name=self._environment.global_name(self._name, "events"),
            trust=service_trust(self._environment, EVENTBRIDGE, self.rule_arn),
            environment=self._environment,
            parent=self._parent,
            statements=statements,
        )
        self._create_target(
            arn=arn,
            role_arn=self._environment.role_arn(role),
            ecs_target=ecs_target,
            batch_target=batch_target,
            after=policies,
        )

    def send(self, queue_arn: pulumi.Input[str], policy: pulumi.Resource) -> None:
        """Send each event to a queue, whose policy admits the rule: it needs no role then."""
        self._create_target(arn=queue_arn, after=[policy])

    def _create_target(
        self,
        *,
        arn: pulumi.Input[str],
        after: Sequence[pulumi.Resource],
        role_arn: pulumi.Input[str] | None = None,
        ecs_target: EcsTarget | None = None,
        batch_target: BatchTarget | None = None,
    ) -> None:
        aws.cloudwatch.EventTarget(
            f"{self._name}-target",
            rule=self._rule.name,
            event_bus_name=self._bus,
            target_id="job",
            arn=arn,
            role_arn=role_arn,
            ecs_target=ecs_target,
            batch_target=batch_target,
            retry_policy=aws.cloudwatch.EventTargetRetryPolicyArgs(
                maximum_event_age_in_seconds=self._delivery.max_age,
                maximum_retry_attempts=self._delivery.attempts,
            ),
            dead_letter_config=aws.cloudwatch.EventTargetDeadLetterConfigArgs(
                arn=self._environment.arn("sqs", self.undelivered.name)
            ),
            opts=pulumi.ResourceOptions(
                parent=self._parent,
                depends_on=self._prerequisites.apply(lambda needed: [*needed, *after]),
            ),
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
                f"jobs.{self._name}.event.bus: {bus.arn} isn't in {here}, and rules are made where "
                "their event bus is: let a rule there forward the events to a bus here, and name "
                "that one"
            )
        return pulumi.Output.from_input(bus.arn).apply(lambda arn: arn.partition("event-bus/")[2])

    def _create_rule(
        self, trigger: EventSettings | ObjectsSettings, grantables: Mapping[str, Grantable]
    ) -> aws.cloudwatch.EventRule:
        return aws.cloudwatch.EventRule(
            f"{self._name}-rule",
            name=self._environment.regional_name(self._name, limit=64),
            event_bus_name=self._bus,
            description=f"Starts job {self._name}",
            event_pattern=_pattern(trigger, grantables),
            state="ENABLED",
            opts=pulumi.ResourceOptions(parent=self._parent),
        )

    def _find_rule_arn(self) -> pulumi.Output[str]:
        name = pulumi.Output.all(self._bus, self._rule.name).apply(
            lambda known: known[1] if known[0] == DEFAULT_BUS else "/".join(known)
        )
        return self._environment.arn("events", pulumi.Output.concat("rule/", name))

    def _create_queue(self, *, of_queue: bool) -> aws.sqs.Queue:
        """Create the queue for events that EventBridge gave up, which no other rule can fill."""
        name = f"{self._name}-undelivered"
        fixed_name = self._environment.regional_name(name, limit=80)
        admitted: Statement = {
            "Sid": "Undelivered",
            "Effect": "Allow",
            "Principal": {"Service": EVENTBRIDGE},
            "Action": "sqs:SendMessage",
            "Resource": self._environment.arn("sqs", fixed_name),
            "Condition": {"ArnEquals": {"aws:SourceArn": self.rule_arn}},
        }
        return dead_letter_queue(
            name,
            environment=self._environment,
            parent=self._parent,
            statements=(admitted,),
            of_queue=of_queue,
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
