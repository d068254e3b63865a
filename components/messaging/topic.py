"""Topics that services publish to."""

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.grants import GrantableKey, GrantableTopic
from components.iam import document, tls_only

AWS_MANAGED_KEY = "alias/aws/sns"
"""The account's key for SNS: it is made on first use and admits all that may publish."""


class Topic(pulumi.ComponentResource):
    """An SNS topic.

    Creates a topic, encrypted with a key of KMS, and a policy that refuses messages without TLS.
    Who may publish and subscribe is decided by IAM in this account, and nobody else may.

    Cost: the first million requests of a month are free, then 0.50 USD a million (us-east-1).
    """

    arn: pulumi.Output[str]
    """ARN, known in the first preview."""
    grantable: GrantableTopic
    """The topic, as services are granted it."""

    def __init__(
        self,
        name: str,
        *,
        environment: Environment,
        key: GrantableKey | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:topic:Topic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(
            f"{name}-topic",
            name=environment.regional_name(name, limit=256),
            kms_master_key_id=key.id if key else AWS_MANAGED_KEY,
            # Signed with SHA-256; the default is SHA-1.
            signature_version=2,
            opts=child,
        )
        self.arn = environment.arn("sns", topic.name)
        aws.sns.TopicPolicy(
            f"{name}-tls-only",
            arn=topic.arn,
            # SNS takes the actions that concern one topic only, so no sns:*.
            policy=document([tls_only(["sns:Publish"], self.arn)]),
            opts=child,
        )
        self.grantable = GrantableTopic(self.arn, environment.endpoint("sns"), key)
        self.register_outputs({"arn": self.arn})
