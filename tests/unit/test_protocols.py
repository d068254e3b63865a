"""What a service speaks on its port, and what follows from it on either runtime."""

from typing import Any

import pytest

from tests.unit.support import programs
from tests.unit.support.documents import containers
from tests.unit.support.engine import Recorder, Registration

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678"
HEALTH_SERVICE = "/grpc.health.v1.Health/Check"
SERVICE = "aws:ecs/service:Service"
GROUP = "aws:lb/targetGroup:TargetGroup"
ROUTED = ("http", "http2", "grpc")
PATHS = {"http": "/*", "http2": "/*", "grpc": "/shop.Prices/*"}


def prices(*, preview: bool = False, runtime: str = "ecs", **given: Any) -> Recorder:  # noqa: ANN401 - any stack file
    """Deploy the service `prices` and its only caller `shop`."""
    return programs.page(
        {
            "eks": {"enabled": runtime == "eks"},
            "loadBalancer": {"certificateArn": CERTIFICATE},
            "services": {
                "prices": {
                    "runtime": runtime,
                    "image": programs.IMAGE,
                    "port": 8080,
                    "callers": ["shop"],
                    **given,
                },
                "shop": {"runtime": runtime, "image": programs.IMAGE},
            },
        },
        preview=preview,
    )


def routed(protocol: str, check: dict[str, Any] | None = None, **given: Any) -> Recorder:  # noqa: ANN401 - any stack file
    route = {"path": PATHS[protocol], "healthCheck": check or {}}
    return prices(protocol=protocol, route=route, **given)


def health_check(run: Recorder) -> tuple[str, str]:
    """Return what the load balancer asks for, and which codes are healthy."""
    check = run.one(GROUP).inputs["healthCheck"]
    return check["path"], check["matcher"]


def service(run: Recorder, name: str = "prices") -> Registration:
    return run.one(SERVICE, f"{name}-service")


def pod(run: Recorder) -> dict[str, Any]:
    deployment = run.one("kubernetes:apps/v1:Deployment", "prices-deployment")
    (found,) = deployment.inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("protocol", ["http", "http2", "grpc", "tcp"])
def test_service_connect_is_told_what_a_port_speaks_and_takes_one_it_isnt_told_for_tcp(
    protocol: str, *, preview: bool
) -> None:
    (own,) = containers(prices(protocol=protocol, preview=preview), "prices-task")
    (port,) = own["portMappings"]
    assert port.get("appProtocol") == (None if protocol == "tcp" else protocol)
    assert (port["name"], port["containerPort"], port["protocol"]) == ("prices", 8080, "tcp")


@pytest.mark.parametrize("runtime", ["ecs", "eks"])
@pytest.mark.parametrize(
    ("protocol", "version"), [*zip(ROUTED, ("HTTP1", "HTTP2", "GRPC"), strict=True)]
)
def test_the_load_balancer_speaks_the_same_to_tasks_and_pods(
    runtime: str, protocol: str, version: str, *, preview: bool
) -> None:
    group = routed(protocol, runtime=runtime, preview=preview).one(GROUP).inputs
    assert (group["protocol"], group["protocolVersion"]) == ("HTTP", version)


def test_both_groups_of_a_service_that_shifts_calls_speak_it() -> None:
    run = routed("grpc", deployment={"strategy": "blue-green"})
    assert [group.inputs["protocolVersion"] for group in run.of(GROUP)] == ["GRPC", "GRPC"]


@pytest.mark.parametrize(
    ("given", "path", "codes"),
    [
        ({}, "/AWS.ALB/healthcheck", "12"),
        ({"path": "/AWS.ALB/healthcheck"}, "/AWS.ALB/healthcheck", "12"),
        ({"path": HEALTH_SERVICE}, HEALTH_SERVICE, "0"),
        ({"path": "/shop.Prices/Ready", "matcher": "0,5-7"}, "/shop.Prices/Ready", "0,5-7"),
        ({"matcher": "0-99"}, "/AWS.ALB/healthcheck", "0-99"),
    ],
)
def test_any_grpc_server_is_healthy_by_default_and_one_that_is_asked_has_to_say_so(
    given: dict[str, Any], path: str, codes: str
) -> None:
    assert health_check(routed("grpc", given)) == (path, codes)


@pytest.mark.parametrize("protocol", ["http", "http2"])
def test_http_is_asked_for_a_path_in_either_version(protocol: str) -> None:
    assert health_check(routed(protocol)) == ("/", "200-399")
    assert health_check(routed(protocol, {"path": "/up"})) == ("/up", "200-399")


def test_another_protocol_is_another_service_on_ecs_deleted_first_since_its_name_is_taken(
    *, preview: bool
) -> None:
    # aws/containers-roadmap#2378: Service Connect refuses to change the protocol of a port.
    before, after = (prices(protocol=one, preview=preview) for one in ("http", "grpc"))
    assert service(before).replacement_trigger != service(after).replacement_trigger
    assert service(before).delete_before_replace
    assert service(before, "shop").replacement_trigger == service(after, "shop").replacement_trigger


def test_a_new_version_of_the_image_is_the_same_service() -> None:
    before, after = (prices(image=f"nginx:1.{minor}") for minor in (28, 29))
    assert service(before).replacement_trigger == service(after).replacement_trigger


def test_another_protocol_starts_the_callers_tasks_anew(*, preview: bool) -> None:
    # What a task knows of its callees stays as it was when it started (Service Connect).
    before, after = (prices(protocol=one, preview=preview) for one in ("http", "grpc"))
    callees = [service(run, "shop").inputs["triggers"]["callees"] for run in (before, after)]
    assert callees == ["prices:8080 http", "prices:8080 grpc"]


@pytest.mark.parametrize("protocol", ["http", "http2", "grpc", "tcp"])
def test_a_pods_port_is_named_for_what_it_speaks(protocol: str, *, preview: bool) -> None:
    run = prices(runtime="eks", protocol=protocol, preview=preview)
    assert pod(run)["ports"] == [{"name": protocol, "containerPort": 8080}]
    found = run.one("kubernetes:core/v1:Service", "prices-service").inputs["spec"]
    assert found["ports"] == [
        {"name": protocol, "port": 8080, "targetPort": protocol, "protocol": "TCP"}
    ]


def test_a_pods_health_service_is_asked_where_the_load_balancer_asks_it() -> None:
    probe = pod(routed("grpc", {"path": HEALTH_SERVICE}, runtime="eks"))["readinessProbe"]
    assert probe == {"grpc": {"port": 8080}, "periodSeconds": 10, "timeoutSeconds": 5}


@pytest.mark.parametrize("protocol", ["http2", "grpc"])
def test_a_pod_that_the_kubelet_cant_ask_is_ready_when_its_port_is_open(protocol: str) -> None:
    # It speaks HTTP/1, and of gRPC the health service only, which not every server has.
    for run in (routed(protocol, runtime="eks"), prices(protocol=protocol, runtime="eks")):
        assert pod(run)["readinessProbe"] == {
            "tcpSocket": {"port": protocol},
            "periodSeconds": 10,
        }


def test_a_pod_that_speaks_no_http_is_ready_when_its_port_is_open() -> None:
    probe = pod(prices(protocol="tcp", runtime="eks"))["readinessProbe"]
    assert probe == {"tcpSocket": {"port": "tcp"}, "periodSeconds": 10}


def test_calls_by_grpc_are_counted_like_requests() -> None:
    run = routed("grpc", scaling={"requests": 500})
    policy = run.named("prices-scaling-requests").inputs
    metric = policy["targetTrackingScalingPolicyConfiguration"]["predefinedMetricSpecification"]
    assert metric["predefinedMetricType"] == "ALBRequestCountPerTarget"
