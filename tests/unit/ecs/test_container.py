"""Container definitions: unprivileged, and the same text for the same settings."""

import json
from typing import Any

import pulumi

from components.ecs.container import awslogs, definitions, own_container, serving
from components.load_balancer.load_balancer import DEREGISTRATION_DELAY
from components.settings import ServiceSettings
from tests.unit.support import programs


def text_of(service: ServiceSettings) -> str:
    def program() -> None:
        own = own_container(
            "web",
            service,
            image=programs.IMAGE,
            logs=awslogs("/ecs/web", "eu-west-1", "web"),
            environment={"ADDED": "by the platform"},
            secrets={"TOKEN": "arn:of-a-secret", "A_KEY": "arn:of-another"},
            after=["two", "one"],
            **serving("web", service),
        )
        pulumi.export("text", definitions([own]))

    text = programs.run(program, preview=False).exports["text"]
    assert isinstance(text, str)
    return text


def container(**settings: object) -> dict[str, Any]:
    (found,) = json.loads(text_of(programs.service(**settings)))
    assert isinstance(found, dict)
    return found


def test_the_text_does_not_depend_on_the_order_of_settings() -> None:
    one, other = ({"A": "1", "B": "2", "C": "3"}, {"C": "3", "B": "2", "A": "1"})
    text = text_of(programs.service(environment=one, port=8080))
    assert text == text_of(programs.service(port=8080, environment=other))
    assert text == json.dumps(json.loads(text), sort_keys=True)
    names = [entry["name"] for entry in json.loads(text)[0]["environment"]]
    assert names == sorted(names)


def test_a_secret_takes_the_place_of_a_variable_that_the_platform_adds() -> None:
    def program() -> None:
        own = own_container(
            "web",
            programs.service(environment={"LEVEL": "debug"}),
            image=programs.IMAGE,
            logs=awslogs("/ecs/web", "eu-west-1", "web"),
            environment={"ORDERS_QUEUE_URL": "https://queue", "LEVEL": "info", "OTHER": "1"},
            secrets={"ORDERS_QUEUE_URL": "arn:of-a-secret"},
        )
        pulumi.export("text", definitions([own]))

    text = programs.run(program, preview=False).exports["text"]
    assert isinstance(text, str)
    (found,) = json.loads(text)
    assert found["environment"] == [
        {"name": "LEVEL", "value": "debug"},
        {"name": "OTHER", "value": "1"},
    ]
    assert found["secrets"] == [{"name": "ORDERS_QUEUE_URL", "valueFrom": "arn:of-a-secret"}]


def test_what_ecs_fills_in_is_written_out() -> None:
    found = container(port=8080)
    assert found["portMappings"] == [
        {
            "name": "web",
            "containerPort": 8080,
            "hostPort": 8080,
            "protocol": "tcp",
            "appProtocol": "http",
        }
    ]
    for key in ("mountPoints", "systemControls", "volumesFrom"):
        assert found[key] == []


def test_the_container_is_unprivileged() -> None:
    found = container()
    assert found["user"] == "65534"
    assert found["readonlyRootFilesystem"] is True
    assert found["privileged"] is False
    assert found["linuxParameters"] == {
        "initProcessEnabled": True,
        "capabilities": {"add": [], "drop": ["ALL"]},
    }


def test_the_command_is_the_images_own_unless_it_is_set() -> None:
    assert "command" not in container()
    assert container(command=["serve", "--fast"])["command"] == ["serve", "--fast"]


def test_a_service_without_a_port_listens_on_none() -> None:
    assert container()["portMappings"] == []


def test_a_task_may_finish_its_requests_before_it_is_killed() -> None:
    assert DEREGISTRATION_DELAY < container()["stopTimeout"] <= 120


def test_logging_never_blocks_the_container() -> None:
    assert container()["logConfiguration"]["options"]["mode"] == "non-blocking"


def test_the_services_own_variables_win_over_those_of_the_platform() -> None:
    assert container()["environment"] == [{"name": "ADDED", "value": "by the platform"}]
    own = container(environment={"ADDED": "by the service"})
    assert own["environment"] == [{"name": "ADDED", "value": "by the service"}]


def test_secrets_are_references_sorted_by_variable() -> None:
    assert container()["secrets"] == [
        {"name": "A_KEY", "valueFrom": "arn:of-another"},
        {"name": "TOKEN", "valueFrom": "arn:of-a-secret"},
    ]


def test_it_starts_after_its_sidecars() -> None:
    assert container()["dependsOn"] == [
        {"containerName": "one", "condition": "START"},
        {"containerName": "two", "condition": "START"},
    ]


def test_writable_paths_are_in_memory_and_hold_no_devices_or_setuid_programs() -> None:
    found = container(writablePaths={"/var/log": 32, "/var/cache": 64})
    assert found["readonlyRootFilesystem"] is True
    assert found["linuxParameters"]["tmpfs"] == [
        {"containerPath": "/var/cache", "size": 64, "mountOptions": ["nodev", "nosuid"]},
        {"containerPath": "/var/log", "size": 32, "mountOptions": ["nodev", "nosuid"]},
    ]


def test_a_health_check_runs_without_a_shell() -> None:
    assert "healthCheck" not in container()
    assert container(healthCheck={"command": ["/check", "--quick"]})["healthCheck"] == {
        "command": ["CMD", "/check", "--quick"],
        "interval": 30,
        "timeout": 5,
        "retries": 3,
        "startPeriod": 30,
    }


def test_limits_and_times_are_those_of_the_settings() -> None:
    found = container(ulimits={"nofile": 2048}, stopTimeout=90, readOnlyRoot=False)
    assert found["ulimits"] == [{"name": "nofile", "softLimit": 2048, "hardLimit": 2048}]
    assert found["stopTimeout"] == 90
    assert found["readonlyRootFilesystem"] is False
    assert "ulimits" not in container()
