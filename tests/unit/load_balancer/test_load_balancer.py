"""LoadBalancer: HTTPS for everybody, or HTTP for named blocks; a rule for each route."""

from functools import partial

import pulumi
import pytest

from components.settings import RouteSettings
from tests.unit.support import programs
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.reach import Connection, reach

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678"
LISTENER = "aws:lb/listener:Listener"


def with_route(**settings: object) -> None:
    balancer = programs.balancer(programs.network(), **settings)
    service = pulumi.ComponentResource("test:service:It", "it")
    balancer.add_route(
        "shop", 8080, RouteSettings(path="/shop/*", host="a.example"), parent=service
    )
    pulumi.export("url", balancer.url)


@pytest.fixture(scope="module")
def https(*, preview: bool) -> Recorder:
    return programs.run(partial(with_route, certificateArn=CERTIFICATE), preview=preview)


@pytest.fixture(scope="module")
def http(*, preview: bool) -> Recorder:
    blocks = ["203.0.113.0/24", "198.51.100.0/24"]
    return programs.run(partial(with_route, allowedCidrs=blocks), preview=preview)


def test_with_a_certificate_http_is_redirected_to_https(https: Recorder) -> None:
    plain, tls = (https.one(LISTENER, name).inputs for name in ("public-http", "public-https"))
    assert (plain["port"], plain["protocol"]) == (80, "HTTP")
    assert plain["defaultActions"] == [
        {
            "type": "redirect",
            "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"},
        }
    ]
    assert (tls["port"], tls["protocol"], tls["certificateArn"]) == (443, "HTTPS", CERTIFICATE)
    assert tls["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"


def test_with_a_certificate_everybody_reaches_the_two_listeners(https: Recorder) -> None:
    assert reach(https) == {
        Connection("0.0.0.0/0", "public-group", 80),
        Connection("0.0.0.0/0", "public-group", 443),
    }


def test_with_a_certificate_and_blocks_only_they_reach_it() -> None:
    program = partial(with_route, certificateArn=CERTIFICATE, allowedCidrs=["203.0.113.0/24"])
    assert {found.source for found in reach(programs.run(program, preview=False))} == {
        "203.0.113.0/24"
    }


def test_without_a_certificate_only_named_blocks_reach_it_and_only_by_http(http: Recorder) -> None:
    (listener,) = http.of(LISTENER)
    assert (listener.inputs["port"], listener.inputs["protocol"]) == (80, "HTTP")
    assert reach(http) == {
        Connection("203.0.113.0/24", "public-group", 80),
        Connection("198.51.100.0/24", "public-group", 80),
    }


def test_the_policy_of_tls_is_the_one_that_the_settings_name() -> None:
    newest = "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    program = partial(with_route, certificateArn=CERTIFICATE, tlsPolicy=newest)
    run = programs.run(program, preview=False)
    assert run.one(LISTENER, "public-https").inputs["sslPolicy"] == newest


def test_an_internal_one_stands_in_the_private_subnets_for_private_networks(
    *, preview: bool
) -> None:
    run = programs.run(partial(with_route, scheme="internal"), preview=preview)
    balancer = run.one("aws:lb/loadBalancer:LoadBalancer").inputs
    assert balancer["internal"] is True
    assert balancer["subnets"] in (UNKNOWN, [f"subnet-private-{zone}" for zone in (1, 2, 3)])
    assert {found.source for found in reach(run)} == {
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
    }  # fmt: skip


def test_without_domain_firewall_and_logs_it_creates_nothing_of_them(https: Recorder) -> None:
    packages = {found.type.split("/")[0] for found in https.registrations}
    assert not packages & {"aws:acm", "aws:route53", "aws:wafv2", "aws:s3"}
    assert "accessLogs" not in https.one("aws:lb/loadBalancer:LoadBalancer").inputs


def test_what_no_route_matches_is_not_found(http: Recorder, https: Recorder) -> None:
    for listener in (http.one(LISTENER), https.one(LISTENER, "public-https")):
        (action,) = listener.inputs["defaultActions"]
        assert action["type"] == "fixed-response"
        assert action["fixedResponse"]["statusCode"] == "404"


def test_no_answer_says_which_software_gave_it(http: Recorder, https: Recorder) -> None:
    listeners = [*http.of(LISTENER), *https.of(LISTENER)]
    assert len(listeners) == 3
    for listener in listeners:
        assert listener.inputs["routingHttpResponseServerEnabled"] is False


def test_browsers_are_told_to_stay_with_https_where_the_settings_say_so(https: Recorder) -> None:
    header = "routingHttpResponseStrictTransportSecurityHeaderValue"
    assert header not in https.one(LISTENER, "public-https").inputs
    for seconds in (0, 31_536_000):
        program = partial(with_route, certificateArn=CERTIFICATE, strictTransportSecurity=seconds)
        run = programs.run(program, preview=False)
        assert run.one(LISTENER, "public-https").inputs[header] == f"max-age={seconds}"
        assert header not in run.one(LISTENER, "public-http").inputs


def test_a_connection_is_idle_for_as_long_as_the_settings_say() -> None:
    for settings, seconds in (({}, 60), ({"idleTimeout": 300}, 300)):
        program = partial(with_route, certificateArn=CERTIFICATE, **settings)
        run = programs.run(program, preview=False)
        assert run.one("aws:lb/loadBalancer:LoadBalancer").inputs["idleTimeout"] == seconds


def test_requests_that_could_be_smuggled_are_dropped(https: Recorder) -> None:
    balancer = https.one("aws:lb/loadBalancer:LoadBalancer").inputs
    assert balancer["dropInvalidHeaderFields"]
    assert balancer["desyncMitigationMode"] == "strictest"


def test_it_stands_in_the_public_subnets_and_comes_after_the_vpcs_routes(https: Recorder) -> None:
    balancer = https.one("aws:lb/loadBalancer:LoadBalancer")
    assert balancer.inputs["subnets"] in (UNKNOWN, ["subnet-public-1", "subnet-public-2"])
    assert any("aws:ec2/route:Route" in urn for urn in balancer.dependencies)


def test_it_is_protected_from_deletion_unless_the_settings_say_otherwise(https: Recorder) -> None:
    program = partial(with_route, certificateArn=CERTIFICATE, deletionProtection=False)
    for run, protected in ((https, True), (programs.run(program, preview=False), False)):
        balancer = run.one("aws:lb/loadBalancer:LoadBalancer").inputs
        assert balancer["enableDeletionProtection"] is protected


def test_when_replaced_it_is_deleted_first_since_its_target_groups_belong_to_one_only(
    https: Recorder,
) -> None:
    assert https.one("aws:lb/loadBalancer:LoadBalancer").delete_before_replace


def test_names_that_a_replacement_would_need_twice_are_left_to_pulumi(https: Recorder) -> None:
    for type_ in (
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/targetGroup:TargetGroup",
        "aws:ec2/securityGroup:SecurityGroup",
    ):
        assert "name" not in https.one(type_).inputs


def test_a_route_sends_its_host_and_path_to_a_target_group_of_addresses(https: Recorder) -> None:
    rule = https.one("aws:lb/listenerRule:ListenerRule")
    assert rule.inputs["conditions"] == [
        {"pathPattern": {"values": ["/shop/*"]}},
        {"hostHeader": {"values": ["a.example"]}},
    ]
    (action,) = rule.inputs["actions"]
    assert action["type"] == "forward"
    group = https.one("aws:lb/targetGroup:TargetGroup")
    assert rule.sources["actions"] == {group.urn}
    assert rule.sources["listenerArn"] == {https.one(LISTENER, "public-https").urn}
    assert (group.inputs["targetType"], group.inputs["port"]) == ("ip", 8080)
    assert group.inputs["deregistrationDelay"] == 30
    assert group.inputs["healthCheck"]["path"] == "/"
    tags = {"stack": "platform-test", "service": "shop"}
    assert (group.inputs["tags"], rule.inputs["tags"]) == (tags, tags)


def test_a_route_belongs_to_the_service_that_asks_for_it(https: Recorder) -> None:
    for type_ in ("aws:lb/targetGroup:TargetGroup", "aws:lb/listenerRule:ListenerRule"):
        assert https.one(type_).parent == https.one("test:service:It").urn


def test_its_url_has_the_scheme_that_it_speaks() -> None:
    for settings, scheme in (
        ({"certificateArn": CERTIFICATE}, "https"),
        ({"allowedCidrs": ["203.0.113.0/24"]}, "http"),
    ):
        run = programs.run(partial(with_route, **settings), preview=False)
        assert run.exports["url"] == f"{scheme}://public-1.eu-west-1.elb.amazonaws.com"
