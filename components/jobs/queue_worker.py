"""A job that works on the messages of a queue."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import Capacity, described, strategy
from components.ecs.cluster import EcsCluster
from components.ecs.deployment import deployment_configuration
from components.ecs.rollback import fail_if_rolled_back
from components.grants import Grantable, GrantableQueue
from components.iam import Statement, allow
from components.jobs.backlog import late_after, longest_update
from components.jobs.queue_scaling import scale_workers
from components.jobs.task import JobTask
from components.settings import JobSettings
from components.settings.capacity import CapacitySettings, ProviderSettings
from components.settings.deployment import DeploymentSettings
from components.settings.queue_worker import QueueTriggerSettings
from components.storage.file_system import FileSystem

SPOT = CapacitySettings(spot=ProviderSettings())


class QueueWorker(pulumi.ComponentResource):
    """Tasks on ECS with Fargate that work on a queue's messages, as many as what waits needs.

    Creates a task definition with its roles, log group and security group, an ECS service without
    a port in private subnets, on Spot unless the settings say otherwise, and its scaling by the
    backlog per task; where no task may run, an alarm that starts the first one. The task role may
    receive from the queue and protect the task from scale-in while it works.

    Cost (us-east-1): the tasks while they run, on Spot about 3 USD a month for one of the smallest
    that always does. An alarm costs 0.10 USD a month for each metric that it reads: target
    tracking's two 0.60, and the one that starts the first task 0.40.
    """

    name: str
    definition: aws.ecs.TaskDefinition
    undelivered: aws.sqs.Queue | None
    """The dead-letter queue of the queue, if this stack creates it."""
    supervised: None
    """Their ECS service keeps them running, not a state machine."""
    queue_name: pulumi.Output[str]
    """The name by which CloudWatch knows the queue."""
    late_after: int
    """Age in seconds of a message that tells that they don't keep up."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        queue: QueueTriggerSettings,
        *,
        cluster: EcsCluster,
        grantables: Mapping[str, Grantable],
        undelivered: aws.sqs.Queue | None = None,
        file_systems: Mapping[str, FileSystem] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:jobs:QueueWorker", name, None, opts)
        self.name = name
        self.undelivered = undelivered
        self.supervised = None
        self._settings = settings
        self._cluster = cluster
        self.queue_name = self._name_of(queue.name, grantables)
        self.late_after = late_after(queue.latency, queue.seconds_per_message)
        self._task = JobTask(
            name,
            settings,
            cluster=cluster,
            grantables=grantables,
            file_systems=file_systems or {},
            parent=self,
            statements=self._protection(),
        )
        self.definition = self._task.definition
        service = self._create_service(queue)
        scale_workers(
            name,
            queue,
            environment=cluster.network.environment,
            cluster=cluster.cluster.name,
            service=service.name,
            queue=self.queue_name,
            parent=self,
        )
        running = fail_if_rolled_back(
            f"jobs.{name}",
            cluster=cluster.cluster.arn,
            service=service,
            task_definition=self.definition.arn,
            parent=self,
        )
        self.register_outputs({"taskDefinition": running})

    def _name_of(self, queue: str, grantables: Mapping[str, Grantable]) -> pulumi.Output[str]:
        """Return the name by which CloudWatch knows the queue.

        Raises:
            pulumi.RunError: it isn't a queue, or its metrics are in another account or region.
        """
        found = grantables.get(queue)
        key = f"jobs.{self.name}.queue.name"
        if not isinstance(found, GrantableQueue):
            raise pulumi.RunError(f"{key}: no queue named {queue} is given")
        environment = self._cluster.network.environment
        if isinstance(found.arn, str):
            region, account = found.arn.split(":")[3:5]
            if (region, account) != (environment.region, environment.account):
                raise pulumi.RunError(
                    f"{key}: {queue} is in {region} of account {account}, and so are the metrics "
                    f"that workers are scaled by; this stack is in {environment.region} of "
                    f"{environment.account}: use a queue of its own, such as one that is "
                    "subscribed to the other side's topic"
                )
        return pulumi.Output.from_input(found.arn).apply(lambda arn: arn.rpartition(":")[2])

    def _protection(self) -> Sequence[Statement]:
        """Return what a task needs to protect itself while it works.

        The agent asks in the task's name (ECS developer guide, "Task scale-in protection"). A
        task's id isn't known before it runs, hence all tasks of the cluster.
        """
        tasks = pulumi.Output.concat("task/", self._cluster.cluster.name, "/*")
        arn = self._cluster.network.environment.arn("ecs", tasks)
        return [allow(["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], [arn])]

    def _create_service(self, queue: QueueTriggerSettings) -> aws.ecs.Service:
        capacity = self._settings.capacity or SPOT
        deployment = DeploymentSettings()
        timeout = longest_update(queue.seconds_per_message)
        return aws.ecs.Service(
            f"{self.name}-service",
            name=self.name,
            cluster=self._cluster.cluster.arn,
            task_definition=self.definition.arn,
            desired_count=queue.min,
            scheduling_strategy="REPLICA",
            platform_version="LATEST",
            capacity_provider_strategies=strategy(capacity),
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=self._cluster.network.private_subnet_ids,
                security_groups=[self._task.group_id],
                assign_public_ip=False,
            ),
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type="ECS"),
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(
                enable=True, rollback=True
            ),
            deployment_configuration=deployment_configuration(deployment),
            deployment_minimum_healthy_percent=deployment.minimum_healthy_percent,
            deployment_maximum_percent=deployment.maximum_percent,
            # It would stop tasks at work only to move them.
            availability_zone_rebalancing="DISABLED",
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            tags={"job": self.name},
            wait_for_steady_state=True,
            force_new_deployment=True,
            triggers=self._triggers(capacity),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._task.prerequisites,
                # Automatic scaling owns the number of tasks from the first deployment on.
                ignore_changes=["desiredCount"],
                custom_timeouts=pulumi.CustomTimeouts(
                    create=timeout, update=timeout, delete=timeout
                ),
            ),
        )

    def _triggers(self, capacity: Capacity) -> Mapping[str, pulumi.Input[str]]:
        """Return what no running task learns, so that a change of it starts new ones."""
        versions = self._task.secret_versions.items()
        return {
            "capacity": described(capacity),
            **{f"secret {variable}": version for variable, version in versions},
        }
