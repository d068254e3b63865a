"""Objects against Kubernetes' own schemas, as the kubernetes-validate package installs them."""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import jsonschema

VERSION = "1.35"
"""The Kubernetes version whose schemas apply: what new EKS clusters run in November 2026."""

_SHORT_GROUP = re.compile(r"^([^./]*)(?:\.[^/]*)?/")


def problems(manifest: Mapping[str, Any]) -> list[str]:
    """What the API server would refuse about an object, never quoting a value.

    Args:
        manifest: the object, unknown values included; those are not judged.

    Returns:
        One sentence for each violation; none for kinds that Kubernetes has no schema of.
    """
    found = _validator(str(manifest.get("apiVersion")), str(manifest.get("kind")))
    if found is None:
        return []
    return [_sentence(error) for error in _leaves(found.iter_errors(dict(manifest)))]


def has_status(api_version: str, kind: str) -> bool:
    """Whether objects of the kind have a status that the cluster fills in."""
    found = _validator(api_version, kind)
    schema: Any = found.schema if found else {}
    return "status" in schema.get("properties", {})


def _leaves(errors: Iterator[jsonschema.ValidationError]) -> Iterator[jsonschema.ValidationError]:
    """The errors about known values."""
    for error in errors:
        if not (error.validator != "required" and _only_for_unknowns(error)):
            yield error


def _only_for_unknowns(error: jsonschema.ValidationError) -> bool:
    structural = {"additionalProperties", "dependentRequired", "minItems", "maxItems"}
    return error.validator not in structural and has_unknown(error.instance)


def _sentence(error: jsonschema.ValidationError) -> str:
    allowed: Any = error.validator_value
    instance: Any = error.instance
    path = error.json_path.removeprefix("$").removeprefix(".") or "the object"
    if error.validator == "required":
        missing = [name for name in allowed if name not in instance]
        return f"{path}: must have {', '.join(missing)}"
    if error.validator == "additionalProperties":
        schema: Any = error.schema
        known = schema.get("properties", {})
        extra = sorted(set(instance) - set(known))
        return f"{path}: has no {', '.join(extra)}; known are {', '.join(sorted(known))}"
    if error.validator == "type":
        types = [allowed] if isinstance(allowed, str) else [t for t in allowed if t != "null"]
        return f"{path}: must be of type {' or '.join(types)}"
    if error.validator == "enum":
        return f"{path}: must be one of {', '.join(map(str, allowed))}"
    return f"{path}: must satisfy {error.validator} {json.dumps(allowed)[:200]}"


@functools.cache
def _validator(api_version: str, kind: str) -> jsonschema.Draft202012Validator | None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes 0.1 s, only when needed

    group = _SHORT_GROUP.sub(r"\1-", api_version)
    path = _folder() / f"{kind.lower()}-{group}.json"
    if not path.is_file():
        return None
    schema = json.loads(path.read_text(encoding="utf-8"))
    return Draft202012Validator(
        schema, registry=_registry().with_contents([(schema["$id"], schema)])
    )


@functools.cache
def _registry() -> Any:  # noqa: ANN401 - referencing.Registry, generic without a stub
    from referencing import Registry  # noqa: PLC0415 - only when needed

    definitions = json.loads((_folder() / "_definitions.json").read_text(encoding="utf-8"))
    return Registry().with_contents([(definitions["$id"], definitions)])


@functools.cache
def _folder() -> Path:
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        message = "kubernetes-validate is not installed"
        raise LookupError(message)
    return Path(spec.origin).parent / "kubernetes-json-schema" / f"v{VERSION}.0-local-strict"
