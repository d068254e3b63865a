from __future__ import annotations

from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from sandbox.standins.wire import UNKNOWN, has_unknown, is_unknown, to_dict, to_struct

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES.filter(lambda v: v is not None)))
def test_properties_survive_the_wire(properties: dict[str, object]) -> None:
    assert to_dict(to_struct(properties)) == properties


def test_absent_values_are_left_out() -> None:
    assert to_dict(to_struct({"a": None, "b": 1})) == {"b": 1}


def test_whole_numbers_are_integers_and_fractions_are_not() -> None:
    assert to_dict(to_struct({"a": 1.0, "b": 0.25})) == {"a": 1, "b": 0.25}
    assert isinstance(to_dict(to_struct({"a": 1.0}))["a"], int)


def test_a_secret_and_a_reference_are_unwrapped() -> None:
    signature = "4dabf18193072939515e22adb298388d"
    struct = struct_pb2.Struct()
    struct.update(
        {
            "secret": {signature: "1b47061264138c4ac30d75fd1eb44270", "value": "v"},
            "reference": {signature: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "u", "id": "i"},
            "output": {signature: "d0e6a833031e9bbcd3f4e8bde6ca49a4"},
        }
    )
    assert to_dict(struct) == {"secret": "v", "reference": "i", "output": UNKNOWN}


def test_an_unknown_is_found_at_any_depth_and_inside_text() -> None:
    assert is_unknown(UNKNOWN)
    assert not is_unknown({"a": UNKNOWN})
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert has_unknown(f"arn:{UNKNOWN}:x")
    assert not has_unknown({"a": ["b"], "c": 1})
