"""The listeners of a load balancer, and what they answer where no rule does."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.settings import LoadBalancerSettings


def https_listener(
    name: str,
    settings: LoadBalancerSettings,
    certificate: pulumi.Input[str],
    *,
    balancer: aws.lb.LoadBalancer,
    parent: pulumi.Resource,
) -> aws.lb.Listener:
    """Create the listener for HTTPS, which answers requests that no rule matches with 404.

    Args:
        name: prefix of its name.
        settings: its TLS policy, and what it tells browsers.
        certificate: ARN of an issued certificate.
        balancer: whose listener it is.
        parent: the component that it belongs to.
    """
    remembered = settings.strict_transport_security
    return aws.lb.Listener(
        f"{name}-https",
        load_balancer_arn=balancer.arn,
        port=443,
        protocol="HTTPS",
        ssl_policy=settings.tls_policy,
        certificate_arn=certificate,
        default_actions=[not_found()],
        routing_http_response_server_enabled=False,
        routing_http_response_strict_transport_security_header_value=(
            f"max-age={remembered}" if remembered is not None else None
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def http_listener(
    name: str,
    default_actions: Sequence[aws.lb.ListenerDefaultActionArgs],
    *,
    balancer: aws.lb.LoadBalancer,
    parent: pulumi.Resource,
) -> aws.lb.Listener:
    """Create the listener for HTTP.

    Args:
        name: prefix of its name.
        default_actions: what it does with requests that no rule matches.
        balancer: whose listener it is.
        parent: the component that it belongs to.
    """
    return aws.lb.Listener(
        f"{name}-http",
        load_balancer_arn=balancer.arn,
        port=80,
        protocol="HTTP",
        default_actions=default_actions,
        routing_http_response_server_enabled=False,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def to_https() -> aws.lb.ListenerDefaultActionArgs:
    """Return what sends a browser to the same place by HTTPS."""
    return aws.lb.ListenerDefaultActionArgs(
        type="redirect",
        redirect=aws.lb.ListenerDefaultActionRedirectArgs(
            protocol="HTTPS", port="443", status_code="HTTP_301"
        ),
    )


def not_found() -> aws.lb.ListenerDefaultActionArgs:
    """Return what a listener answers to requests that no route matches."""
    return aws.lb.ListenerDefaultActionArgs(
        type="fixed-response",
        fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
            content_type="text/plain", message_body="Not found\n", status_code="404"
        ),
    )
