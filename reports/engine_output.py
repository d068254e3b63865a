"""Reading what the engine prints: a stack's export, or a preview as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from reports.errors import InputError
from reports.stack import UNKNOWN, Resource, Stack

# Constants of Pulumi's wire format (sdk/go/common/resource/plugin/rpc.go and resource/sig).
_UNKNOWN_TEXTS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
        "[secret]",
    }
)
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

_GONE = frozenset(
    {"delete", "delete-replaced", "discard", "discard-replaced", "read-discard",
     "remove-pending-replace"}
)  # fmt: skip
"""Operations after which a step's resource isn't there any more."""
_KEPT = frozenset({"same", "update", "refresh", "read", "import"})
"""Operations that keep what was there."""


def read_stack(text: str, *, region: str | None = None) -> Stack:
    """Read the output of ``pulumi stack export`` or ``pulumi preview --json``.

    Args:
        text: the output.
        region: the AWS region to assume where the output doesn't say it.

    Raises:
        InputError: the text is neither, or leaves resources out.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"The input is not one JSON document (line {error.lineno}: {error.msg}). It should be "
            "the output of `pulumi stack export` or `pulumi preview --json`."
        ) from None
    except RecursionError:
        raise InputError("The input is nested too deeply to be Pulumi's output.") from None
    if isinstance(document, dict) and isinstance(document.get("deployment"), dict):
        entries = _entries(document["deployment"], "resources")
        states = [_deployed(entry) for entry in entries if not entry.get("delete")]
        configured = None
    elif isinstance(document, dict) and ("steps" in document or "changeSummary" in document):
        steps = _entries(document, "steps")
        _refuse_gaps(document, steps)
        states = [
            _planned(step)
            for step in steps
            if step.get("op") not in _GONE and isinstance(step.get("newState"), dict)
        ]
        config = document.get("config")
        configured = config.get("aws:region") if isinstance(config, dict) else None
    else:
        raise InputError(
            "The input has neither deployment.resources nor steps. It should be the output of "
            "`pulumi stack export` or `pulumi preview --json`."
        )
    # A replaced resource has several steps; the last one that leaves it there counts.
    resources = tuple({found.urn: found for found in map(_resource, states)}.values())
    if not isinstance(configured, str):
        configured = _only_region(resources)
    name = resources[0].urn.split("::")[0].removeprefix("urn:pulumi:") if resources else ""
    return Stack(name, resources, configured or region)


def _entries(holder: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    entries = holder.get(key) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"The input's {key} is not a list of objects.")
    return entries


def _refuse_gaps(document: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a preview without its unchanged resources: a report on the rest would be wrong."""
    summary = document.get("changeSummary")
    unchanged = summary.get("same", 0) if isinstance(summary, dict) else 0
    missing = unchanged - sum(step.get("op") == "same" for step in steps)
    if missing > 0:
        raise InputError(
            f"The preview leaves out {missing} unchanged resources. Make it with "
            "`pulumi preview --json --show-sames`."
        )


def _deployed(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource without the sources of inputs that it wasn't given: all is known here."""
    inputs, sources = state.get("inputs"), state.get("propertyDependencies")
    if not isinstance(inputs, dict) or not isinstance(sources, dict):
        return dict(state)
    given = {key: urns for key, urns in sources.items() if key in inputs}
    return {**state, "propertyDependencies": given}


def _planned(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step's resource with the id and outputs that it has already and will keep."""
    new, old = step["newState"], step.get("oldState")
    if step.get("op") not in _KEPT or not isinstance(old, dict):
        return dict(new)
    return {**{key: old.get(key) for key in ("id", "outputs")}, **new}


def _resource(state: Mapping[str, Any]) -> Resource:
    urn, kind = state.get("urn"), state.get("type")
    if not isinstance(urn, str) or not isinstance(kind, str):
        raise InputError("A resource of the input has no urn or no type.")
    return Resource(
        urn=urn,
        type=kind,
        custom=bool(state.get("custom")),
        id=str(state.get("id") or ""),
        inputs=_object(state.get("inputs")),
        outputs=_object(state.get("outputs")),
        parent=str(state.get("parent") or ""),
        provider=str(state.get("provider") or ""),
        sources={
            key: tuple(urns)
            for key, urns in _object(state.get("propertyDependencies")).items()
            if isinstance(urns, list)
        },
    )


def _object(value: object) -> dict[str, Any]:
    return _decode(value) if isinstance(value, dict) else {}


def _decode(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWN_TEXTS else value
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if isinstance(value, dict):
        if _SIGNATURE not in value:
            return {key: _decode(item) for key, item in value.items()}
        known = value[_SIGNATURE] == _OUTPUT_VALUE and "value" in value
        return _decode(value["value"]) if known else UNKNOWN
    return value


def _only_region(resources: Sequence[Resource]) -> str | None:
    """Return the region of the AWS providers, if they agree."""
    regions = {
        str(found.get("region"))
        for found in resources
        if found.type == "pulumi:providers:aws" and isinstance(found.get("region"), str)
    }
    return regions.pop() if len(regions) == 1 else None
