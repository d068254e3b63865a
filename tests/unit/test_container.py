"""Container definitions: unprivileged, and the same text for the same settings."""

import json
from typing import Any

import pulumi

from components.container import container_definitions
from components.load_balancer import DEREGISTRATION_DELAY
from components.settings import ServiceSettings
from tests.unit.support import programs


def text_of(service: ServiceSettings) -> str:
    def program() -> None:
        made = container_definitions("web", service, log_group="/ecs/web", region="eu-west-1")
        pulumi.export("text", made)

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
    for key in ("environment", "mountPoints", "systemControls", "volumesFrom"):
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
