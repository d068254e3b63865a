"""Sidecars: what they run as, what they may do, and where telemetry goes."""

import json
import re
from typing import Any

import pytest

from components import EcsService
from components.settings.sidecars import CONTAINERS, PORTS
from tests.unit.support import programs
from tests.unit.support.documents import containers, statements
from tests.unit.support.engine import Recorder

BOTH: dict[str, dict[str, str]] = {"firelens": {"deliveryStream": "shop-logs"}, "adot": {}}


def web(sidecars: dict[str, Any], *, preview: bool = False) -> Recorder:
    def program() -> None:
        cluster = programs.ecs(programs.network())
        EcsService("web", programs.service(sidecars=sidecars), cluster=cluster)

    return programs.run(program, preview=preview)


def by_name(run: Recorder) -> dict[str, Any]:
    return {container["name"]: container for container in containers(run, "web-task")}


def granted(run: Recorder) -> list[dict[str, Any]]:
    return statements(run, "web-task-policy")


def test_a_service_has_no_sidecar_unless_it_asks_for_one() -> None:
    assert list(by_name(web({}))) == ["web"]


def test_the_service_starts_after_its_sidecars(*, preview: bool) -> None:
    found = by_name(web(BOTH, preview=preview))
    assert list(found) == ["log-router", "otel-collector", "web"]
    waited = [entry["containerName"] for entry in found["web"]["dependsOn"]]
    assert waited == ["log-router", "otel-collector"]


def test_no_container_has_capabilities_or_a_writable_root() -> None:
    for container in by_name(web(BOTH)).values():
        assert container["readonlyRootFilesystem"] is True
        assert container["linuxParameters"]["capabilities"] == {"add": [], "drop": ["ALL"]}


def test_only_the_log_router_runs_as_root_as_ecs_demands() -> None:
    users = {name: container["user"] for name, container in by_name(web(BOTH)).items()}
    assert users == {"log-router": "0", "otel-collector": "65534", "web": "65534"}


def test_firelens_sends_the_services_logs_to_one_delivery_stream(*, preview: bool) -> None:
    run = web({"firelens": {"deliveryStream": "shop-logs"}}, preview=preview)
    found = by_name(run)
    assert found["web"]["logConfiguration"] == {
        "logDriver": "awsfirelens",
        "options": {
            "Name": "kinesis_firehose",
            "delivery_stream": "shop-logs",
            "region": "eu-west-1",
            "retry_limit": "2",
        },
    }
    assert found["log-router"]["logConfiguration"]["logDriver"] == "awslogs"
    assert found["log-router"]["firelensConfiguration"] == {
        "type": "fluentbit",
        "options": {"enable-ecs-log-metadata": "true"},
    }
    stream = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/shop-logs"
    assert granted(run) == [
        {"Effect": "Allow", "Action": ["firehose:PutRecordBatch"], "Resource": [stream]}
    ]


def test_the_log_router_can_write_in_tmp_and_nowhere_else() -> None:
    router = by_name(web({"firelens": {"deliveryStream": "shop-logs"}}))["log-router"]
    (folder,) = router["linuxParameters"]["tmpfs"]
    assert (folder["containerPath"], folder["size"]) == ("/tmp", 16)  # noqa: S108 - the container's
    assert router["mountPoints"] == []


def test_a_collector_that_hangs_is_noticed_by_the_check_that_its_image_holds() -> None:
    check = by_name(web({"adot": {}}))["otel-collector"]["healthCheck"]
    assert check["command"] == ["CMD", "/healthcheck"]


def collector(run: Recorder) -> dict[str, Any]:
    """The configuration that the collector is given."""
    (variable,) = by_name(run)["otel-collector"]["environment"]
    assert variable["name"] == "AOT_CONFIG_CONTENT"
    found: dict[str, Any] = json.loads(variable["value"])
    return found


def test_the_service_is_told_where_and_how_adot_listens() -> None:
    run = web({"adot": {}})
    variables = {entry["name"]: entry["value"] for entry in by_name(run)["web"]["environment"]}
    assert variables["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://localhost:4317"
    assert variables["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc"
    protocols = collector(run)["receivers"]["otlp"]["protocols"]
    assert protocols["grpc"]["endpoint"] == "localhost:4317"


def test_adot_listens_on_localhost_and_on_the_ports_that_settings_keep_free_alone() -> None:
    found = collector(web({"adot": {}}))
    ends = [found["extensions"]["health_check"], *found["receivers"]["otlp"]["protocols"].values()]
    places = [one["endpoint"].split(":") for one in ends]
    assert {host for host, _ in places} == {"localhost"}
    assert sorted(int(port) for _, port in places) == list(PORTS["adot"])
    assert found["service"]["telemetry"] == {"metrics": {"level": "none"}}


def test_adot_puts_segments_and_the_services_own_log_events_and_nothing_else(
    *, preview: bool
) -> None:
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/platform-test/web:*"
    assert granted(web({"adot": {}}, preview=preview)) == [
        {"Effect": "Allow", "Action": ["xray:PutTraceSegments"], "Resource": ["*"]},
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [group],
        },
    ]


def test_each_task_has_a_log_stream_for_its_metrics_and_metrics_do_not_multiply() -> None:
    found = collector(web({"adot": {}}))
    exporter = found["exporters"]["awsemf"]
    assert exporter["log_group_name"] == "/ecs/platform-test/web"
    assert exporter["log_stream_name"] == "metrics/{TaskId}"
    assert exporter["dimension_rollup_option"] == "NoDimensionRollup"
    assert exporter["resource_to_telemetry_conversion"] == {"enabled": False}
    # The name of the stream takes the task's id, which the detector finds.
    assert found["processors"]["resourcedetection"]["detectors"] == ["ecs"]
    for pipeline in found["service"]["pipelines"].values():
        assert pipeline["processors"][0] == "resourcedetection"
        assert set(pipeline["processors"]) <= set(found["processors"])


@pytest.mark.parametrize("kind", ["firelens", "adot"])
def test_the_image_can_be_another(kind: str) -> None:
    chosen = {**BOTH[kind], "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1"}
    images = {container["image"] for container in by_name(web({kind: chosen})).values()}
    assert chosen["image"] in images


def test_the_execution_role_may_pull_a_sidecars_image() -> None:
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1"
    run = web({name: {**given, "image": image} for name, given in BOTH.items()})
    found = statements(run, "web-execution-policy")
    repository = "arn:aws:ecr:eu-west-1:111122223333:repository/own"
    assert [s for s in found if s["Resource"] == [repository]]
    assert len([s for s in found if s["Action"] == ["ecr:GetAuthorizationToken"]]) == 1


def test_settings_know_the_names_and_ports_of_sidecars() -> None:
    found = by_name(web(BOTH))
    assert set(found) == {"web", *CONTAINERS.values()}
    (configuration,) = [
        entry["value"]
        for entry in found[CONTAINERS["adot"]]["environment"]
        if entry["name"] == "AOT_CONFIG_CONTENT"
    ]
    assert {int(port) for port in re.findall(r"localhost:(\d+)", configuration)} == {*PORTS["adot"]}
