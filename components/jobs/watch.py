"""What watches one job: a rule for its failed tasks, and alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

import pulumi
import pulumi_aws as aws

from components.batch.failed_jobs import FAILED_PATHS, failed_jobs_pattern
from components.batch.submitter import BatchSubmitter
from components.ecs.cluster import EcsCluster
from components.iam import Statement, create_role, service_trust
from components.jobs.failed_tasks import MESSAGE_PATHS, failure_pattern, message_template
from components.jobs.function import JobFunction
from components.jobs.supervised_task import SupervisedTask

PERIOD: Final = 300
"""Seconds that an alarm looks at once."""


class Job(Protocol):
    """A job, whatever starts it."""

    @property
    def name(self) -> str:
        """Its name, and that of its own container."""

    @property
    def definition(self) -> aws.ecs.TaskDefinition | aws.batch.JobDefinition:
        """What its tasks are made of."""

    @property
    def undelivered(self) -> aws.sqs.Queue | None:
        """The dead-letter queue for what was given up, starts or messages, if there are such."""

    @property
    def supervised(self) -> SupervisedTask | None:
        """The state machine that runs its tasks, if one does."""


@runtime_checkable
class StartedByFunction(Protocol):
    """A job that a function of AWS Lambda starts."""

    starter: JobFunction
    """The function."""


@runtime_checkable
class Submitted(Protocol):
    """A job that a state machine may submit to a queue of AWS Batch."""

    submitter: BatchSubmitter | None
    """The state machine, if one does."""


@runtime_checkable
class WorksOnQueue(Protocol):
    """A job whose tasks take messages from a queue themselves."""

    queue_name: pulumi.Output[str]
    """The queue's name."""
    late_after: int
    """Age in seconds at which a message tells that they don't keep up."""


@dataclass(frozen=True)
class FailureTopic:
    """Where failures are told.

    Attributes:
        arn: the topic's, known in the first preview.
        publish: what a role needs to publish there.
    """

    arn: pulumi.Input[str]
    publish: Sequence[Statement]


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch, and how an alarm sums it up over a period."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Sum"


class JobWatch:
    """A rule that tells of a job's failed tasks, an alarm for them, and one for what was given up.

    It is no component of its own: its resources are children of JobFailures.

    EventBridge publishes with a role of its own rather than by the topic's policy: its guide says
    that a topic's policy can't have conditions for it, so that it would admit rules of anybody
    ("Using resource-based policies for Amazon EventBridge"). The role's trust names the one rule.

    Attributes:
        alarm_arns: ARNs of its alarms, known in the first preview.
    """

    alarm_arns: Sequence[pulumi.Output[str]]

    def __init__(
        self, job: Job, *, cluster: EcsCluster, topic: FailureTopic, parent: pulumi.Resource
    ) -> None:
        self._job = job
        self._name = job.name
        self._environment = cluster.network.environment
        self._topic = topic
        self._parent = parent
        self._child = pulumi.ResourceOptions(parent=parent)
        rule = self._create_rule(cluster)
        self._create_message(rule)
        alarms = [
            self._create_failed_alarm(rule),
            *self._create_undelivered_alarm(),
            *self._create_late_alarm(),
            *self._create_function_alarm(),
            *self._create_submitter_alarm(),
        ]
        self.alarm_arns = [
            self._environment.arn("cloudwatch", pulumi.Output.concat("alarm:", alarm.name))
            for alarm in alarms
        ]

    def _create_rule(self, cluster: EcsCluster) -> aws.cloudwatch.EventRule:
        environment = self._environment
        pattern = self._pattern(cluster)
        return aws.cloudwatch.EventRule(
            f"{self._name}-failed",
            name=environment.regional_name(self._name, "failed", limit=64),
            description=f"Tasks of job {self._name} that failed",
            event_bus_name="default",
            event_pattern=pulumi.Output.json_dumps(pattern, sort_keys=True),
            state="ENABLED",
            opts=self._child,
        )

    def _pattern(self, cluster: EcsCluster) -> Mapping[str, Any]:
        """Return which events tell of a failure: ECS's of a task, or Batch's of a job."""
        environment, definition = self._environment, self._job.definition
        if isinstance(definition, aws.batch.JobDefinition):
            name = pulumi.Output.concat("job-definition/", definition.name)
            return failed_jobs_pattern(environment.arn("batch", name))
        return failure_pattern(
            self._name,
            cluster_arn=environment.arn(
                "ecs", pulumi.Output.concat("cluster/", cluster.cluster.name)
            ),
            revisions=environment.arn(
                "ecs", pulumi.Output.concat("task-definition/", definition.family, ":")
            ),
        )

    def _create_message(self, rule: aws.cloudwatch.EventRule) -> None:
        environment = self._environment
        in_batch = isinstance(self._job.definition, aws.batch.JobDefinition)
        paths = FAILED_PATHS if in_batch else MESSAGE_PATHS
        role, policies = create_role(
            f"{self._name}-failures",
            fixed_name=environment.global_name(self._name, "failures"),
            trust=service_trust(
                environment,
                "events.amazonaws.com",
                environment.arn("events", pulumi.Output.concat("rule/", rule.name)),
            ),
            environment=environment,
            parent=self._parent,
            statements=self._topic.publish,
        )
        aws.cloudwatch.EventTarget(
            f"{self._name}-failed-message",
            rule=rule.name,
            event_bus_name="default",
            target_id="topic",
            arn=self._topic.arn,
            role_arn=environment.role_arn(role),
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths=paths, input_template=message_template(self._name, paths)
            ),
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=policies),
        )

    def _create_failed_alarm(self, rule: aws.cloudwatch.EventRule) -> aws.cloudwatch.MetricAlarm:
        """Create the alarm on failed tasks, or on executions where a state machine runs them.

        Of a rule on the default bus EventBridge publishes TriggeredRules by its name alone, and
        only when it is triggered: nothing is well. An execution has failed when no retry is left,
        and also when no task could be started, of which ECS sends no event.
        """
        return self._alarm(
            "failed", f"A task of job {self._name} failed", _failures(self._job, rule)
        )

    def _create_undelivered_alarm(self) -> Sequence[aws.cloudwatch.MetricAlarm]:
        """Create the alarm on starts that AWS gave up, or on messages that workers did.

        SQS publishes nothing of a queue that is idle for six hours, while what is in it stays for
        14 days: without data the alarm keeps its state, until somebody looks into the queue.
        """
        queue = self._job.undelivered
        if queue is None:
            return []
        description = pulumi.Output.concat(
            f"What job {self._name} was to do was given up after the last try: it is in the queue ",
            queue.name,
        )
        metric = Metric(
            "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue.name}, "Maximum"
        )
        return [self._alarm("undelivered", description, metric, without_data="ignore")]

    def _create_late_alarm(self) -> Sequence[aws.cloudwatch.MetricAlarm]:
        """Create the alarm on messages that wait too long, whatever keeps the workers from them.

        Tasks that can't start, for want of room or of an image, fail no task and give up no
        message. One of a standard queue that was received three times or more doesn't count, so
        that one which always fails doesn't ring here (SQS developer guide, "Available CloudWatch
        metrics for Amazon SQS").
        """
        job = self._job
        if not isinstance(job, WorksOnQueue):
            return []
        metric = Metric(
            "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": job.queue_name}, "Maximum"
        )
        description = pulumi.Output.concat(
            f"The workers of job {self._name} don't keep up: a message of the queue ",
            job.queue_name,
            f" is older than {job.late_after} seconds",
        )
        return [self._alarm("late", description, metric, above=job.late_after)]

    def _create_function_alarm(self) -> Sequence[aws.cloudwatch.MetricAlarm]:
        """Create the alarm on calls of a function that ended in an error of its own.

        A message that can't start the job is no error of the function's: it goes back to its queue,
        and in the end to the dead-letter queue, of which the other alarm tells.
        """
        if not isinstance(self._job, StartedByFunction):
            return []
        function = self._job.starter.function
        metric = Metric("AWS/Lambda", "Errors", {"FunctionName": function.name})
        return [
            self._alarm("function", f"The function that starts job {self._name} failed", metric)
        ]

    def _create_submitter_alarm(self) -> Sequence[aws.cloudwatch.MetricAlarm]:
        """Create the alarm on executions that couldn't submit the job, and so on lost events."""
        machine = self._job.submitter if isinstance(self._job, Submitted) else None
        if machine is None:
            return []
        metric = Metric("AWS/States", "ExecutionsFailed", {"StateMachineArn": machine.arn})
        description = f"Job {self._name} could not be submitted to its queue"
        return [self._alarm("not-submitted", description, metric)]

    def _alarm(
        self,
        suffix: str,
        description: pulumi.Input[str],
        metric: Metric,
        *,
        above: int = 0,
        without_data: str = "notBreaching",
    ) -> aws.cloudwatch.MetricAlarm:
        """Create an alarm that rings as soon as a metric is above a number."""
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{suffix}-alarm",
            name=self._environment.regional_name(self._name, suffix, limit=255),
            alarm_description=description,
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            statistic=metric.statistic,
            period=PERIOD,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=above,
            treat_missing_data=without_data,
            alarm_actions=[self._topic.arn],
            opts=self._child,
        )


def _failures(job: Job, rule: aws.cloudwatch.EventRule) -> Metric:
    """Return the metric that counts a job's failures."""
    if job.supervised:
        return Metric("AWS/States", "ExecutionsFailed", {"StateMachineArn": job.supervised.arn})
    return Metric("AWS/Events", "TriggeredRules", {"RuleName": rule.name})
