"""What AWS refuses of a listener, a rule or a service because of what another resource speaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client

LISTENER = "urn:pulumi:dev::p::aws:lb/listener:Listener::https"
GROUP = "urn:pulumi:dev::p::aws:lb/targetGroup:TargetGroup::web"
RULE = "urn:pulumi:dev::p::aws:lb/listenerRule:ListenerRule::web-rule"
TASK = "urn:pulumi:dev::p::aws:ecs/taskDefinition:TaskDefinition::web-task"
SERVICE = "urn:pulumi:dev::p::aws:ecs/service:Service::web-service"
REFUSED = r"InvalidLoadBalancerAction: Listener protocol 'HTTP' is not supported .* '(GRPC|HTTP2)'"
KEPT = r"InvalidParameterException: .* applicationProtocol of a port cannot be changed"


def listener(aws: Client, protocol: str) -> dict[str, Any]:
    secure = {"certificateArn": "arn:x", "sslPolicy": "ELBSecurityPolicy-2016-08"}
    return aws.deploy(
        LISTENER,
        loadBalancerArn="arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/1",
        port=443,
        protocol=protocol,
        defaultActions=[{"type": "fixed-response"}],
        **(secure if protocol == "HTTPS" else {}),
    )[1]


def group(aws: Client, version: str) -> dict[str, Any]:
    return aws.deploy(
        f"{GROUP}-{version}",
        port=80,
        protocol="HTTP",
        protocolVersion=version,
        targetType="ip",
        vpcId="vpc-1",
    )[1]


def rule(listener: dict[str, Any], *groups: dict[str, Any]) -> dict[str, Any]:
    arns = [{"arn": each["arn"], "weight": 1} for each in groups]
    forward = {"forward": {"targetGroups": arns}} if len(arns) > 1 else {}
    return {
        "listenerArn": listener["arn"],
        "priority": 1,
        "conditions": [{"pathPattern": {"values": ["/*"]}}],
        "actions": [{"type": "forward", "targetGroupArn": arns[0]["arn"], **forward}],
    }


@pytest.mark.parametrize("version", ["GRPC", "HTTP2"])
def test_a_listener_without_tls_forwards_no_http2(version: str, aws: Client) -> None:
    given = rule(listener(aws, "HTTP"), group(aws, version))
    with pytest.raises(Exception, match=REFUSED):
        aws.create(RULE, given)


def test_one_of_several_groups_is_enough(aws: Client) -> None:
    given = rule(listener(aws, "HTTP"), group(aws, "HTTP1"), group(aws, "GRPC"))
    with pytest.raises(Exception, match=REFUSED):
        aws.create(RULE, given)


def test_a_listener_of_the_last_run_is_known_by_its_state(aws: Client) -> None:
    arn = "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/web/1/2"
    state = {"arn": arn, "protocol": "HTTP", "port": 80}
    aws.diff(LISTENER, state, state)
    id_, old = aws.create(RULE, rule(state, group(aws, "HTTP1")))
    with pytest.raises(Exception, match=REFUSED):
        aws.update(RULE, id_, old, rule(state, group(aws, "GRPC")))


@pytest.mark.parametrize("version", ["GRPC", "HTTP1", "HTTP2"])
def test_https_forwards_all_of_them_and_http_the_first_version(version: str, aws: Client) -> None:
    aws.create(RULE, rule(listener(aws, "HTTPS"), group(aws, version)))


def test_http_forwards_the_first_version(aws: Client) -> None:
    aws.create(RULE, rule(listener(aws, "HTTP"), group(aws, "HTTP1")))


def test_a_listeners_own_action_is_judged_too(aws: Client) -> None:
    action = {"type": "forward", "targetGroupArn": group(aws, "GRPC")["arn"]}
    given = {"loadBalancerArn": "arn:lb/app/web/1", "port": 80, "protocol": "HTTP"}
    with pytest.raises(Exception, match=REFUSED):
        aws.create(LISTENER, {**given, "defaultActions": [action]})


def task(aws: Client, protocol: str | None) -> dict[str, Any]:
    port = {"name": "web", "containerPort": 80, **({"appProtocol": protocol} if protocol else {})}
    container = {"name": "web", "image": "nginx:1", "portMappings": [port]}
    return aws.create(TASK, {"family": "web", "containerDefinitions": json.dumps([container])})[1]


def service(task: dict[str, Any], *, served: bool) -> dict[str, Any]:
    services = [{"portName": "web", "discoveryName": "web"}] if served else []
    return {
        "name": "web",
        "taskDefinition": task["arn"],
        "serviceConnectConfiguration": {"enabled": True, "services": services},
    }


@pytest.mark.parametrize(("old", "new"), [("http", "grpc"), ("http", None), (None, "http2")])
def test_service_connect_keeps_the_protocol_of_a_port(
    old: str | None, new: str | None, aws: Client
) -> None:
    before, after = (service(task(aws, protocol), served=True) for protocol in (old, new))
    id_, state = aws.create(SERVICE, before)
    with pytest.raises(Exception, match=KEPT):
        aws.update(SERVICE, id_, state, after)
    aws.delete(SERVICE, id_, state)
    aws.create(SERVICE, after)


@pytest.mark.parametrize("served", [False, True])
def test_another_image_or_a_port_that_nobody_is_served_changes_in_place(
    served: bool,  # noqa: FBT001 - a parameter of the test
    aws: Client,
) -> None:
    before = service(task(aws, "http"), served=served)
    after = service(task(aws, "http" if served else "grpc"), served=served)
    id_, state = aws.create(SERVICE, before)
    assert aws.update(SERVICE, id_, state, after)["taskDefinition"] == after["taskDefinition"]
