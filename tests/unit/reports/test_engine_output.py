import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.engine_output import read_stack
from reports.errors import InputError, UnknownValueError
from reports.stack import UNKNOWN
from tests.unit.reports.builders import (
    UNKNOWN_TEXT,
    dev,
    export_text,
    exported,
    previewed,
    resource,
    urn,
)

QUEUE = "aws:sqs/queue:Queue"
ROLE = "aws:iam/role:Role"
VPC = "aws:ec2/vpc:Vpc"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not one JSON document"),
        ("{} {}", "not one JSON document"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "neither deployment.resources nor steps"),
        ("{}", "neither deployment.resources nor steps"),
        ('{"deployment": {"resources": 3}}', "not a list of objects"),
        ('{"steps": [1]}', "not a list of objects"),
        ('{"deployment": {"resources": [{"urn": "u"}]}}', "no urn or no type"),
    ],
)
def test_what_is_not_the_engines_output_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_stack(text)


@given(value=json_values)
def test_any_json_is_read_or_refused_with_a_message(value: object) -> None:
    for document in (value, {"deployment": value}, {"steps": value},
                     {"deployment": {"resources": [value]}}):  # fmt: skip
        with suppress(InputError):
            assert read_stack(json.dumps(document)).resources is not None


def test_an_empty_stack_is_a_stack() -> None:
    assert read_stack('{"version": 3, "deployment": {"manifest": {}}}').resources == ()


def test_a_preview_without_its_unchanged_resources_is_refused() -> None:
    document = {"steps": [], "changeSummary": {"same": 106, "create": 1}}
    with pytest.raises(InputError, match=r"leaves out 106 .* --show-sames"):
        read_stack(json.dumps(document))


def test_a_resource_that_is_being_deleted_is_not_there() -> None:
    old = {**resource(QUEUE, "old"), "delete": True}
    assert [each.name for each in exported(old, resource(QUEUE, "new")).of(QUEUE)] == ["new"]


def test_of_a_replaced_resource_only_the_new_state_counts() -> None:
    steps = [
        {"op": "create-replacement", "newState": resource(QUEUE, "q", {"name": "new"})},
        {"op": "replace", "newState": resource(QUEUE, "q", {"name": "new"})},
        {"op": "delete-replaced", "newState": resource(QUEUE, "q", {"name": "old"})},
    ]
    stack = read_stack(json.dumps({"steps": steps}))
    assert [each.get("name") for each in stack.of(QUEUE)] == ["new"]


@pytest.mark.parametrize(("op", "expected"), [("same", "q-1"), ("update", "q-1"), ("replace", "")])
def test_an_id_that_is_kept_comes_from_the_old_state(op: str, expected: str) -> None:
    new = {key: value for key, value in resource(QUEUE, "q").items() if key != "id"}
    step = {"op": op, "newState": new, "oldState": resource(QUEUE, "q", id="q-1")}
    stack = read_stack(json.dumps({"steps": [step]}))
    assert [each.id for each in stack.of(QUEUE)] == [expected]


def test_an_input_counts_before_an_output_also_while_it_is_unknown() -> None:
    stack = previewed(
        resource(QUEUE, "q", {"name": UNKNOWN_TEXT, "a": 1}, outputs={"name": "old", "b": 2})
    )
    queue = next(stack.of(QUEUE))
    assert (queue.get("name"), queue.get("a"), queue.get("b")) == (UNKNOWN, 1, 2)
    with pytest.raises(UnknownValueError, match="Queue q: name is not known before the deploy"):
        queue.known("name")


def test_an_omitted_input_is_unknown_in_a_preview_and_absent_in_an_export() -> None:
    state = resource(QUEUE, "q", sources={"name": [urn(ROLE, "r")]})
    assert next(previewed(state).of(QUEUE)).get("name") is UNKNOWN
    assert next(exported(state).of(QUEUE)).get("name") is None


def test_a_secret_is_an_unknown_value() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
              "ciphertext": "v1:abc"}  # fmt: skip
    assert next(exported(resource(QUEUE, "q", {"name": secret})).of(QUEUE)).get("name") is UNKNOWN


def test_a_reference_is_found_by_id_by_key_and_by_where_it_comes_from() -> None:
    vpc = resource(VPC, "v", id="vpc-1", outputs={"arn": "arn:v"})
    for value in ("vpc-1", "arn:v", UNKNOWN_TEXT):
        user = resource(QUEUE, "q", {"vpc": value}, sources={"vpc": [urn(VPC, "v")]})
        stack = previewed(vpc, user)
        found = stack.refer(next(stack.of(QUEUE)), "vpc", VPC)
        assert found is next(stack.of(VPC)), value


def test_a_reference_that_may_be_to_either_of_two_is_unknown() -> None:
    two = [resource(VPC, "a"), resource(VPC, "b")]
    user = resource(
        QUEUE, "q", {"vpc": UNKNOWN_TEXT}, sources={"vpc": [urn(VPC, "a"), urn(VPC, "b")]}
    )
    stack = previewed(*two, user)
    with pytest.raises(UnknownValueError):
        stack.refer(next(stack.of(QUEUE)), "vpc", VPC)


def test_the_region_is_the_resources_own_before_the_providers_and_the_options() -> None:
    own = resource(QUEUE, "own", {"region": "eu-west-1"})
    arn = resource(QUEUE, "arn", outputs={"arn": "arn:aws:sqs:eu-west-3:123456789012:q"})
    none = resource(QUEUE, "none")
    stack = exported(own, arn, none, region="sa-east-1")
    assert [stack.region_of(each) for each in stack.of(QUEUE)] == [
        "eu-west-1", "eu-west-3", "sa-east-1",
    ]  # fmt: skip


def test_the_region_option_counts_only_where_the_input_says_nothing() -> None:
    said = read_stack(export_text(resource(QUEUE, "q"), region="eu-west-1"), region="us-west-2")
    unsaid = read_stack(
        json.dumps({"deployment": {"resources": [resource(QUEUE, "q")]}}), region="us-west-2"
    )
    assert [each.region_of(next(each.of(QUEUE))) for each in (said, unsaid)] == [
        "eu-west-1", "us-west-2",
    ]  # fmt: skip


def test_the_dev_stack_is_read_with_its_components_from_export_and_preview() -> None:
    for kind in ("export", "preview"):
        stack = dev(kind)
        gateway = next(stack.of("aws:ec2/natGateway:NatGateway"))
        assert stack.name == "dev"
        assert stack.components(gateway) == ("network", "network-vpc")
        assert stack.region_of(gateway) == "us-east-1"
