"""Containers are judged however their properties are spelled: AWS's provider takes any case."""

import json
from typing import Any

import botocore.session  # type: ignore[import-untyped]  # publishes no types
import pytest
from fargate_policies.core.values import Place, Violation
from fargate_policies.models.container_keys import _MAPS, _NAMES, read
from hypothesis import given
from hypothesis import strategies as st

from tests.policies.protocol import REMEDIATE, Analyzer

TASK = "aws:ecs/taskDefinition:TaskDefinition"
JOB = "aws:batch/jobDefinition:JobDefinition"
SHAPES = (
    ("ecs", "ContainerDefinition"),
    ("batch", "ContainerProperties"),
    ("batch", "EcsProperties"),
)


def properties(shape: Any, above: frozenset[str] = frozenset()) -> dict[str, Any]:  # noqa: ANN401 - botocore's
    """Return the properties of an object and of all objects in it, each with its shape."""
    if shape.type_name == "list":
        return properties(shape.member, above)
    if shape.type_name != "structure" or shape.name in above:
        return {}
    within = {**shape.members}
    for member in shape.members.values():
        within |= properties(member, above | {shape.name})
    return within


def test_every_property_that_aws_has_is_known_and_so_are_those_whose_names_are_a_teams() -> None:
    session = botocore.session.get_session()
    found: dict[str, Any] = {}
    for service, shape in SHAPES:
        found |= properties(session.get_service_model(service).shape_for(shape))
    assert set(_NAMES) == set(found)
    assert {name for name, shape in found.items() if shape.type_name == "map"} == _MAPS


@given(st.sampled_from(sorted(set(_NAMES) - _MAPS)), st.data())
def test_a_property_is_read_in_any_case(name: str, data: st.DataObject) -> None:
    spelled = "".join(data.draw(st.sampled_from([char.lower(), char.upper()])) for char in name)
    found = read(Place(json.dumps([{spelled: {spelled: 1}}]), "containers"))
    assert found == Place([{name: {name: 1}}], "containers")


def test_all_properties_of_all_containers_are_read_in_any_case() -> None:
    found = read(Place('[{"Image": "a"}, {"PortMappings": [{"HostPort": 80}]}]', "containers"))
    assert found == Place([{"image": "a"}, {"portMappings": [{"hostPort": 80}]}], "containers")


@pytest.mark.parametrize("holder", sorted(_MAPS))
def test_what_a_team_names_itself_stays_as_it_is(holder: str) -> None:
    given = {holder: {"Privileged": "x", "privileged": "y"}}
    assert read(Place(json.dumps(given), "")) == Place(given, "")


def test_a_property_in_two_spellings_is_refused_as_one_that_comes_twice() -> None:
    found = read(Place(json.dumps({"privileged": False, "Privileged": True}), "container"))
    assert found == Violation("container: names a property twice, in different cases")


@pytest.mark.parametrize(
    ("kind", "key", "text", "rule"),
    [
        (TASK, "containerDefinitions", '[{"name": "web", "Privileged": true}]', "ecs-unprivileged"),
        (JOB, "containerProperties", '{"image": "web", "PRIVILEGED": true}', "batch-fargate"),
    ],
)
def test_a_privileged_container_is_found_and_corrected_however_it_is_spelled(
    configurable_pack: Analyzer, kind: str, key: str, text: str, rule: str
) -> None:
    assert configurable_pack.analyze(kind, {key: text}).violations(rule)
    configurable_pack.configure({rule: (REMEDIATE, {})})
    mended = json.loads(configurable_pack.remediate(kind, {key: text}).properties[key])
    (container,) = mended if isinstance(mended, list) else [mended]
    assert not {value for name, value in container.items() if name.lower() == "privileged"} - {
        False
    }
