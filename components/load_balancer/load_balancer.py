"""The load balancer that all services share, whichever runtime they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.load_balancer.access_logs import access_log_delivery
from components.load_balancer.certificates import DomainZone
from components.load_balancer.listener_rules import (
    rule_actions,
    rule_conditions,
    rule_options,
    target_group,
)
from components.load_balancer.listeners import http_listener, https_listener, not_found, to_https
from components.load_balancer.priorities import rule_priority
from components.load_balancer.web_acl import protect
from components.network.network import Network
from components.settings import LoadBalancerSettings, RouteSettings
from components.settings.cidrs import EVERYWHERE
from components.settings.protocol import PortProtocol
from components.storage.log_bucket import create_log_bucket

STACK_TAG: Final = "stack"
"""Tag that says which stack a target group belongs to."""

SERVICE_TAG: Final = "service"
"""Tag that says which service a target group belongs to."""

DEREGISTRATION_DELAY: Final[int] = RouteSettings.model_fields["deregistration_delay"].default
"""Seconds for which a target that leaves still finishes its requests, unless its route says other
than the default."""


@dataclass(frozen=True)
class Route:
    """A target group and the listener rule that sends requests to it.

    Attributes:
        target_group: where requests go.
        rule: what sends them there.
        alternate: a second target group of the rule, for ECS to shift requests to and fro.
    """

    target_group: aws.lb.TargetGroup
    rule: aws.lb.ListenerRule
    alternate: aws.lb.TargetGroup | None = None


class LoadBalancer(pulumi.ComponentResource):
    """An application load balancer, internet-facing or internal.

    Creates the load balancer, its security group and its listeners: with a certificate HTTPS and a
    redirect from HTTP, without one HTTP for named blocks only. With a domain it creates the
    certificate, the records that validate it and alias records; with `waf` a web ACL and its log
    group; with `accessLogs` a bucket for them. A request that no route matches is answered with
    404. Services add their routes with `add_route`.

    Cost (us-east-1): 16 USD a month and 0.008 USD per capacity unit and hour; public addresses,
    one for each zone, 3.60 USD a month each. With `waf` 9 USD a month for the default rules and
    0.60 USD per million requests.
    """

    security_group_id: pulumi.Output[str]
    url: pulumi.Output[str]
    """Where the load balancer answers: by its domain, or else by AWS's name of it."""
    arn_suffix: pulumi.Output[str]
    """What metrics call it."""

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
        self._settings = settings
        self._signs_in = False
        group = self._create_security_group()
        self.security_group_id = group.id
        self._balancer = self._create_load_balancer(group)
        self.arn_suffix = self._balancer.arn_suffix
        self._zone = DomainZone(name, settings.domain, parent=self) if settings.domain else None
        certificate = self._zone.create_certificate() if self._zone else settings.certificate_arn
        if certificate is not None:
            self._listener = https_listener(
                name, settings, certificate, balancer=self._balancer, parent=self
            )
            http_listener(name, [to_https()], balancer=self._balancer, parent=self)
            self._admit(443)
        else:
            self._listener = http_listener(
                name, [not_found()], balancer=self._balancer, parent=self
            )
        self._admit(80)
        if settings.waf.enabled:
            protect(
                name,
                settings.waf,
                environment=network.environment,
                balancer=self._balancer,
                parent=self,
            )
        self.url = self._name_in_dns()
        self.register_outputs({"url": self.url, "securityGroupId": self.security_group_id})

    def add_route(
        self,
        name: str,
        port: int,
        route: RouteSettings,
        *,
        parent: pulumi.Resource,
        protocol: PortProtocol = "http",
        alternate: bool = False,
    ) -> Route:
        """Create a target group of addresses and the listener rule that leads to it.

        Args:
            name: the service's name.
            port: TCP port on which its tasks or pods listen.
            route: what requests it gets.
            parent: the service's component.
            protocol: what they speak there; http2 and grpc need HTTPS, and tcp has no route.
            alternate: create a second target group, to which ECS shifts requests during a
                blue/green, linear or canary deployment. The rule's weights are then ECS's own.

        Raises:
            pulumi.RunError: the route has a login and an alternate.
        """
        if alternate and route.login:
            raise pulumi.RunError(
                f"services.{name}.route.login: ECS takes over rules that only forward; remove "
                "login, or use the deployment strategy rolling"
            )
        tags = route_tags(name, self._network.environment)
        create = partial(
            target_group,
            port=port,
            route=route,
            protocol=protocol,
            vpc_id=self._network.vpc_id,
            tags=dict(tags),
            parent=parent,
        )
        group = create(f"{name}-tg")
        second = create(f"{name}-alt") if alternate else None
        rule = aws.lb.ListenerRule(
            f"{name}-rule",
            listener_arn=self._listener.arn,
            priority=rule_priority(name, route.path, route.host, route.priority, route.conditions),
            conditions=rule_conditions(route),
            actions=rule_actions(name, route, group, second),
            tags=tags,
            opts=rule_options(parent, group, second),
        )
        if self._zone and route.host:
            self._zone.point_to(self._balancer, [route.host])
        if route.login:
            self._reach_login()
        return Route(group, rule, second)

    def _create_security_group(self) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._name}-group",
            description="Load balancer: clients in, services out, one rule each",
            vpc_id=self._network.vpc_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_load_balancer(self, group: aws.ec2.SecurityGroup) -> aws.lb.LoadBalancer:
        settings, network = self._settings, self._network
        logs = (
            create_log_bucket(
                f"{self._name}-logs",
                delivery=access_log_delivery,
                environment=network.environment,
                retention_days=settings.access_logs.retention_days,
                keep=settings.deletion_protection,
                parent=self,
            )
            if settings.access_logs.enabled
            else None
        )
        internal = settings.scheme == "internal"
        return aws.lb.LoadBalancer(
            f"{self._name}-alb",
            load_balancer_type="application",
            internal=internal,
            ip_address_type="ipv4",
            subnets=network.private_subnet_ids if internal else network.public_subnet_ids,
            security_groups=[group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            idle_timeout=settings.idle_timeout,
            enable_deletion_protection=settings.deletion_protection,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(enabled=True, bucket=logs.name)
            if logs
            else None,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=network.routes.apply(
                    lambda routes: [*(logs.ready if logs else ()), *routes]
                ),
                # A target group belongs to one load balancer (quotas, "Load balancers per target
                # group"): the old one has to let go of it first.
                delete_before_replace=True,
            ),
        )

    def _admit(self, port: int) -> None:
        for block in self._settings.clients:
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

    def _name_in_dns(self) -> pulumi.Output[str]:
        """Create the domain's alias records, and return the load balancer's URL."""
        scheme = "https" if self._settings.tls else "http"
        domain = self._settings.domain
        if self._zone is None or domain is None:
            return pulumi.Output.concat(scheme, "://", self._balancer.dns_name)
        self._zone.point_to(
            self._balancer, [name for name in domain.names if not name.startswith("*.")]
        )
        return pulumi.Output.from_input(f"{scheme}://{domain.name}")

    def _reach_login(self) -> None:
        """Let the load balancer reach the providers that sign users in; once for all routes."""
        if self._signs_in:
            return
        self._signs_in = True
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-login-https-egress",
            security_group_id=self.security_group_id,
            description="Token and user info endpoints of logins",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=str(EVERYWHERE),
            opts=pulumi.ResourceOptions(parent=self),
        )


def route_tags(service: str, environment: Environment) -> Mapping[str, str]:
    """Return the tags of a service's target groups and listener rule.

    By them the controller on EKS may register pods, and ECS shift requests, here and nowhere else.
    """
    return {STACK_TAG: environment.prefix, SERVICE_TAG: service}
