"""What Kubernetes objects and charts' values are held against.

Kubernetes' own kinds have published schemas (kubernetes-validate). Kinds of controllers, and the
values of charts, are held against schemas/, written by hand from what their projects publish: they
name the source, and refuse what they don't name, since the Kubernetes API drops an unknown field of
a custom kind without a word, and Helm an unknown value.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema
import kubernetes_validate  # type: ignore[import-untyped]  # publishes no types

SCHEMAS: Final = Path(__file__).parent / "schemas"
CUSTOM: Final = frozenset(file.stem for file in SCHEMAS.glob("*.json"))
"""Kinds whose schemas are their controllers' own, not Kubernetes'."""


def validate(found: Mapping[str, Any], version: str) -> None:
    """Validate an object, of whatever kind, for a version of Kubernetes.

    Raises:
        jsonschema.ValidationError: it has a field that is wrong or unknown.
        kubernetes_validate.ValidationError: so has an object of Kubernetes' own kinds.
        kubernetes_validate.SchemaNotFoundError: nothing is known of its kind.
    """
    if found["kind"] not in CUSTOM:
        used = kubernetes_validate.validate(found, version, strict=True)
        assert used.startswith(version)
        return
    _validator(found["kind"]).validate(found)
    # Metadata is the same for all kinds.
    plain = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": found["metadata"]}
    kubernetes_validate.validate(plain, version, strict=True)


def validate_values(chart: str, values: Mapping[str, Any]) -> None:
    """Validate what a chart is given.

    Raises:
        jsonschema.ValidationError: it has a value that is wrong or unknown.
    """
    _validator(f"charts/{chart}").validate(values)


@functools.cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)
