"""Every setting is used with a value of its own in a stack file, all of which tests deploy."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components.settings import Settings, TaskSettings
from components.settings.base import Model
from docs.reference.generate import keys
from tests.unit.support.programs import EVERY_STACK, read_stack


def used(settings: Model, path: str = "") -> Iterator[str]:
    """Yield the keys that settings give another value than their default, as the reference does.

    A key that has no default is used wherever it is given.
    """
    for name, field in type(settings).model_fields.items():
        place = f"{path}.{field.alias or name}" if path else str(field.alias or name)
        value = getattr(settings, name)
        default = field.get_default(call_default_factory=True, validated_data={})
        if name in settings.model_fields_set and (field.is_required() or value != default):
            yield place
        yield from _used_inside(value, place)


def _used_inside(value: object, place: str) -> Iterator[str]:
    if isinstance(value, Model):
        yield from used(value, place)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _used_inside(inner, f"{place}.NAME")
    elif isinstance(value, tuple):
        for inner in value:
            yield from _used_inside(inner, f"{place}[]")


def _of_services(key: str) -> str:
    """Return the key of services that a job's is the same as.

    What jobs have in common with services is one model, and used once it is used by either.
    """
    shared = {field.alias or name for name, field in TaskSettings.model_fields.items()}
    section, _, rest = key.partition(".NAME.")
    same = section == "jobs" and rest.partition(".")[0].removesuffix("[]") in shared
    return f"services.NAME.{rest}" if same else key


def test_every_key_has_another_value_than_its_default_in_a_stack_file_or_an_example() -> None:
    stacks = [Settings.parse(read_stack(stack)) for stack in EVERY_STACK]
    found = {_of_services(key) for stack in stacks for key in used(stack)}
    missing = sorted({_of_services(key.path) for key in keys()} - found)
    assert not missing, "give these a value in a file of examples/:\n  " + "\n  ".join(missing)


@pytest.mark.parametrize(
    ("given", "key", "there"),
    [
        ({"network": {"nat": "single"}}, "network.nat", True),
        ({"network": {"nat": "per-zone"}}, "network.nat", False),
        ({"network": {"flowLogs": {"retentionDays": 30}}}, "network.flowLogs.retentionDays", True),
        ({"network": {"flowLogs": {"retentionDays": 30}}}, "network.flowLogs.enabled", False),
        ({"services": {"web": {"image": "a:1"}}}, "services.NAME.image", True),
        ({"services": {"web": {"image": "a:1"}}}, "services.NAME.port", False),
        ({"services": {"web": {"image": "a:1", "size": {}}}}, "services.NAME.size", False),
        ({"keys": {"seal": {"alias": "alias/a"}}}, "keys.NAME.alias", True),
    ],
)  # fmt: skip
def test_a_key_is_used_where_its_value_is_another_than_the_default(
    given: dict[str, Any], key: str, *, there: bool
) -> None:
    assert (key in set(used(Settings.parse(given)))) is there
