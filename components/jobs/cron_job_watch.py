"""What watches a job on EKS: a count of failed runs and refused starts, and an alarm."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.eks.cron_job import EksCronJob
from components.jobs.failed_cron_jobs import failure_filter
from components.jobs.watch import PERIOD, FailureTopic

LATE_PERIODS: Final = 3
"""Periods in which a failure rings the alarm: what is logged counts for the time at which it was
written, and EKS doesn't say how soon its logs arrive."""


class CronJobWatch:
    """A metric filter that counts a job's failures in the cluster's audit log, and an alarm.

    Failures are runs that failed, and tries to start one that the API server refused. It is no
    component of its own: its resources are children of JobFailures.

    Attributes:
        alarm_arns: ARN of its alarm, known in the first preview.
    """

    alarm_arns: Sequence[pulumi.Output[str]]

    def __init__(self, job: EksCronJob, *, topic: FailureTopic, parent: pulumi.Resource) -> None:
        self._job = job
        self._environment = job.cluster.network.environment
        self._child = pulumi.ResourceOptions(parent=parent)
        alarm = self._create_alarm(self._count(), topic)
        self.alarm_arns = [
            self._environment.arn("cloudwatch", pulumi.Output.concat("alarm:", alarm.name))
        ]

    def _count(self) -> aws.cloudwatch.LogMetricFilter:
        """Count each failure; without a default value there is no metric while nothing fails."""
        name = self._job.name
        return aws.cloudwatch.LogMetricFilter(
            f"{name}-failed",
            name=self._environment.regional_name(name, "failed", limit=512),
            log_group_name=self._job.cluster.control_plane_logs,
            pattern=failure_filter(name, self._job.namespace),
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                namespace=self._environment.prefix, name=f"{name}-failed", value="1", unit="Count"
            ),
            opts=self._child,
        )

    def _create_alarm(
        self, counter: aws.cloudwatch.LogMetricFilter, topic: FailureTopic
    ) -> aws.cloudwatch.MetricAlarm:
        name, metric = self._job.name, counter.metric_transformation
        return aws.cloudwatch.MetricAlarm(
            f"{name}-failed-alarm",
            name=self._environment.regional_name(name, "failed", limit=255),
            alarm_description=f"A run of job {name} failed, or couldn't be started",
            namespace=metric.namespace,
            metric_name=metric.name,
            statistic="Sum",
            period=PERIOD,
            evaluation_periods=LATE_PERIODS,
            datapoints_to_alarm=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            opts=self._child,
        )
