"""A job that runs at deployment, such as a database migration."""

import json
from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components.ecs.cluster import EcsCluster
from components.grants import Grantable
from components.jobs.function import JobFunction, job_function, run_task_request
from components.jobs.task import JobTask
from components.settings import AtDeploymentSettings, JobSettings
from components.settings.at_deployment import LONGEST_RUN
from components.storage.file_system import FileSystem

MARGIN: Final = 60
"""Seconds that the function has besides the task's own: to start it, look at it, and stop it."""


class DeploymentTask(pulumi.ComponentResource):
    """A task on ECS with Fargate that a deployment runs, waits for and fails with.

    Creates a task definition with its roles, log group and security group, a function with a log
    group and a role that may run exactly this task, and the function's invocation. That is a
    resource, so that no preview calls it. It is made anew, and so the task runs, when the task
    definition or `again` changes; deleting it does nothing. The new one is there before the old one
    is deleted, and one that failed is in no state: so the next deployment tries it again.

    What depends on `done` comes after the task has ended well.

    Cost (us-east-1): the task while it runs, a minute at least: 0.0004 USD a minute for the
    smallest. The function costs 0.0000033 USD for each second that it waits.
    """

    name: str
    definition: aws.ecs.TaskDefinition
    undelivered: None
    """The deployment itself says that a task couldn't start."""
    supervised: None
    """The deployment waits for the task, not a state machine."""
    done: aws.lambda_.Invocation
    """It exists once the task has ended well."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        trigger: AtDeploymentSettings,
        *,
        cluster: EcsCluster,
        grantables: Mapping[str, Grantable] | None = None,
        file_systems: Mapping[str, FileSystem] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:jobs:DeploymentTask", name, None, opts)
        self.name = name
        self.undelivered = self.supervised = None
        self._settings = settings
        self._timeout = settings.timeout or LONGEST_RUN
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
        self.done = self._invoke(trigger, self._create_function())
        self.register_outputs({"taskDefinition": self.definition.arn})

    def _create_function(self) -> JobFunction:
        started_by = self._environment.regional_name(self.name, limit=64)
        job = {
            "container": self.name,
            "log_group": f"/ecs/{self._environment.prefix}/{self.name}",
            "timeout": self._timeout,
        }
        return job_function(
            self.name,
            "run",
            handler="run_once.handle",
            files={"job.json": json.dumps(job, sort_keys=True)},
            variables={"RUN_TASK": run_task_request(self._task, started_by)},
            statements=[
                *self._task.run_statements(),
                self._task.watch_statement(),
                self._task.list_statement(),
            ],
            timeout=self._timeout + MARGIN,
            logs_days=self._settings.log_retention_days,
            environment=self._environment,
            prerequisites=self._task.prerequisites,
            parent=self,
        )

    def _invoke(self, trigger: AtDeploymentSettings, runner: JobFunction) -> aws.lambda_.Invocation:
        """Run the task, by a resource that is made anew when there is something new to run.

        With CREATE_ONLY an invocation that fails leaves nothing in the state, and one that replaces
        another leaves that there. With CRUD a failed update would be recorded as done, and the next
        deployment would go on without it (hashicorp/terraform-provider-aws, issue 43447).
        """
        again = {"again": trigger.again} if trigger.again else {}
        return aws.lambda_.Invocation(
            f"{self.name}-run",
            function_name=runner.function.name,
            input=json.dumps(again),
            lifecycle_scope="CREATE_ONLY",
            triggers={"taskDefinition": self.definition.arn, **again},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[runner.function, *runner.ready]),
        )
