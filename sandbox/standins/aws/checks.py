"""What AWS would refuse about a resource's inputs, before anything is created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.standins.aws import limits, models

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sandbox.standins.aws.kinds import Kind


def problems(kind: Kind, inputs: Mapping[str, Any]) -> list[str]:
    """Every violated constraint, naming the property and what is allowed, never the value."""
    found = [text for operation in kind.operations for text in models.violations(operation, inputs)]
    found += [text for check in (limits.tags, *kind.checks) for text in check(inputs)]
    return list(dict.fromkeys(found))
