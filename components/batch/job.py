"""A job that waits in a queue of AWS Batch until there is room for it."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.batch.container import container_properties, retry_strategy
from components.batch.queues import LONGEST_NAME, BatchQueue
from components.batch.submission import Submission
from components.batch.submitter import BatchSubmitter
from components.ecs.cluster import EcsCluster
from components.ecs.files import mount_prerequisites
from components.ecs.task_parts import TaskParts
from components.grants import Grantable
from components.grants.batch_jobs import GrantableBatchJob
from components.iam import batch_tasks_trust
from components.jobs.event_start import BatchTarget, EventStart
from components.jobs.schedule_start import ScheduleStart
from components.settings import BatchJobSettings, EventSettings, JobSettings, ObjectsSettings
from components.settings.schedule import ScheduleSettings
from components.storage.file_system import FileSystem


class BatchJob(pulumi.ComponentResource):
    """A job of AWS Batch on Fargate, and what submits it to its queue.

    Creates a job definition with its roles and log group. With a schedule, the schedule in a group
    of its own; with an event or objects, a rule; where a rule can't say all that has to be said, a
    state machine that does (BatchSubmitter): fields of the event and a share identifier. Each has a
    role that may submit exactly this job to this queue, and a dead-letter queue for what AWS gave
    up. The security group is that of its queue's environments.

    Batch does retries, the timeout and arrays by itself.

    Cost (us-east-1): the job while it runs, a minute at least: 0.0004 USD a minute for the
    smallest, a third of it on Spot. Batch is free.
    """

    name: str
    definition: aws.batch.JobDefinition
    undelivered: aws.sqs.Queue | None
    """The dead-letter queue for submissions that AWS gave up; None if this file has none."""
    supervised: None
    """Batch runs it, not a state machine."""
    submitter: BatchSubmitter | None
    """The state machine that submits it, if one does."""
    definition_arn: pulumi.Output[str]
    """ARN of its definition without a revision, known in the first preview."""
    grantable: GrantableBatchJob
    """The job, as services are granted to submit it."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        batch: BatchJobSettings,
        *,
        queue: BatchQueue,
        cluster: EcsCluster,
        grantables: Mapping[str, Grantable] | None = None,
        file_systems: Mapping[str, FileSystem] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:batch:BatchJob", name, None, opts)
        self.name = name
        self.supervised = None
        self._settings = settings
        self._environment = cluster.network.environment
        self._grantables = grantables or {}
        self._parts = TaskParts(
            name,
            settings,
            cluster=cluster,
            grantables=self._grantables,
            file_systems=file_systems or {},
            trust=batch_tasks_trust(self._environment),
            parent=self,
        )
        self.definition = self._define(batch)
        self.definition_arn = self._environment.arn(
            "batch", pulumi.Output.concat("job-definition/", self.definition.name)
        )
        needed = [
            self.definition,
            *self._parts.policies,
            *mount_prerequisites(self._parts.mounts),
            *queue.ready,
        ]
        self._prerequisites = cluster.network.routes.apply(lambda routes: [*needed, *routes])
        self._submission = Submission(name, self.definition_arn, queue.arn, batch)
        self.grantable = GrantableBatchJob(
            self._submission.statements(), self.definition_arn, queue.arn
        )
        self.submitter = self._create_submitter(batch)
        self.undelivered = self._start()
        self.register_outputs({"jobDefinition": self.definition_arn})

    def _define(self, batch: BatchJobSettings) -> aws.batch.JobDefinition:
        settings, parts = self._settings, self._parts
        execution_role, job_role = parts.roles
        return aws.batch.JobDefinition(
            f"{self.name}-job",
            name=self._environment.regional_name(self.name, limit=LONGEST_NAME),
            type="container",
            platform_capabilities=["FARGATE"],
            container_properties=container_properties(
                settings,
                image=parts.image.reference,
                log_group=parts.log_group.name,
                region=self._environment.region,
                stream_prefix=self.name,
                execution_role=execution_role,
                job_role=job_role,
                environment=parts.granted,
                secrets=parts.secrets.references,
                mounts=parts.mounts,
            ),
            retry_strategy=retry_strategy(settings.retries, batch.retry_on),
            timeout=aws.batch.JobDefinitionTimeoutArgs(attempt_duration_seconds=settings.timeout)
            if settings.timeout
            else None,
            scheduling_priority=batch.priority,
            propagate_tags=True,
            deregister_on_new_revision=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=parts.images_ready),
        )

    def _create_submitter(self, batch: BatchJobSettings) -> BatchSubmitter | None:
        """Create what submits the job for an event, where a rule can't say all."""
        settings = self._settings
        if not (settings.event or settings.objects) or not (settings.variables or batch.share):
            return None
        return BatchSubmitter(
            self._submission,
            settings.delivery,
            variables=settings.variables,
            environment=self._environment,
            prerequisites=self._prerequisites,
            parent=self,
        )

    def _start(self) -> aws.sqs.Queue | None:
        """Create what submits the job, and return the queue for what it could not submit."""
        if self._settings.schedule:
            return self._on_schedule(self._settings.schedule).undelivered
        if trigger := self._settings.event or self._settings.objects:
            return self._on_event(trigger).undelivered
        return None

    def _on_schedule(self, schedule: ScheduleSettings) -> ScheduleStart:
        """Submit at times, by a universal target: it passes all that SubmitJob takes."""
        partition = self._environment.partition
        return ScheduleStart(
            self.name,
            schedule,
            self._settings.delivery,
            environment=self._environment,
            arn=f"arn:{partition}:scheduler:::aws-sdk:batch:submitJob",
            statements=self._submission.statements(),
            prerequisites=self._prerequisites,
            parent=self,
            input=pulumi.Output.json_dumps(self._submission.parameters(), sort_keys=True),
        )

    def _on_event(self, trigger: EventSettings | ObjectsSettings) -> EventStart:
        machine, submission = self.submitter, self._submission
        rule = EventStart(
            self.name,
            trigger,
            self._settings.delivery,
            environment=self._environment,
            grantables=self._grantables,
            prerequisites=self._prerequisites,
            parent=self,
        )
        if machine:
            rule.start(machine.arn, machine.start_statements())
            return rule
        rule.start(
            submission.queue,
            submission.statements(),
            batch_target=BatchTarget(
                job_definition=submission.definition,
                job_name=self.name,
                array_size=submission.settings.array,
            ),
        )
        return rule
