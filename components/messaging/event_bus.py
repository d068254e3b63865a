"""Event buses that services publish to."""

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.grants import GrantableEventBus
from components.iam import document, tls_only
from components.settings import EventBusSettings


class EventBus(pulumi.ComponentResource):
    """An EventBridge event bus.

    Creates an event bus, encrypted by EventBridge, and a policy that refuses events without TLS.
    Who may publish is decided by IAM in this account, and nobody else may.

    Cost: 1.00 USD for a million events of up to 64 KB (us-east-1).
    """

    arn: pulumi.Output[str]
    """ARN, known in the first preview."""
    grantable: GrantableEventBus
    """The event bus, as services are granted it."""

    def __init__(
        self,
        name: str,
        settings: EventBusSettings,
        *,
        environment: Environment,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:eventbus:EventBus", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bus = aws.cloudwatch.EventBus(
            f"{name}-bus", name=environment.regional_name(name, limit=256), opts=child
        )
        self.arn = environment.arn("events", pulumi.Output.concat("event-bus/", bus.name))
        aws.cloudwatch.EventBusPolicy(
            f"{name}-tls-only",
            event_bus_name=bus.name,
            policy=document([tls_only(["events:PutEvents"], self.arn)]),
            opts=child,
        )
        self.grantable = GrantableEventBus(self.arn, settings.sources)
        self.register_outputs({"arn": self.arn})
