"""The load balancer that all services share, whichever runtime they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.network import Network
from components.priorities import rule_priority
from components.settings import LoadBalancerSettings, RouteSettings
from components.settings.cidrs import EVERYWHERE

TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.3 and 1.2 with forward secrecy: the policy that AWS recommends (Elastic Load Balancing user
guide, "Security policies for your Application Load Balancer")."""

STACK_TAG: Final = "stack"
"""Tag that says which stack a target group belongs to."""

DEREGISTRATION_DELAY: Final = 30
"""Seconds for which a target that leaves still finishes its requests."""


@dataclass(frozen=True)
class Route:
    """A target group and the listener rule that sends requests to it."""

    target_group: aws.lb.TargetGroup
    rule: aws.lb.ListenerRule


class LoadBalancer(pulumi.ComponentResource):
    """An internet-facing application load balancer.

    Creates the load balancer, its security group and its listeners: with a certificate HTTPS and a
    redirect from HTTP, without one HTTP for named blocks only. A request that no route matches is
    answered with 404. Services add their routes with `add_route`.

    Cost (us-east-1): 16 USD a month and 0.008 USD per capacity unit and hour; public addresses,
    one for each zone, 3.60 USD a month each.
    """

    security_group_id: pulumi.Output[str]
    url: pulumi.Output[str]
    """Where the load balancer answers, by AWS's name of it."""

    def __init__(
        self,
        name: str,
        settings: LoadBalancerSettings,
        *,
        network: Network,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:loadbalancer:LoadBalancer", name, None, opts)
        self._network = network
        self._name = name
        group = self._create_security_group()
        self.security_group_id = group.id
        load_balancer = self._create_load_balancer(settings, group)
        if settings.certificate_arn:
            self._listener = self._listen_https(load_balancer, settings.certificate_arn)
            self._redirect_http(load_balancer)
            self._admit(443, settings)
            scheme = "https"
        else:
            self._listener = self._listen_http(load_balancer)
            scheme = "http"
        self._admit(80, settings)
        self.url = pulumi.Output.concat(scheme, "://", load_balancer.dns_name)
        self.register_outputs({"url": self.url, "securityGroupId": self.security_group_id})

    def add_route(
        self, name: str, port: int, route: RouteSettings, *, parent: pulumi.Resource
    ) -> Route:
        """Create a target group of addresses and the listener rule that leads to it.

        Args:
            name: the service's name.
            port: TCP port on which its tasks or pods listen.
            route: what requests it gets.
            parent: the service's component.
        """
        target_group = aws.lb.TargetGroup(
            f"{name}-tg",
            port=port,
            protocol="HTTP",
            protocol_version="HTTP1",
            target_type="ip",
            vpc_id=self._network.vpc_id,
            deregistration_delay=DEREGISTRATION_DELAY,
            load_balancing_algorithm_type="least_outstanding_requests",
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                path=route.health_path,
                matcher="200-399",
                interval=15,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
            # By this tag the controller on EKS is allowed to register pods, here and nowhere else.
            tags={STACK_TAG: self._network.environment.prefix},
            opts=pulumi.ResourceOptions(parent=parent),
        )
        rule = aws.lb.ListenerRule(
            f"{name}-rule",
            listener_arn=self._listener.arn,
            priority=rule_priority(name, route.path, route.host, route.priority),
            conditions=_conditions(route),
            actions=[
                aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=target_group.arn)
            ],
            opts=pulumi.ResourceOptions(parent=parent),
        )
        return Route(target_group, rule)

    def _create_security_group(self) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._name}-group",
            description="Load balancer: clients in, services out, one rule each",
            vpc_id=self._network.vpc_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_load_balancer(
        self, settings: LoadBalancerSettings, group: aws.ec2.SecurityGroup
    ) -> aws.lb.LoadBalancer:
        return aws.lb.LoadBalancer(
            f"{self._name}-alb",
            load_balancer_type="application",
            internal=False,
            ip_address_type="ipv4",
            subnets=self._network.public_subnet_ids,
            security_groups=[group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            enable_deletion_protection=settings.deletion_protection,
            opts=pulumi.ResourceOptions(parent=self, depends_on=self._network.routes),
        )

    def _listen_https(self, balancer: aws.lb.LoadBalancer, certificate: str) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self._name}-https",
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=certificate,
            default_actions=[_not_found()],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _listen_http(self, balancer: aws.lb.LoadBalancer) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self._name}-http",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[_not_found()],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _redirect_http(self, balancer: aws.lb.LoadBalancer) -> None:
        aws.lb.Listener(
            f"{self._name}-http",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        protocol="HTTPS", port="443", status_code="HTTP_301"
                    ),
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _admit(self, port: int, settings: LoadBalancerSettings) -> None:
        for block in settings.allowed_cidrs or (EVERYWHERE,):
            aws.vpc.SecurityGroupIngressRule(
                f"{self._name}-from-{str(block).replace('/', '-')}-{port}",
                security_group_id=self.security_group_id,
                description=f"Clients from {block}",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4=str(block),
                opts=pulumi.ResourceOptions(parent=self),
            )


def _not_found() -> aws.lb.ListenerDefaultActionArgs:
    return aws.lb.ListenerDefaultActionArgs(
        type="fixed-response",
        fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
            content_type="text/plain", message_body="Not found\n", status_code="404"
        ),
    )


def _conditions(route: RouteSettings) -> Sequence[aws.lb.ListenerRuleConditionArgs]:
    conditions = [
        aws.lb.ListenerRuleConditionArgs(
            path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=[route.path])
        )
    ]
    if route.host:
        conditions.append(
            aws.lb.ListenerRuleConditionArgs(
                host_header=aws.lb.ListenerRuleConditionHostHeaderArgs(values=[route.host])
            )
        )
    return conditions
