"""A job on EKS that starts at times."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_kubernetes as k8s

from components.eks.cluster import EksCluster
from components.eks.load_balancer_controller import LoadBalancerController
from components.eks.pod import pod_template
from components.eks.pod_groups import join_security_groups
from components.eks.pod_identity import create_pod_identity
from components.eks.pod_secrets import PodSecrets
from components.eks.secrets_operator import SecretsOperator
from components.grants import Grantable, grant_environment, grant_statements
from components.images.built_image import task_image
from components.reach import security_group
from components.secret_sources import secret_sources
from components.settings import JobSettings
from components.settings.crontab import crontab
from components.settings.schedule import ScheduleSettings

TIME_TO_LIVE: Final = 60
"""Seconds for which a finished Job and its pods stay. Fargate bills a pod until it is gone (EKS
user guide, "AWS Fargate considerations"); what it wrote is in the log group."""


class EksCronJob(pulumi.ComponentResource):
    """A job on EKS with Fargate: a CronJob that starts a pod at times.

    Creates a role for exactly its service account (IRSA) with what it is granted, a security group
    that nothing can connect to, the policy that puts the pods into that group and the shared one,
    the CronJob, and with secrets a second role, which may read them (see PodSecrets). Objects live
    in one of the cluster's namespaces.

    Cost (us-east-1): the pod from the pull of its image until it is gone, a minute after its end:
    0.0004 USD a minute for the smallest.
    """

    name: str
    namespace: str
    """Name of the namespace that it is in."""
    cluster: EksCluster

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        schedule: ScheduleSettings,
        *,
        cluster: EksCluster,
        controller: LoadBalancerController,
        operator: SecretsOperator | None = None,
        grantables: Mapping[str, Grantable] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:eks:EksCronJob", name, None, opts)
        self.name = name
        self.namespace = cluster.namespace_of(settings)
        self.cluster = cluster
        self._settings = settings
        self._labels = {"app.kubernetes.io/name": name}

        self._image = task_image(name, settings, images=cluster.network.images, parent=self)
        self._granted = grant_environment(settings.grants, grantables or {})
        identity = create_pod_identity(
            name,
            cluster=cluster,
            namespace=self.namespace,
            statements=grant_statements(settings.grants, grantables or {}),
            opts=self._object_options(),
            parent=self,
        )
        self._secrets = PodSecrets(
            name,
            secret_sources(settings.secrets, grantables or {}),
            cluster=cluster,
            namespace=self.namespace,
            operator=operator,
            parent=self,
        )
        membership = self._join_security_groups()
        self._create_cron_job(
            schedule,
            after=[
                *identity,
                # Its webhook answers for every pod of the namespace.
                controller.release,
                membership,
                *self._secrets.ready,
                *self._image.ready,
            ],
        )
        self.register_outputs({})

    def _metadata(self) -> k8s.meta.v1.ObjectMetaArgs:
        return k8s.meta.v1.ObjectMetaArgs(
            name=self.name,
            namespace=self.cluster.namespaces[self.namespace].metadata.name,
            labels=self._labels,
        )

    def _object_options(
        self, depends_on: pulumi.Input[Sequence[pulumi.Input[pulumi.Resource]]] | None = None
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, provider=self.cluster.provider, depends_on=depends_on
        )

    def _join_security_groups(self) -> pulumi.Resource:
        own = security_group(
            f"{self.name}-group",
            f"Pods of job {self.name}",
            network=self.cluster.network,
            parent=self,
        )
        return join_security_groups(
            self.name,
            [self.cluster.pod_group_id, own.id],
            labels=self._labels,
            metadata=self._metadata(),
            opts=self._object_options(),
        )

    def _create_cron_job(
        self, schedule: ScheduleSettings, *, after: Sequence[pulumi.Resource]
    ) -> None:
        routes = self.cluster.network.routes
        times, timezone = crontab(schedule)
        k8s.batch.v1.CronJob(
            f"{self.name}-cron-job",
            metadata=self._metadata(),
            spec=k8s.batch.v1.CronJobSpecArgs(
                schedule=times,
                time_zone=timezone,
                concurrency_policy="Forbid" if self._settings.concurrency else "Allow",
                starting_deadline_seconds=self._settings.delivery.max_age,
                # What is finished is deleted by its time to live anyhow.
                successful_jobs_history_limit=1,
                failed_jobs_history_limit=1,
                suspend=False,
                job_template=k8s.batch.v1.JobTemplateSpecArgs(
                    metadata=k8s.meta.v1.ObjectMetaArgs(labels=self._labels),
                    spec=self._job(),
                ),
            ),
            opts=self._object_options(routes.apply(lambda routes: [*after, *routes])),
        )

    def _job(self) -> k8s.batch.v1.JobSpecArgs:
        """Return one run: a pod, and another one each time that it fails.

        The Job has the deadline and not its pods: the kubelet counts a pod's from when it knows the
        pod, so one that Fargate never places would wait for ever; and a pod that is past its own
        would be tried again. Every way to fail counts as a try, eviction by Fargate's patching too:
        whether work bears being done twice is for the job's author to say, by retries.
        """
        settings = self._settings
        return k8s.batch.v1.JobSpecArgs(
            parallelism=1,
            completions=1,
            backoff_limit=settings.retries,
            active_deadline_seconds=settings.timeout,
            ttl_seconds_after_finished=TIME_TO_LIVE,
            # By default the next try starts while the pod before it is still leaving.
            pod_replacement_policy="Failed",
            template=pod_template(
                self.name,
                settings,
                image=self._image.reference,
                labels=self._labels,
                annotations=self.cluster.pod_annotations,
                environment=self._granted,
                secrets=self._secrets.names,
                # The name itself: an account's outputs are unknown until its cluster exists.
                service_account=self.name,
                restart_policy="Never",
            ),
        )
