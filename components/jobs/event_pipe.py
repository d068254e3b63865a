"""Events gathered into batches: from a rule over a queue and a pipe to a job's state machine."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, allow, create_role, document, service_trust, tls_only
from components.jobs.dead_letters import RETENTION
from components.jobs.supervised_task import SupervisedTask
from components.settings import JobSettings
from components.settings.event import EventBatchSettings

PIPES: Final = "pipes.amazonaws.com"
ATTEMPT: Final = 60
"""Seconds that a pipe is taken to need to start an execution, which is one call of an API."""
ATTEMPTS: Final = 10
"""How often a pipe gets a message before it goes to the dead-letter queue. The guide wants 5 at
least, since a pipe that is throttled gets it in vain too."""

Source = aws.pipes.PipeSourceParametersArgs
Queue = aws.pipes.PipeSourceParametersSqsQueueParametersArgs
Target = aws.pipes.PipeTargetParametersArgs
StateMachine = aws.pipes.PipeTargetParametersStepFunctionStateMachineParametersArgs
Logs = aws.pipes.PipeLogConfigurationArgs
LogDestination = aws.pipes.PipeLogConfigurationCloudwatchLogsLogDestinationArgs


class EventPipe:
    """A queue that one rule may send to, and a pipe that starts executions with what is in it.

    It is no component of its own: its resources are children of the job that events start. The
    queue is encrypted by SQS and is reached over TLS only. The pipe's role may read this queue and
    start this state machine. Its failures are logged, without what the events hold.

    The pipe deletes messages as soon as an execution has started: from then on the state machine
    answers for them. What can't be started is tried again when it is visible, ten times in all, and
    then is in the job's dead-letter queue.

    Cost (us-east-1): 0.40 USD per million requests of the pipe, at most one for an event of up to
    64 KB, and 0.40 USD per million of the queue after the first million of a month. A pipe asks its
    queue all the time, some times a minute even where nothing comes.

    Args:
        name: the job's name.
        settings: the job's; it says how long its logs are kept.
        batch: how many events the pipe waits for, and how long.
        rule_arn: ARN of the rule that sends, known in the first preview.
        machine: what the pipe starts.
        undelivered: the job's dead-letter queue, which takes messages of the queue too.
        environment: where it is.
        parent: the job's component.

    Attributes:
        queue_arn: ARN of the queue, known in the first preview.
    """

    queue_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        batch: EventBatchSettings,
        *,
        rule_arn: pulumi.Output[str],
        machine: SupervisedTask,
        undelivered: aws.sqs.Queue,
        environment: Environment,
        parent: pulumi.Resource,
    ) -> None:
        self._name = name
        self._machine = machine
        self._environment = environment
        self._parent = parent
        self._child = pulumi.ResourceOptions(parent=parent)
        self._fixed_name = environment.regional_name(name, limit=64)
        self.queue = self._create_queue(batch, undelivered)
        self.queue_arn = environment.arn("sqs", self.queue.name)
        self.policy = self._admit(rule_arn)
        self._redrive(undelivered)
        log_group = self._create_log_group(settings.log_retention_days)
        log_group_arn = environment.arn("logs", pulumi.Output.concat("log-group:", log_group.name))
        role, policies = self._create_role(log_group_arn)
        self._create_pipe(batch, log_group_arn, role, policies)

    def _create_queue(self, batch: EventBatchSettings, undelivered: aws.sqs.Queue) -> aws.sqs.Queue:
        """Create the queue that hides a message for as long as a pipe may work on its batch.

        Six times the time of an attempt, and the window in which a batch fills (Pipes user guide,
        "Amazon Simple Queue Service as a source").
        """
        return aws.sqs.Queue(
            f"{self._name}-events",
            name=self._environment.regional_name(self._name, "events", limit=80),
            message_retention_seconds=RETENTION,
            visibility_timeout_seconds=6 * ATTEMPT + batch.window,
            sqs_managed_sse_enabled=True,
            redrive_policy=pulumi.Output.json_dumps(
                {
                    "deadLetterTargetArn": self._environment.arn("sqs", undelivered.name),
                    "maxReceiveCount": ATTEMPTS,
                },
                sort_keys=True,
            ),
            opts=self._child,
        )

    def _admit(self, rule_arn: pulumi.Output[str]) -> aws.sqs.QueuePolicy:
        """Let the job's rule send, and no other."""
        admitted: Statement = {
            "Sid": "Events",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self.queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
        }
        return aws.sqs.QueuePolicy(
            f"{self._name}-events-policy",
            queue_url=self.queue.url,
            policy=document([tls_only(["sqs:*"], self.queue_arn), admitted]),
            opts=self._child,
        )

    def _redrive(self, undelivered: aws.sqs.Queue) -> None:
        """Let this queue alone put messages into the job's dead-letter queue."""
        aws.sqs.RedriveAllowPolicy(
            f"{self._name}-redrive-allow",
            queue_url=undelivered.url,
            redrive_allow_policy=pulumi.Output.json_dumps(
                {"redrivePermission": "byQueue", "sourceQueueArns": [self.queue_arn]},
                sort_keys=True,
            ),
            opts=self._child,
        )

    def _create_log_group(self, retention_days: int) -> aws.cloudwatch.LogGroup:
        """Create it where AWS's services log: they admit log delivery there by one policy."""
        return aws.cloudwatch.LogGroup(
            f"{self._name}-pipe-logs",
            name=f"/aws/vendedlogs/pipes/{self._environment.prefix}/{self._name}",
            retention_in_days=retention_days,
            opts=self._child,
        )

    def _create_role(
        self, log_group_arn: pulumi.Output[str]
    ) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        """Create what the pipe has, and no other pipe; the role has to be there before it."""
        environment = self._environment
        return create_role(
            f"{self._name}-pipe",
            fixed_name=environment.global_name(self._name, "pipe"),
            trust=service_trust(
                environment, PIPES, environment.arn("pipes", f"pipe/{self._fixed_name}")
            ),
            environment=environment,
            parent=self._parent,
            statements=[
                *self._machine.start_statements(),
                allow(
                    ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
                    [self.queue_arn],
                ),
                allow(
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    [pulumi.Output.concat(log_group_arn, ":*")],
                ),
            ],
        )

    def _create_pipe(
        self,
        batch: EventBatchSettings,
        log_group_arn: pulumi.Output[str],
        role: aws.iam.Role,
        policies: Sequence[aws.iam.RolePolicy],
    ) -> None:
        """Hand over the messages as they are: a template would be filled in without escaping.

        Who waits for a standard state machine is not supported: the pipe fires and forgets.
        """
        aws.pipes.Pipe(
            f"{self._name}-pipe",
            name=self._fixed_name,
            description=f"Starts job {self._name} with batches of events",
            desired_state="RUNNING",
            role_arn=self._environment.role_arn(role),
            source=self.queue_arn,
            source_parameters=Source(
                sqs_queue_parameters=Queue(
                    batch_size=batch.size, maximum_batching_window_in_seconds=batch.window
                )
            ),
            target=self._machine.arn,
            target_parameters=Target(
                step_function_state_machine_parameters=StateMachine(
                    invocation_type="FIRE_AND_FORGET"
                )
            ),
            log_configuration=Logs(
                level="ERROR",
                cloudwatch_logs_log_destination=LogDestination(log_group_arn=log_group_arn),
            ),
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=policies),
        )
