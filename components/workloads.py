"""Everything that runs: services in the order of their calls, and what they are granted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import pulumi

from components.batch.job import BatchJob
from components.batch.queues import BatchQueue, BatchQueues
from components.declared import (
    Created,
    create_declared,
    declared_keys,
    existing_grantables,
)
from components.ecs.cluster import EcsCluster
from components.ecs.service import EcsService
from components.eks.cluster import EksCluster
from components.eks.container_insights import ContainerInsights
from components.eks.cron_job import EksCronJob
from components.eks.load_balancer_controller import LoadBalancerController
from components.eks.secrets_operator import SecretsOperator
from components.eks.service import EksService
from components.environment import Environment
from components.grants import Grantable
from components.jobs.by_trigger import create_ecs_job
from components.jobs.deployment_task import DeploymentTask
from components.jobs.failures import JobFailures, existing_topic
from components.jobs.lambda_task import LambdaTask
from components.jobs.watch import Job
from components.load_balancer.load_balancer import LoadBalancer
from components.service import Service
from components.settings import JobSettings, ServiceSettings, Settings, TaskSettings
from components.settings.schedule import ScheduleSettings
from components.storage.file_system import FileSystem

Needed = TypeVar("Needed")


class Workloads(pulumi.ComponentResource):
    """The services and jobs that the stack file declares, and what they are granted.

    Creates a Queue for each queue, a Topic, Bucket, Table, EventBus or FileSystem likewise, an
    EcsService or EksService for each service, with an EKS cluster the load balancer controller,
    with secrets there the secrets operator, and where asked for the collector of Container
    Insights; BatchQueues if there are queues of Batch; a ScheduledTask, EventTask, QueueWorker,
    LambdaTask, DeploymentTask or BatchJob for each job, by what starts it, an EksCronJob for each
    on EKS, and JobFailures for all of them. A service is created after those it calls and the jobs
    that it waits for. What exists already is granted and otherwise left alone.
    """

    created: Created
    grantables: Mapping[str, Grantable]
    """All that services can be granted, by name."""
    file_systems: Mapping[str, FileSystem]
    services: Mapping[str, Service]
    job_failures: JobFailures | None
    """What tells of failed jobs, if there are jobs."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        environment: Environment,
        ecs: EcsCluster | None,
        eks: EksCluster | None,
        behind: LoadBalancer | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:workloads:Workloads", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._ecs, self._eks, self._balancer = ecs, eks, behind
        self._controller = self._create_controller(eks)
        self._operator = self._create_operator(
            eks, [*settings.services.values(), *settings.jobs.values()]
        )
        self._collect_metrics(settings, eks)
        keys = declared_keys(settings, environment)
        self.created = create_declared(
            settings, environment=environment, keys=keys, opts=self._child
        )
        self.grantables = {
            **existing_grantables(settings, environment, keys),
            **self.created.grantables(),
        }
        self.file_systems = self._create_file_systems(settings)
        self._batch = self._create_batch(settings)
        jobs = self._create_jobs(settings.jobs)
        self.grantables = {**self.grantables, **startable(jobs)}
        self._done = {
            name: job.done for name, job in jobs.items() if isinstance(job, DeploymentTask)
        }
        self.services = self._create_services(settings.services)
        cron_jobs = self._create_cron_jobs(settings.jobs)
        self.job_failures = self._watch(list(jobs.values()), cron_jobs, settings, environment)
        self.register_outputs({})

    def _create_controller(self, eks: EksCluster | None) -> LoadBalancerController | None:
        if eks is None:
            return None
        return LoadBalancerController("alb-controller", cluster=eks, opts=self._child)

    def _create_operator(
        self, eks: EksCluster | None, tasks: Sequence[TaskSettings]
    ) -> SecretsOperator | None:
        """Create what gives services and jobs on EKS their secrets, if any has some."""
        if eks is None:
            return None
        with_secrets = [one for one in tasks if one.runtime == "eks" and one.secrets]
        if not with_secrets:
            return None
        namespaces = sorted({eks.namespace_of(task) for task in with_secrets})
        return SecretsOperator(
            "secrets-operator", cluster=eks, namespaces=namespaces, opts=self._child
        )

    def _collect_metrics(self, settings: Settings, eks: EksCluster | None) -> None:
        insights = settings.eks.container_insights
        if eks and insights.enabled:
            ContainerInsights("container-insights", insights, cluster=eks, opts=self._child)

    def _create_file_systems(self, settings: Settings) -> Mapping[str, FileSystem]:
        return {
            name: FileSystem(
                name,
                given,
                network=_present(self._ecs, f"fileSystems.{name}", "an ECS cluster").network,
                opts=self._child,
            )
            for name, given in settings.file_systems.items()
        }

    def _create_batch(self, settings: Settings) -> Mapping[str, BatchQueue]:
        if not settings.batch.queues:
            return {}
        return BatchQueues(
            "batch",
            settings.batch,
            jobs=settings.jobs,
            cluster=_present(self._ecs, "batch", "an ECS cluster"),
            file_systems=self.file_systems,
            opts=self._child,
        ).queues

    def _create_services(self, settings: Mapping[str, ServiceSettings]) -> Mapping[str, Service]:
        created: dict[str, Service] = {}
        for name in in_call_order(settings):
            callees = [created[other] for other in settings if name in settings[other].callers]
            created[name] = self._create_service(name, settings[name], callees)
        return created

    def _create_service(
        self, name: str, settings: ServiceSettings, callees: list[Service]
    ) -> Service:
        after = [self._done[job] for job in settings.after]
        if settings.runtime == "ecs":
            return EcsService(
                name,
                settings,
                cluster=_present(self._ecs, f"services.{name}", "an ECS cluster"),
                balancer=self._balancer,
                callees=callees,
                grantables=self.grantables,
                file_systems=self.file_systems,
                after=after,
                opts=self._child,
            )
        return EksService(
            name,
            settings,
            cluster=_present(self._eks, f"services.{name}", "an EKS cluster"),
            controller=_present(self._controller, f"services.{name}", "an EKS cluster"),
            operator=self._operator,
            balancer=self._balancer,
            callees=callees,
            grantables=self.grantables,
            after=after,
            opts=self._child,
        )

    def _create_jobs(self, settings: Mapping[str, JobSettings]) -> Mapping[str, Job]:
        return {
            name: create_ecs_job(
                name,
                given,
                batch_queues=self._batch,
                queues=self.created.queues,
                cluster=_present(self._ecs, f"jobs.{name}", "an ECS cluster"),
                grantables=self.grantables,
                file_systems=self.file_systems,
                opts=self._child,
            )
            for name, given in sorted(settings.items())
            if given.runtime == "ecs"
        }

    def _create_cron_jobs(self, settings: Mapping[str, JobSettings]) -> Sequence[EksCronJob]:
        """Create the jobs on EKS.

        Raises:
            pulumi.RunError: one has no schedule, which settings refuse.
        """
        return [
            EksCronJob(
                name,
                given,
                _schedule_of(name, given),
                cluster=_present(self._eks, f"jobs.{name}", "an EKS cluster"),
                controller=_present(self._controller, f"jobs.{name}", "an EKS cluster"),
                operator=self._operator,
                grantables=self.grantables,
                opts=self._child,
            )
            for name, given in sorted(settings.items())
            if given.runtime == "eks"
        ]

    def _watch(
        self,
        jobs: Sequence[Job],
        cron_jobs: Sequence[EksCronJob],
        settings: Settings,
        environment: Environment,
    ) -> JobFailures | None:
        """Watch all jobs, whatever starts them."""
        if not jobs and not cron_jobs:
            return None
        return JobFailures(
            "job-failures",
            settings.failures,
            environment=environment,
            jobs=jobs,
            cluster=self._ecs,
            cron_jobs=cron_jobs,
            existing=existing_topic(settings, self.grantables, environment),
            opts=self._child,
        )


def startable(jobs: Mapping[str, Job]) -> Mapping[str, Grantable]:
    """Return the jobs that services can be granted to start or to submit, by name."""
    started = (LambdaTask, BatchJob)
    return {name: job.grantable for name, job in jobs.items() if isinstance(job, started)}


def in_call_order(services: Mapping[str, ServiceSettings]) -> Iterator[str]:
    """Yield the names of services, each after all that it calls, otherwise by name.

    Args:
        services: settings by name; no service may call itself, over whichever others.
    """
    done: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in done:
            return
        done.add(name)
        for callee in sorted(other for other in services if name in services[other].callers):
            yield from visit(callee)
        yield name

    for name in sorted(services):
        yield from visit(name)


def _schedule_of(name: str, job: JobSettings) -> ScheduleSettings:
    """Return when a job on EKS starts.

    Raises:
        pulumi.RunError: it says nothing that a CronJob starts by.
    """
    if job.schedule is None:
        raise pulumi.RunError(f"jobs.{name}: runs on eks, and has no schedule to start by")
    return job.schedule


def _present(cluster: Needed | None, key: str, what: str) -> Needed:
    """Return the cluster that something in the stack file, at `key`, needs.

    Raises:
        pulumi.RunError: the page builds none.
    """
    if cluster is None:
        raise pulumi.RunError(f"{key}: needs {what}, and __main__.py gives it none")
    return cluster
