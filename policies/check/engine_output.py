"""Reading what Pulumi prints of a stack, its export or a preview as JSON, as the engine shows it.

The engine shows a rule about resources each resource's inputs, and a rule about stacks all outputs.
What isn't known, or is secret and can't be read, becomes the engine's own sentinel of an unknown.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from fargate_policies.core.wire import SECRET, SIGNATURE, is_deeper
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from check.errors import InputError

UNKNOWN: Final = UNKNOWN_STRING_VALUE

# Constants of Pulumi's formats beside the wire's (sdk/go/common/resource/sig and pkg/display).
_OUTPUT_VALUE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_MASKED: Final = "[secret]"
"""What a preview prints in place of a secret."""

_GONE: Final = (
    "delete", "delete-replaced", "discard", "discard-replaced", "read-discard",
    "remove-pending-replace",
)  # fmt: skip
"""Operations after which a step's resource isn't there any more."""
_KEPT: Final = ("same", "update", "refresh", "read", "import")
"""Operations that keep what was there."""

_DEEPEST: Final = 200
"""Levels of lists and objects; the engine can't send a pack a third of that."""
_TOO_DEEP: Final = "The input is nested too deeply to be Pulumi's output."


class Kind(Enum):
    """What was read; the value says what a rule can't see in it."""

    EXPORT = "can't be read from this export, where secrets are encrypted"
    PREVIEW = "can't be known from this preview"


@dataclass(frozen=True)
class Entry:
    """A resource of the stack.

    Attributes:
        urn: the engine's name of it.
        type: type token.
        inputs: what the program gave, with the provider's defaults.
        outputs: what the provider answered; in a preview as far as it is known already.
        dependencies: URNs of the resources that each property is made from.
        external: whether it is only read by the stack, not managed.
    """

    urn: str
    type: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    dependencies: Mapping[str, Sequence[str]]
    external: bool

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class Printed:
    """A stack, as Pulumi printed it."""

    kind: Kind
    entries: tuple[Entry, ...]


def read(text: str) -> Printed:
    """Read the output of ``pulumi stack export`` or ``pulumi preview --json --show-sames``.

    Raises:
        InputError: the text is neither, or leaves resources out.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"The input is not one JSON document (line {error.lineno}: {error.msg}). It should be "
            "the output of `pulumi stack export` or `pulumi preview --json --show-sames`."
        ) from None
    except ValueError:
        raise InputError("The input holds a number that is too long to be Pulumi's.") from None
    except RecursionError:
        raise InputError(_TOO_DEEP) from None
    if is_deeper(document, _DEEPEST):
        raise InputError(_TOO_DEEP)
    return _read(document)


def _read(document: object) -> Printed:
    if isinstance(document, dict) and isinstance(document.get("deployment"), dict):
        states = _objects(document["deployment"], "resources")
        entries = [_deployed(state) for state in states if not state.get("delete")]
        return _printed(Kind.EXPORT, entries)
    if isinstance(document, dict) and ("steps" in document or "changeSummary" in document):
        steps = _objects(document, "steps")
        _refuse_gaps(document, steps)
        entries = [_planned(step) for step in steps if step.get("op") not in _GONE]
        return _printed(Kind.PREVIEW, entries)
    raise InputError(
        "The input has neither deployment.resources nor steps. It should be the output of "
        "`pulumi stack export` or `pulumi preview --json --show-sames`."
    )


def _printed(kind: Kind, entries: Sequence[Entry]) -> Printed:
    # A replaced resource has several steps; the last one that leaves it there counts.
    return Printed(kind, tuple({entry.urn: entry for entry in entries}.values()))


def _objects(holder: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    objects = holder.get(key) or []
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise InputError(f"The input's {key} is not a list of objects.")
    return objects


def _refuse_gaps(document: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a preview without its unchanged resources: nobody would have looked at those."""
    summary = document.get("changeSummary")
    unchanged = summary.get("same", 0) if isinstance(summary, dict) else 0
    if not isinstance(unchanged, int):
        raise InputError("The input's changeSummary.same is not a number.")
    missing = unchanged - sum(step.get("op") == "same" for step in steps)
    if missing > 0:
        raise InputError(
            f"The preview leaves out {missing} unchanged resources. Make it with "
            "`pulumi preview --json --show-sames`."
        )


def _deployed(state: Mapping[str, Any]) -> Entry:
    return _entry(
        state, _decoded(state, "inputs"), _decoded(state, "outputs"), _dependencies(state)
    )


def _planned(step: Mapping[str, Any]) -> Entry:
    """Return a step's resource with the outputs that it will have, as far as they are known.

    A preview prints no new outputs. Those of a resource that stays are the old ones, and what an
    update changes; those of a new resource are its inputs, as the rest is the provider's to choose.
    """
    new, old = step.get("newState"), step.get("oldState")
    if not isinstance(new, dict):
        raise InputError("A step of the preview has no newState.")
    inputs, outputs = _decoded(new, "inputs", masked=True), _decoded(new, "outputs", masked=True)
    if not outputs:
        outputs = dict(inputs)
        if step.get("op") in _KEPT and isinstance(old, dict):
            before = _decoded(old, "inputs", masked=True)
            kept = _decoded(old, "outputs", masked=True)
            for key in before.keys() - inputs.keys():
                kept.pop(key, None)
            changed = {key: inputs[key] for key in inputs if inputs[key] != before.get(key)}
            outputs = {**kept, **changed} if kept else outputs
    # The engine records for each input what it is made from; the printed form drops empty records.
    return _entry(new, inputs, outputs, {**dict.fromkeys(inputs, ()), **_dependencies(new)})


def _entry(
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    dependencies: Mapping[str, Sequence[str]],
) -> Entry:
    urn, kind = state.get("urn"), state.get("type")
    if not isinstance(urn, str) or not isinstance(kind, str):
        raise InputError("A resource of the input has no urn or no type.")
    return Entry(
        urn=urn,
        type=kind,
        inputs=inputs,
        outputs=outputs,
        dependencies=dependencies,
        external=state.get("external") is True,
    )


def _dependencies(state: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    sources = state.get("propertyDependencies")
    if not isinstance(sources, dict):
        return {}
    return {
        key: tuple(urn for urn in urns or () if isinstance(urn, str))
        for key, urns in sources.items()
        if urns is None or isinstance(urns, list)
    }


def _decoded(state: Mapping[str, Any], key: str, *, masked: bool = False) -> dict[str, Any]:
    properties = state.get(key)
    if properties is None:
        return {}
    if not isinstance(properties, dict):
        raise InputError(f"A resource of the input has {key} that are not an object.")
    return {name: _value(value, masked=masked) for name, value in properties.items()}


def _value(value: Any, *, masked: bool) -> Any:  # noqa: ANN401 - any JSON value
    """Return a printed value as the engine sends it to a pack, secrets in plain text but marked."""
    if masked and value == _MASKED:
        return UNKNOWN
    if isinstance(value, list):
        return [_value(item, masked=masked) for item in value]
    if not isinstance(value, dict):
        return value
    if SIGNATURE not in value:
        return {key: _value(item, masked=masked) for key, item in value.items()}
    return _signed(value, masked=masked)


def _signed(value: Mapping[str, Any], *, masked: bool) -> Any:  # noqa: ANN401 - any JSON value
    """Return what stands behind Pulumi's mark for a value that JSON has no form for."""
    signature = value[SIGNATURE]
    if signature == _OUTPUT_VALUE and "value" in value:
        return _value(value["value"], masked=masked)
    if signature == SECRET and isinstance(value.get("plaintext"), str):
        return {SIGNATURE: SECRET, "value": _plaintext(value["plaintext"], masked=masked)}
    return UNKNOWN  # an encrypted secret, a file or an archive


def _plaintext(text: str, *, masked: bool) -> Any:  # noqa: ANN401 - any JSON value
    """Return the secret in an export that was made with --show-secrets: it is JSON."""
    try:
        secret = json.loads(text)
    except (ValueError, RecursionError):
        return UNKNOWN
    return UNKNOWN if is_deeper(secret, _DEEPEST) else _value(secret, masked=masked)
