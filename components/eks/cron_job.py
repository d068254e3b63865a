"""A job on EKS that starts at times."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_kubernetes as k8s

from components.eks.cluster import EksCluster
from components.eks.load_balancer_controller import LoadBalancerController
from components.eks.pod_parts import PodParts
from components.eks.secrets_operator import SecretsOperator
from components.grants import Grantable
from components.reach import security_group
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
        self.cluster = cluster
        self._settings = settings
        self._pods = PodParts(
            name,
            settings,
            cluster=cluster,
            controller=controller,
            operator=operator,
            grantables=grantables or {},
            parent=self,
        )
        self.namespace = self._pods.namespace
        group = security_group(
            f"{name}-group", f"Pods of job {name}", network=cluster.network, parent=self
        )
        membership = self._pods.join_security_groups(group.id)
        self._create_cron_job(schedule, after=[membership])
        self.register_outputs({})

    def _create_cron_job(
        self, schedule: ScheduleSettings, *, after: Sequence[pulumi.Resource]
    ) -> None:
        times, timezone = crontab(schedule)
        k8s.batch.v1.CronJob(
            f"{self.name}-cron-job",
            metadata=self._pods.metadata(),
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
                    metadata=k8s.meta.v1.ObjectMetaArgs(labels=self._pods.labels),
                    spec=self._job(),
                ),
            ),
            opts=self._pods.start_options(after),
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
            template=self._pods.template(restart_policy="Never"),
        )
