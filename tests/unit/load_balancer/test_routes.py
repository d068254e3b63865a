"""LoadBalancer's routes: what a rule matches, who signs in, how a target group behaves."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.load_balancer.load_balancer import Route
from components.load_balancer.login import client_secret, login_action
from components.settings import RouteSettings
from components.settings.login import LoginSettings
from tests.unit.support import programs
from tests.unit.support.engine import Recorder, Registration
from tests.unit.support.reach import EGRESS

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678"
RULE = "aws:lb/listenerRule:ListenerRule"
GROUP = "aws:lb/targetGroup:TargetGroup"
OIDC = {
    "issuer": "https://id.example.com",
    "authorizationEndpoint": "https://id.example.com/authorize",
    "tokenEndpoint": "https://id.example.com/token",
    "userInfoEndpoint": "https://id.example.com/userinfo",
    "clientId": "shop-client",
    "secretName": "shop/login",
}
COGNITO = {
    "userPoolArn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc",
    "clientId": "shop-client",
    "domain": "shop",
}


def routed(
    *routes: dict[str, Any], alternate: bool = False, seen: Callable[[Route], None] | None = None
) -> Callable[[], None]:
    """Return a program with a route for each of the services s0, s1 …."""

    def program() -> None:
        balancer = programs.balancer(programs.network(), certificateArn=CERTIFICATE)
        for number, given in enumerate(routes):
            settings = programs.section(RouteSettings, {"path": f"/{number}/*", **given})
            service = pulumi.ComponentResource("test:service:It", f"s{number}")
            route = balancer.add_route(
                f"s{number}", 8080, settings, parent=service, alternate=alternate
            )
            if seen:
                seen(route)

    return program


def group(run: Recorder) -> Registration:
    return run.one(GROUP)


def test_a_rule_matches_path_host_methods_and_headers_all_at_once(*, preview: bool) -> None:
    route = {
        "path": "/api/*",
        "host": "a.example.com",
        "methods": ["HEAD", "GET"],
        "headers": {"X-Version": ["2"]},
    }
    run = programs.run(routed(route), preview=preview)
    assert run.one(RULE).inputs["conditions"] == [
        {"pathPattern": {"values": ["/api/*"]}},
        {"hostHeader": {"values": ["a.example.com"]}},
        {"httpRequestMethod": {"values": ["GET", "HEAD"]}},
        {"httpHeader": {"httpHeaderName": "X-Version", "values": ["2"]}},
    ]


def test_the_order_in_which_settings_name_things_makes_no_difference() -> None:
    one = {"path": "/a", "methods": ["GET", "PUT"], "headers": {"A": ["1"], "B": ["2"]}}
    other = {"path": "/a", "methods": ["PUT", "GET"], "headers": {"B": ["2"], "A": ["1"]}}
    first, second = (
        programs.run(routed(route), preview=False).one(RULE).inputs for route in (one, other)
    )
    assert first == second


def test_a_route_with_conditions_comes_before_the_same_one_without() -> None:
    run = programs.run(routed({"path": "/*", "methods": ["GET"]}, {"path": "/*"}), preview=False)
    reads, everything = (run.one(RULE, name).inputs for name in ("s0-rule", "s1-rule"))
    assert reads["priority"] < everything["priority"]


def test_no_rule_changes_when_a_service_is_added_or_removed() -> None:
    services = {
        name: {"image": programs.IMAGE, "port": 8080, "route": {"path": path}}
        for name, path in (("web", "/*"), ("shop", "/shop/*"), ("api", "/api/*"), ("app", "/app/*"))
    }

    def priorities(*names: str) -> dict[str, int]:
        given = {
            "loadBalancer": {"certificateArn": CERTIFICATE},
            "services": {name: services[name] for name in names},
        }
        rules = programs.page(given, preview=False).of(RULE)
        return {rule.name: rule.inputs["priority"] for rule in rules}

    everything = priorities(*services)
    for left_out in services:
        rest = priorities(*(name for name in reversed(services) if name != left_out))
        assert rest == {k: v for k, v in everything.items() if k != f"{left_out}-rule"}


def test_requests_go_to_the_least_busy_task_and_no_client_is_held_to_one_by_default() -> None:
    inputs = group(programs.run(routed({}), preview=False)).inputs
    assert inputs["loadBalancingAlgorithmType"] == "least_outstanding_requests"
    assert inputs["slowStart"] == 0
    assert inputs["stickiness"]["enabled"] is False


def test_slow_start_takes_turns_since_elb_has_it_with_that_only() -> None:
    inputs = group(programs.run(routed({"slowStart": 60}), preview=False)).inputs
    assert (inputs["slowStart"], inputs["loadBalancingAlgorithmType"]) == (60, "round_robin")


def test_a_sticky_client_keeps_its_task_by_a_cookie() -> None:
    inputs = group(programs.run(routed({"stickiness": 600}), preview=False)).inputs
    assert inputs["stickiness"] == {"type": "lb_cookie", "enabled": True, "cookieDuration": 600}


def test_the_health_check_and_the_way_out_are_the_settings() -> None:
    check = {
        "path": "/up",
        "interval": 30,
        "timeout": 10,
        "healthyThreshold": 4,
        "unhealthyThreshold": 5,
        "matcher": "200,204",
    }
    route = {"healthCheck": check, "deregistrationDelay": 120}
    inputs = group(programs.run(routed(route), preview=False)).inputs
    assert inputs["healthCheck"] == check
    assert inputs["deregistrationDelay"] == 120


def test_a_login_comes_before_the_forward_and_reads_its_secret_by_name(*, preview: bool) -> None:
    run = programs.run(routed({"login": {"oidc": OIDC, "sessionTimeout": 600}}), preview=preview)
    login, forward = run.one(RULE).inputs["actions"]
    assert (login["type"], login["order"]) == ("authenticate-oidc", 1)
    assert (forward["type"], forward["order"]) == ("forward", 2)
    assert login["authenticateOidc"] == {
        "issuer": OIDC["issuer"],
        "authorizationEndpoint": OIDC["authorizationEndpoint"],
        "tokenEndpoint": OIDC["tokenEndpoint"],
        "userInfoEndpoint": OIDC["userInfoEndpoint"],
        "clientId": "shop-client",
        "clientSecret": "value of shop/login",
        "scope": "openid",
        "sessionCookieName": "AWSELBAuthSessionCookie-s0",
        "sessionTimeout": 600,
        "onUnauthenticatedRequest": "authenticate",
    }


def test_the_client_secret_is_a_secret_to_pulumi_too() -> None:
    def program() -> None:
        settings = programs.section(LoginSettings, {"oidc": OIDC})
        oidc = login_action("s0", settings).authenticate_oidc
        assert isinstance(oidc, aws.lb.ListenerRuleActionAuthenticateOidcArgs)
        assert isinstance(oidc.client_secret, pulumi.Output)
        pulumi.export("secret", pulumi.Output.from_input(oidc.client_secret.is_secret()))

    assert programs.run(program, preview=False).exports["secret"] is True


def test_an_end_of_line_is_no_part_of_a_client_secret() -> None:
    assert client_secret("shop/login", "s3cret\n") == "s3cret"


@pytest.mark.parametrize(
    ("text", "found"),
    [('{"clientSecret": "s3cret"}', "JSON"), ("\n", "no text"), (None, "no text")],
)
def test_what_cant_be_a_client_secret_is_refused_without_showing_it(
    text: str | None, found: str
) -> None:
    with pytest.raises(pulumi.RunError, match=rf"shop/login .*{found}") as error:
        client_secret("shop/login", text)
    assert "s3cret" not in str(error.value)


def test_a_login_with_cognito_needs_no_secret_of_ours(*, preview: bool) -> None:
    route = {"login": {"cognito": COGNITO, "unauthenticated": "deny"}}
    run = programs.run(routed(route), preview=preview)
    login, _ = run.one(RULE).inputs["actions"]
    assert login["type"] == "authenticate-cognito"
    assert login["authenticateCognito"] == {
        "userPoolArn": COGNITO["userPoolArn"],
        "userPoolClientId": "shop-client",
        "userPoolDomain": "shop",
        "scope": "openid",
        "sessionCookieName": "AWSELBAuthSessionCookie-s0",
        "sessionTimeout": 43200,
        "onUnauthenticatedRequest": "deny",
    }


def test_two_logins_keep_their_sessions_apart_but_share_one_way_out(*, preview: bool) -> None:
    run = programs.run(
        routed({"login": {"oidc": OIDC}}, {"login": {"cognito": COGNITO}}, {}), preview=preview
    )
    cookies = {
        (action.get("authenticateOidc") or action["authenticateCognito"])["sessionCookieName"]
        for rule in run.of(RULE)
        for action in rule.inputs["actions"][:-1]
    }
    assert len(cookies) == 2
    (out,) = [rule for rule in run.of(EGRESS) if rule.name == "public-login-https-egress"]
    assert (out.inputs["fromPort"], out.inputs["cidrIpv4"]) == (443, "0.0.0.0/0")
    assert out.sources["securityGroupId"] == {run.named("public-group").urn}


def test_without_a_login_the_load_balancer_reaches_nothing_but_the_services() -> None:
    run = programs.run(routed({}), preview=False)
    assert not [rule for rule in run.of(EGRESS) if rule.inputs.get("cidrIpv4")]


def test_a_rule_whose_weights_ecs_moves_holds_two_groups_and_is_left_alone_then(
    *, preview: bool
) -> None:
    routes: list[Route] = []
    run = programs.run(routed({}, alternate=True, seen=routes.append), preview=preview)
    rule = run.one(RULE)
    (action,) = rule.inputs["actions"]
    weights = [target["weight"] for target in action["forward"]["targetGroups"]]
    assert weights == [100, 0]
    assert {found.urn for found in run.of(GROUP)} == rule.sources["actions"]
    assert rule.ignore_changes == ("actions",)
    assert routes[0].alternate is not None


def test_a_rule_that_ecs_moves_is_made_anew_when_its_groups_are_or_when_shifting_begins(
    *, preview: bool
) -> None:
    # Its actions are ignored, so an update would leave it on the groups that it had.
    fixed, shifting = (
        programs.run(routed({}, alternate=alternate), preview=preview)
        for alternate in (False, True)
    )
    before, after = fixed.one(RULE), shifting.one(RULE)
    assert before.replacement_trigger != after.replacement_trigger
    assert after.replace_with == {found.urn for found in shifting.of(GROUP)}
    assert not before.replace_with


def test_a_rule_that_is_made_anew_is_deleted_first_since_its_priority_is_taken() -> None:
    for alternate in (False, True):
        run = programs.run(routed({}, alternate=alternate), preview=False)
        assert run.one(RULE).delete_before_replace


def test_both_groups_of_a_shifting_service_are_alike_but_for_their_names() -> None:
    run = programs.run(routed({"slowStart": 30}, alternate=True), preview=False)
    first, second = run.of(GROUP)
    assert first.inputs == second.inputs
    assert "name" not in first.inputs
    # An automatic name adds eight characters to the service's 20 at most, within 32.
    assert {found.name.removeprefix("s0") for found in (first, second)} == {"-tg", "-alt"}


def test_any_other_rule_is_corrected_when_somebody_changes_it(*, preview: bool) -> None:
    routes: list[Route] = []
    run = programs.run(routed({}, seen=routes.append), preview=preview)
    assert run.one(RULE).ignore_changes == ()
    assert routes[0].alternate is None


def test_a_login_cant_be_on_a_rule_whose_weights_ecs_moves() -> None:
    with pytest.raises(pulumi.RunError, match=r"services\.s0\.route\.login"):
        programs.run(routed({"login": {"oidc": OIDC}}, alternate=True), preview=False)
