"""Whether an update can be left out because it would change nothing.

An update of a few hundred resources takes seconds even if all of them stay as they are. It is
left out only when nothing that the state records would become different.
"""

import hashlib
from typing import Any

from sandbox.layout import Layout
from sandbox.outcome import Outcome
from sandbox.state import State

# What a step that keeps its resource leaves out in a preview, or writes anew without meaning.
_PASSING = frozenset({"id", "outputs", "created", "modified", "sourcePosition", "stackTrace"})


def would_change(planned: Outcome, before: State, layout: Layout) -> bool:
    """Whether an update would change anything in the cloud or in the state.

    Args:
        planned: The preview.
        before: The state that it started from.
        layout: The stack's paths.

    Returns:
        False only if every step keeps its resource and no field recorded of it differs (a changed
        dependency, parent or `protect` is such a step), every resource in the state has a step,
        outputs are equal, none of the stack's is a secret (secrets can't be compared), and the
        configuration is the one last deployed (a preview does not show the default providers).
    """
    steps = planned.digest.get("steps", [])
    seen = {step["urn"] for step in steps}
    return (
        planned.outputs_change
        or before.has_secret_output
        or bool(before.pending)
        or any(step["op"] != "same" for step in steps)
        or any(_recorded(step, "oldState") != _recorded(step, "newState") for step in steps)
        or any(one.urn not in seen and not one.is_provider for one in before.resources)
        or not _is_noted(layout)
    )


def note(layout: Layout) -> None:
    """Write down that an update deployed the present configuration."""
    layout.deployed.write_text(_fingerprint(layout), encoding="utf-8")


def _is_noted(layout: Layout) -> bool:
    try:
        return layout.deployed.read_text(encoding="utf-8") == _fingerprint(layout)
    except FileNotFoundError:
        return False


def _fingerprint(layout: Layout) -> str:
    """A hash, so that no value of the configuration is kept in one more place."""
    return hashlib.sha256(
        layout.project_copy.read_bytes() + layout.stack_copy.read_bytes()
    ).hexdigest()


def _recorded(step: dict[str, Any], which: str) -> dict[str, Any]:
    state = step.get(which, {})
    return {key: _in_order(value) for key, value in state.items() if key not in _PASSING} | {
        "inputs": state.get("inputs")
    }


def _in_order(value: object) -> object:
    """Dependencies and the like are sets, which the engine writes in any order."""
    if isinstance(value, dict):
        return {key: _in_order(child) for key, child in value.items()}
    if isinstance(value, list):
        return sorted(value, key=str)
    return value
