"""A job that a function of AWS Lambda starts: for a queue's messages, or for requests."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.ecs.cluster import EcsCluster
from components.grants import Grantable, GrantableJob, GrantableQueue
from components.iam import Statement
from components.jobs.function import JobFunction, job_function, run_task_request
from components.jobs.supervised_task import SupervisedTask
from components.jobs.task import JobTask
from components.settings import JobSettings, LambdaSettings
from components.settings.lambda_trigger import FUNCTION_TIMEOUT
from components.storage.file_system import FileSystem

BATCH: Final = 10
"""Messages that the function gets at once, at most."""


class LambdaTask(pulumi.ComponentResource):
    """A task on ECS with Fargate that a small function starts.

    Creates a task definition with its roles, log group and security group, and a function with a
    log group and a role that may start exactly this task and receive from exactly its queue. With
    a queue there is an event source mapping, by which Lambda hands its messages over; those for
    which no task could start go back to the queue, and the others don't. With a timeout, retries or
    a limit of concurrency the function starts a state machine, and that the task (SupervisedTask).

    Nobody can call the function who isn't granted it: it has no URL.

    Cost (us-east-1): the task while it runs, a minute at least: 0.0004 USD a minute for the
    smallest. A million calls of the function cost 0.20 USD, and a second of it 0.0000033 USD.

    Raises:
        pulumi.RunError: the queue isn't in the stack's region.
    """

    name: str
    definition: aws.ecs.TaskDefinition
    undelivered: aws.sqs.Queue | None
    """The dead-letter queue of the queue, if this stack creates it."""
    supervised: SupervisedTask | None
    """The state machine that runs the task; None if the function starts it directly."""
    starter: JobFunction
    """The function that starts it."""
    grantable: GrantableJob
    """The job, as services are granted to start it."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        trigger: LambdaSettings,
        *,
        cluster: EcsCluster,
        undelivered: aws.sqs.Queue | None = None,
        grantables: Mapping[str, Grantable] | None = None,
        file_systems: Mapping[str, FileSystem] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:jobs:LambdaTask", name, None, opts)
        self.name = name
        self.undelivered = undelivered
        self._settings = settings
        self._trigger = trigger
        self._environment = cluster.network.environment
        queue = self._find_queue(grantables or {})
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
        self.starter = self._create_function(queue)
        self.grantable = GrantableJob(self.starter.arn, self.starter.function.name)
        if queue is not None:
            self._receive_from(queue)
        self.register_outputs({"taskDefinition": self.definition.arn})

    def _find_queue(self, grantables: Mapping[str, Grantable]) -> GrantableQueue | None:
        """Return the queue whose messages start the job, if there is one.

        Raises:
            pulumi.RunError: it isn't a queue, or not in this region.
        """
        name = self._trigger.queue
        if name is None:
            return None
        key = f"jobs.{self.name}.lambda.queue"
        found = grantables.get(name)
        if not isinstance(found, GrantableQueue):
            raise pulumi.RunError(f"{key}: no queue named {name} is given")
        if isinstance(found.arn, str) and found.arn.split(":")[3] != self._environment.region:
            raise pulumi.RunError(
                f"{key}: {name} is in {found.arn.split(':')[3]}, and a function gets the messages "
                f"of queues in its own region, {self._environment.region}, alone: use a queue "
                "there that is subscribed to the other side's topic"
            )
        return found

    @property
    def _defaults(self) -> Mapping[str, str]:
        """Variables that the filter may set, with what they hold otherwise."""
        return self._settings.environment if self._trigger.filter else {}

    def _supervise(self) -> SupervisedTask | None:
        if not self._settings.supervised:
            return None
        # The function's input for the state machine has the value of each variable by its name.
        names = {*self._trigger.environment, *self._defaults}
        return SupervisedTask(
            self.name,
            self._settings,
            self._task,
            variables={name: f"$.{name}" for name in names},
            parent=self,
        )

    def _create_function(self, queue: GrantableQueue | None) -> JobFunction:
        return job_function(
            self.name,
            "start",
            handler="start_task.handle",
            files=self._files(),
            variables={"STATE_MACHINE": self.supervised.arn}
            if self.supervised
            else {"RUN_TASK": run_task_request(self._task)},
            statements=[
                *self._start_statements(),
                *(queue.statements(["receive"]) if queue else []),
            ],
            timeout=FUNCTION_TIMEOUT,
            logs_days=self._settings.log_retention_days,
            environment=self._environment,
            prerequisites=self._task.prerequisites,
            parent=self,
            has_queue=queue is not None,
        )

    def _files(self) -> Mapping[str, str]:
        """Return what of the job the function has to know, and the team's own filter."""
        file = self._trigger.filter_file
        job: dict[str, Any] = {
            "container": self.name,
            "defaults": dict(self._defaults),
            "fields": dict(self._trigger.environment),
            "filter": file is not None,
        }
        text = json.dumps(job, sort_keys=True)
        return {"job.json": text, **({"decide.py": file.read_text("utf-8")} if file else {})}

    def _start_statements(self) -> Sequence[Statement]:
        if self.supervised:
            return self.supervised.start_statements()
        return self._task.run_statements()

    def _receive_from(self, queue: GrantableQueue) -> None:
        aws.lambda_.EventSourceMapping(
            f"{self.name}-messages",
            function_name=self.starter.function.name,
            event_source_arn=queue.arn,
            enabled=True,
            batch_size=BATCH,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=aws.lambda_.EventSourceMappingScalingConfigArgs(
                maximum_concurrency=self._trigger.max_concurrency
            ),
            # Lambda checks at once whether the role may receive.
            opts=pulumi.ResourceOptions(parent=self, depends_on=self.starter.ready),
        )
