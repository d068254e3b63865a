"""Who is told when a job fails."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.ecs.cluster import EcsCluster
from components.eks.cron_job import EksCronJob
from components.encryption_keys import EncryptionKey, encryption_key
from components.environment import Environment
from components.grants import Grantable, grant_statements
from components.grants.keys import WRITING
from components.iam import Statement, allow, document, tls_only
from components.jobs.cron_job_watch import CronJobWatch
from components.jobs.watch import FailureTopic, Job, JobWatch
from components.settings import FailuresSettings, Settings

LONGEST_NAME: Final = 256


class JobFailures(pulumi.ComponentResource):
    """A topic for failed jobs, and what watches each of them.

    Creates for each job a rule that sends a message about a failed task to the topic, with a role
    for it, an alarm for failed tasks, and one for starts or messages that were given up; for a job
    that a function starts an alarm for the function's errors; for a queue's workers one for
    messages that wait too long; for a job on EKS a metric filter that counts its failed runs and
    refused starts, and an alarm. Unless there is a topic already, it creates one with a KMS key of
    its own, since CloudWatch can't publish with the AWS managed key for SNS, with a policy that
    admits exactly these alarms, and subscribes e-mail addresses to it.

    Cost (us-east-1): 0.10 USD a month for each alarm, so 0.20 USD for a job with both, and 0.30
    USD for a metric filter's metric if there are failures in each hour, nothing without; for the
    topic 1 USD a month, its key's. Events of AWS's services and rules for them are free, and so is
    the first million messages of a month.
    """

    topic_arn: pulumi.Input[str]
    """Where failures are told, known in the first preview."""

    def __init__(
        self,
        name: str,
        settings: FailuresSettings,
        *,
        environment: Environment,
        jobs: Sequence[Job] = (),
        cluster: EcsCluster | None = None,
        cron_jobs: Sequence[EksCronJob] = (),
        existing: FailureTopic | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:jobs:JobFailures", name, None, opts)
        self.name = name
        self._environment = environment
        self._child = pulumi.ResourceOptions(parent=self)
        topic = existing or self._create_topic()
        self.topic_arn = topic.arn
        watches: list[JobWatch | CronJobWatch] = [
            CronJobWatch(job, topic=topic, parent=self) for job in cron_jobs
        ]
        if cluster is not None:
            watches += [JobWatch(job, cluster=cluster, topic=topic, parent=self) for job in jobs]
        if existing is None:
            self._admit([arn for watch in watches for arn in watch.alarm_arns])
            self._subscribe(settings.emails)
        self.register_outputs({"topicArn": self.topic_arn})

    def _create_topic(self) -> FailureTopic:
        name = self._environment.regional_name(self.name, limit=LONGEST_NAME)
        key = self._create_key(name)
        topic = aws.sns.Topic(
            f"{self.name}-topic",
            name=name,
            kms_master_key_id=key.alias.name,
            # Signed with SHA-256; the default is SHA-1.
            signature_version=2,
            opts=self._child,
        )
        arn = self._environment.arn("sns", topic.name)
        return FailureTopic(arn, [allow(["sns:Publish"], [arn]), _use_key(self._environment, key)])

    def _create_key(self, topic: str) -> EncryptionKey:
        return encryption_key(
            f"{self.name}-key",
            "Messages about failed jobs",
            [alarms_statement(self._environment, topic)],
            environment=self._environment,
            parent=self,
        )

    def _admit(self, alarms: Sequence[pulumi.Input[str]]) -> None:
        """Let exactly these alarms publish, besides roles of this account that may."""
        aws.sns.TopicPolicy(
            f"{self.name}-policy",
            arn=self.topic_arn,
            policy=document(
                [
                    tls_only(["sns:Publish"], self.topic_arn),
                    {
                        "Sid": "Alarms",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": "sns:Publish",
                        "Resource": self.topic_arn,
                        "Condition": {
                            "ArnEquals": {"aws:SourceArn": list(alarms)},
                            "StringEquals": {"aws:SourceAccount": self._environment.account},
                        },
                    },
                ]
            ),
            opts=self._child,
        )

    def _subscribe(self, emails: Sequence[str]) -> None:
        for email in emails:
            aws.sns.TopicSubscription(
                f"{self.name}-{email}",
                topic=self.topic_arn,
                protocol="email",
                endpoint=email,
                opts=self._child,
            )


def existing_topic(
    settings: Settings, grantables: Mapping[str, Grantable], environment: Environment
) -> FailureTopic | None:
    """Return the topic that exists already, if the settings name one.

    Args:
        settings: the stack file.
        grantables: what roles can be granted, by name: the topic and its key.
        environment: where the rules and alarms are.

    Raises:
        pulumi.RunError: rules and alarms can't publish there.
    """
    name = settings.failures.topic
    arn = settings.topics[name].arn if name else None
    if name is None or arn is None:
        return None
    region, account = arn.split(":")[3:5]
    here = (environment.region, environment.account)
    if (region, account) != here:
        raise pulumi.RunError(
            f"failures.topic: {arn} is in account {account} and region {region}, and the jobs are "
            f"in {here[1]} and {here[0]}: EventBridge and CloudWatch publish within both alone. "
            "Name a topic there, or remove topic for one of the stack's own, and forward from it"
        )
    return FailureTopic(arn, grant_statements({name: ["publish"]}, grantables))


def alarms_statement(environment: Environment, topic: str) -> Statement:
    """Let CloudWatch encrypt the messages of one topic.

    The encryption context is SNS's own for the topic (its guide, "Encryption context"); which
    alarms may publish to that is for the topic's policy.

    Args:
        environment: account and region of the topic.
        topic: its name; the key's policy is there before it.
    """
    arn = f"arn:{environment.partition}:sns:{environment.region}:{environment.account}:{topic}"
    return {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:sns:topicArn": arn}},
    }


def _use_key(environment: Environment, key: EncryptionKey) -> Statement:
    """Let a role publish with the key, through SNS alone; IAM knows keys by their ids only."""
    return allow(
        WRITING,
        [environment.arn("kms", "key/*")],
        {
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": [key.alias.name]},
            "StringEquals": {"kms:ViaService": environment.endpoint("sns")},
        },
    )
