"""The state of an AWS resource: its inputs, what AWS computes, and what a preview can't know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.wire import UNKNOWN, has_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins.aws.kinds import Facts, Kind
    from sandbox.standins.aws.sdk import ResourceSchema
    from sandbox.standins.wire import Properties


def complete(
    schema: ResourceSchema, kind: Kind, facts: Facts, olds: Mapping[str, Any]
) -> Properties:
    """The outputs of a resource.

    Args:
        schema: the SDK's view of the type.
        kind: what is known of the type.
        facts: the resource; an empty id stands for the preview of a creation.
        olds: the state before an update, whose computed values stay; empty for a creation.

    Returns:
        Inputs as given, tagsAll and region always known, everything else that AWS computes
        unknown while the resource doesn't exist.
    """
    computed = {**_fallbacks(schema), **_owned(schema, kind.outputs(facts))}
    if olds:
        computed = {
            key: _fresh(value) if key in kind.follows else olds.get(key, value)
            for key, value in computed.items()
        }
    elif not facts.id:
        computed = {key: _unknown(value, facts.inputs.get(key)) for key, value in computed.items()}
    if "region" in schema.outputs:
        computed["region"] = facts.place.region
    if schema.taggable:
        computed["tagsAll"] = facts.inputs.get("tags", {})
    return _merged(computed, facts.inputs)


def _owned(schema: ResourceSchema, outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in outputs.items() if key in schema.outputs}


def _fallbacks(schema: ResourceSchema) -> dict[str, Any]:
    """An empty value of the right shape for each output that always has one."""
    return {key: _empty(schema.outputs[key]) for key in schema.computed}


def _empty(type_: str) -> Any:  # noqa: ANN401 - any JSON value
    plain = {"_builtins.bool": False, "_builtins.int": 0, "_builtins.float": 0}
    if type_ in plain:
        return plain[type_]
    if type_.startswith("Sequence["):
        return []
    return {} if type_.startswith(("Mapping[", "'outputs.")) else ""


def _fresh(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A value computed anew; unknown as a whole if it was computed from something unknown."""
    return UNKNOWN if has_unknown(value) else value


def _unknown(value: Any, given: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Unknown as a whole, or member by member where the inputs have the same object."""
    if isinstance(value, dict) and isinstance(given, dict):
        return {key: _unknown(member, given.get(key)) for key, member in value.items()}
    return UNKNOWN


def _merged(computed: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs, completed by what is computed and not given, at every depth."""
    result = dict(computed)
    for key, value in inputs.items():
        under = computed.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            result[key] = _merged(under, value)
        else:
            result[key] = value
    return result
