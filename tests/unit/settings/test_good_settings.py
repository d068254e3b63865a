"""What stack files may say, and what they mean when they don't say it."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

import pytest
from pydantic import ValidationError

from components.settings import Settings
from components.settings.base import Model
from components.settings.errors import _only_model, _value_type
from components.settings.platform import GRANTABLE
from tests.unit.support.programs import IMAGE, STACKS, declared, read_stack, service

DECLARED = declared()


@pytest.mark.parametrize("stack", STACKS)
def test_the_stack_files_of_this_repository_are_valid(stack: str) -> None:
    assert Settings.parse(read_stack(stack)).services


def test_an_empty_stack_file_is_valid_and_builds_a_network_and_an_ecs_cluster() -> None:
    settings = Settings.parse({})
    assert settings.network.cidr == IPv4Network("10.0.0.0/16")
    assert (settings.network.zones, settings.network.nat) == (3, "per-zone")
    assert settings.network.flow_logs.enabled
    assert settings.ecs.enabled
    assert not settings.eks.enabled
    assert not settings.load_balancer.enabled
    assert not settings.queues
    assert not settings.services


def test_a_service_needs_an_image_only_and_is_small_private_and_unprivileged_by_default() -> None:
    web = service()
    assert (web.runtime, web.architecture, web.capacity) == ("ecs", "x86_64", None)
    assert (web.size.cpu, web.size.memory) == (0.25, 512)
    assert (web.scaling.min, web.scaling.max, web.scaling.cpu) == (1, 4, 60)
    assert web.user == 65_534
    assert (web.port, web.route, web.namespace) == (None, None, None)
    assert (web.callers, web.grants, web.environment, web.command) == ((), {}, {}, ())


def test_protection_against_deletion_is_on_unless_it_is_switched_off() -> None:
    settings = Settings.parse({"loadBalancer": {"allowedCidrs": ["203.0.113.0/24"]}})
    assert settings.load_balancer.deletion_protection
    assert settings.eks.deletion_protection


def test_plain_defaults_of_the_project_file_are_the_settings_own() -> None:
    defaults = {key: schema["default"] for key, schema in DECLARED.items()}
    assert Settings.parse(defaults) == Settings.parse({})


def test_the_project_file_describes_every_key_of_the_settings_and_no_other() -> None:
    keys = {field.alias or name for name, field in Settings.model_fields.items()}
    assert set(DECLARED) == keys
    for schema in DECLARED.values():
        assert schema.keys() >= {"type", "description", "default"}
        assert schema["type"] in {"string", "integer", "boolean", "array", "object"}
        assert schema["description"].strip()


@pytest.mark.parametrize("key", ["network", "ecs", "eks", "loadBalancer", "iam", *GRANTABLE])
def test_the_project_files_description_of_a_section_names_its_keys(key: str) -> None:
    fields = {field.alias or name: field for name, field in Settings.model_fields.items()}
    described = DECLARED[key]["description"]
    annotation = fields[key].annotation
    model = _value_type(annotation) if key in GRANTABLE else annotation
    assert isinstance(model, type)
    assert issubclass(model, Model)
    for name, field in model.model_fields.items():
        assert (field.alias or name) in described


def models(model: type[Model]) -> Iterator[type[Model]]:
    """Yield a model and those in it."""
    yield model
    for field in model.model_fields.values():
        annotation: object = field.annotation
        for inner in (annotation, _only_model(annotation), _value_type(annotation)):
            if isinstance(inner, type) and issubclass(inner, Model):
                yield from models(inner)


@pytest.mark.parametrize("model", dict.fromkeys(models(Settings)), ids=lambda model: model.__name__)
def test_every_setting_is_described(model: type[Model]) -> None:
    assert (model.__doc__ or "").strip()
    for name, field in model.model_fields.items():
        assert field.description, f"{model.__name__}.{name} has no description"


def test_settings_are_frozen_and_hold_tuples_rather_than_lists() -> None:
    settings = Settings.parse({"services": {"web": {"image": IMAGE, "command": ["a", "b"]}}})
    assert settings.services["web"].command == ("a", "b")
    with pytest.raises(ValidationError):
        setattr(settings.network, "zones", 2)  # noqa: B010 - an assignment is what is refused


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1.29",
        "public.ecr.aws/nginx/nginx:1.29",
        "registry.example.com:5000/team/nginx:1",
        f"nginx@sha256:{'a' * 64}",
        f"nginx:latest@sha256:{'a' * 64}",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1",
        "registry:5000/a__b/c.d-e--f:1",
        f"registry.example.com/{'a' * 234}@sha256:{'a' * 64}",
    ],
)
def test_images_with_a_version_or_a_digest_are_valid(image: str) -> None:
    assert service(image=image).image == image


@pytest.mark.parametrize(
    "block", ["10.0.0.0/16", "172.31.0.0/20", "192.168.0.0/16", "100.64.0.0/16"]
)
def test_every_block_for_private_use_is_valid(block: str) -> None:
    given: dict[str, Any] = {"network": {"cidr": block}}
    assert str(Settings.parse(given).network.cidr) == block


def test_names_are_as_long_as_the_limits_allow() -> None:
    given: dict[str, Any] = {
        "queues": {"q" * 40: {}},
        "services": {"s" * 20: {"image": IMAGE}},
    }
    assert Settings.parse(given)
