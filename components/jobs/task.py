"""The task of a job: what runs, as whom, where, and what it reaches."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import Capacity
from components.ecs.cluster import EcsCluster
from components.ecs.files import connect_mounts, mount_prerequisites
from components.ecs.task import EcsTask
from components.grants import Grantable
from components.iam import Statement, allow
from components.reach import allow_https_out, security_group
from components.settings import JobSettings
from components.storage.file_system import FileSystem


class JobTask:
    """A task definition with its roles and log group, and the security group that its tasks have.

    Nothing can connect to them: a job serves nobody. It is no component of its own: its resources
    are children of the job that starts it.
    """

    name: str
    cluster: EcsCluster
    definition: aws.ecs.TaskDefinition
    group_id: pulumi.Output[str]
    """Id of its security group."""
    secret_versions: Mapping[str, pulumi.Output[str]]
    """The version that each variable of a secret has now."""
    capacity: Capacity
    """Where its tasks run: on demand, on Spot, or on both."""
    prerequisites: pulumi.Output[Sequence[pulumi.Resource]]
    """What has to be there while a task runs, and so before anything starts one."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        *,
        cluster: EcsCluster,
        grantables: Mapping[str, Grantable],
        file_systems: Mapping[str, FileSystem],
        parent: pulumi.Resource,
        statements: Sequence[Statement] = (),
    ) -> None:
        self.name = name
        self.cluster = cluster
        self._environment = cluster.network.environment
        self._task = EcsTask(
            name,
            settings,
            cluster=cluster,
            grantables=grantables,
            file_systems=file_systems,
            parent=parent,
            statements=statements,
        )
        self.definition = self._task.definition
        self.secret_versions = self._task.secret_versions
        group = security_group(
            f"{name}-group", f"Tasks of job {name}", network=cluster.network, parent=parent
        )
        self.group_id = group.id
        self.capacity = settings.capacity or cluster.default_capacity
        mounts = self._task.mounts
        needed = [
            *self._task.policies,
            *allow_https_out(name, ways=cluster.ways_out, group=group.id, parent=parent),
            *connect_mounts(name, mounts, source=group.id, parent=parent),
            *mount_prerequisites(mounts),
            cluster.capacity_providers,
        ]
        self.prerequisites = cluster.network.routes.apply(lambda routes: [*needed, *routes])

    @property
    def cluster_arn(self) -> pulumi.Output[str]:
        """The cluster's ARN, known in the first preview."""
        return self._environment.arn(
            "ecs", pulumi.Output.concat("cluster/", self.cluster.cluster.name)
        )

    def run_statements(self) -> Sequence[Statement]:
        """Return what starting exactly these tasks needs, in a role that whatever starts them has.

        Any revision of the family, in this cluster alone: with each deployment the revision is
        another. The roles are the task's two, and go to tasks only. Tags are what the task
        definition's tags become, which ECS authorizes by itself.
        """
        environment = self._environment
        definitions = environment.arn(
            "ecs", pulumi.Output.concat("task-definition/", self.definition.family, ":*")
        )
        tasks = environment.arn(
            "ecs", pulumi.Output.concat("task/", self.cluster.cluster.name, "/*")
        )
        return [
            allow(["ecs:RunTask"], [definitions], {"ArnEquals": {"ecs:cluster": self.cluster_arn}}),
            allow(
                ["iam:PassRole"],
                self._task.roles,
                {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
            allow(["ecs:TagResource"], [tasks], {"StringEquals": {"ecs:CreateAction": "RunTask"}}),
        ]

    def watch_statement(self) -> Statement:
        """Return what looking at these tasks and stopping them takes.

        A task's id isn't known before it runs; its cluster is, and is in its ARN.
        """
        tasks = self._environment.arn(
            "ecs", pulumi.Output.concat("task/", self.cluster.cluster.name, "/*")
        )
        return allow(["ecs:DescribeTasks", "ecs:StopTask"], [tasks])

    def list_statement(self) -> Statement:
        """Return what finding these tasks takes: it is asked about no resource."""
        in_cluster = {"ArnEquals": {"ecs:cluster": self.cluster_arn}}
        return allow(["ecs:ListTasks"], ["*"], in_cluster)
