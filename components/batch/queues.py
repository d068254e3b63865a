"""Where jobs of AWS Batch wait and run: queues, and compute environments of Fargate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.ecs.cluster import EcsCluster
from components.ecs.files import NFS
from components.reach import allow_https_out, connect, security_group
from components.settings import BatchEnvironmentSettings, BatchQueueSettings, BatchSettings
from components.settings.batch import FairShareSettings
from components.settings.job import JobSettings
from components.storage.file_system import FileSystem

LONGEST_NAME: Final = 128
CAPACITY: Final[Mapping[str, str]] = {"on-demand": "FARGATE", "spot": "FARGATE_SPOT"}


@dataclass(frozen=True)
class BatchQueue:
    """A queue, as its jobs see it.

    Attributes:
        arn: its ARN, known in the first preview.
        ready: what has to be there while a job of it runs.
    """

    arn: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


class BatchQueues(pulumi.ComponentResource):
    """Queues of AWS Batch, and the compute environments in which their jobs run, on Fargate.

    Creates for each environment a compute environment in private subnets with a security group that
    lets nothing in; for each queue a job queue, with fair share a scheduling policy. The security
    group is the environment's, since Batch has no other place for one: jobs of one environment
    reach the same, HTTPS and the file systems that any of them mounts. What they may do is still
    each job's own (ADR 19).

    Environments get names by themselves: AWS deletes none that a queue uses, so that one of another
    capacity is created first, and the queue pointed at it. They have AWS's service-linked role
    AWSServiceRoleForBatch, without which Batch runs nothing on Fargate and has no fair share; AWS
    creates it with an account's first environment.

    Cost: nothing by themselves.
    """

    queues: Mapping[str, BatchQueue]
    """Queues by name."""

    def __init__(
        self,
        name: str,
        settings: BatchSettings,
        *,
        jobs: Mapping[str, JobSettings],
        cluster: EcsCluster,
        file_systems: Mapping[str, FileSystem],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:batch:BatchQueues", name, None, opts)
        self.name = name
        self._settings = settings
        self._cluster = cluster
        self._environment = cluster.network.environment
        self._child = pulumi.ResourceOptions(parent=self)
        self._rules: dict[str, Sequence[pulumi.Resource]] = {}
        environments = {
            each: self._create_environment(
                each, given, _mounted(each, settings, jobs, file_systems)
            )
            for each, given in sorted(settings.environments.items())
        }
        self.queues = {
            each: self._create_queue(each, given, environments)
            for each, given in sorted(settings.queues.items())
        }
        self.register_outputs({})

    def _create_environment(
        self, name: str, settings: BatchEnvironmentSettings, mounted: Sequence[FileSystem]
    ) -> aws.batch.ComputeEnvironment:
        full_name = f"{self.name}-{name}"
        network = self._cluster.network
        group = security_group(
            f"{full_name}-group", f"Jobs in Batch environment {name}", network=network, parent=self
        )
        rules = [
            *allow_https_out(full_name, ways=self._cluster.ways_out, group=group.id, parent=self),
            *self._connect(name, group.id, mounted),
        ]
        self._rules[name] = rules
        return aws.batch.ComputeEnvironment(
            f"{full_name}-environment",
            type="MANAGED",
            state="ENABLED",
            compute_resources=aws.batch.ComputeEnvironmentComputeResourcesArgs(
                type=CAPACITY[settings.capacity],
                max_vcpus=settings.max_vcpus,
                subnets=network.private_subnet_ids,
                security_group_ids=[group.id],
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=network.routes.apply(lambda routes: [*rules, *routes]),
                # The provider would try to change it in place, which takes an infrastructure update
                # (UpdateComputeEnvironment), and there is none on Fargate.
                replace_on_changes=["computeResources.type"],
            ),
        )

    def _connect(
        self, name: str, group: pulumi.Input[str], mounted: Sequence[FileSystem]
    ) -> Sequence[pulumi.Resource]:
        return [
            rule
            for file_system in mounted
            for rule in connect(
                f"{self.name}-{name}-to-{file_system.name}",
                f"Batch environment {name} mounts {file_system.name}",
                source=group,
                target=file_system.security_group_id,
                port=NFS,
                parent=self,
            )
        ]

    def _create_queue(
        self,
        name: str,
        settings: BatchQueueSettings,
        environments: Mapping[str, aws.batch.ComputeEnvironment],
    ) -> BatchQueue:
        """Create a queue; AWS adds fair share to none that exists, so one with it is another."""
        share = settings.fair_share
        kind = "fair-queue" if share else "queue"
        policy = self._create_policy(name, share) if share else None
        queue = aws.batch.JobQueue(
            f"{self.name}-{name}-{kind}",
            name=self._environment.regional_name(
                name, *(("fair",) if share else ()), limit=LONGEST_NAME
            ),
            state="ENABLED",
            priority=settings.priority,
            compute_environment_orders=[
                aws.batch.JobQueueComputeEnvironmentOrderArgs(
                    order=order, compute_environment=environments[each].arn
                )
                for order, each in enumerate(settings.environments, start=1)
            ],
            scheduling_policy_arn=policy,
            opts=self._child,
        )
        rules = [rule for each in settings.environments for rule in self._rules[each]]
        arn = self._environment.arn("batch", pulumi.Output.concat("job-queue/", queue.name))
        return BatchQueue(arn, [queue, *rules])

    def _create_policy(self, name: str, settings: FairShareSettings) -> pulumi.Output[str]:
        """Create the scheduling policy of a queue, and return its ARN."""
        policy = aws.batch.SchedulingPolicy(
            f"{self.name}-{name}-shares",
            name=self._environment.regional_name(name, limit=LONGEST_NAME),
            fair_share_policy=aws.batch.SchedulingPolicyFairSharePolicyArgs(
                compute_reservation=settings.compute_reservation,
                share_decay_seconds=settings.decay_seconds,
                share_distributions=[
                    aws.batch.SchedulingPolicyFairSharePolicyShareDistributionArgs(
                        share_identifier=share, weight_factor=weight
                    )
                    for share, weight in sorted(settings.weights.items())
                ],
            ),
            opts=self._child,
        )
        return self._environment.arn(
            "batch", pulumi.Output.concat("scheduling-policy/", policy.name)
        )


def _mounted(
    environment: str,
    settings: BatchSettings,
    jobs: Mapping[str, JobSettings],
    file_systems: Mapping[str, FileSystem],
) -> Sequence[FileSystem]:
    """Return the file systems that any job mounts that may run in an environment."""
    names = {
        mount.file_system
        for job in jobs.values()
        if job.batch and environment in settings.queues[job.batch.queue].environments
        for mount in job.files.values()
    }
    return [file_systems[name] for name in sorted(names)]
