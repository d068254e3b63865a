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
    assert found["web"]["logConfiguration"]["logDriver"] == "awsfirelens"
    assert found["web"]["logConfiguration"]["options"]["delivery_stream"] == "shop-logs"
    assert found["log-router"]["logConfiguration"]["logDriver"] == "awslogs"
    assert found["log-router"]["firelensConfiguration"]["type"] == "fluentbit"
    stream = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/shop-logs"
    assert granted(run) == [
        {"Effect": "Allow", "Action": ["firehose:PutRecordBatch"], "Resource": [stream]}
    ]


def test_adot_listens_on_localhost_and_needs_no_right_to_create_log_groups() -> None:
    run = web({"adot": {}})
    found = by_name(run)
    variables = {entry["name"]: entry["value"] for entry in found["web"]["environment"]}
    assert variables["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://localhost:4317"
    (variable,) = found["otel-collector"]["environment"]
    assert variable["name"] == "AOT_CONFIG_CONTENT"
    collector = json.loads(variable["value"])
    protocols = collector["receivers"]["otlp"]["protocols"]
    assert {one["endpoint"].partition(":")[0] for one in protocols.values()} == {"localhost"}
    assert collector["exporters"]["awsemf"]["log_group_name"] == "/ecs/platform-test/web"
    actions = {action for statement in granted(run) for action in statement["Action"]}
    assert "logs:CreateLogGroup" not in actions
    assert {action.partition(":")[0] for action in actions} == {"logs", "xray"}


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
    assert {int(port) for port in re.findall(r"localhost:(\d+)", configuration)} < {*PORTS["adot"]}
