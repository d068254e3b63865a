"""What Elastic Load Balancing refuses about listener rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_CONDITION_VALUES = 5
_LONGEST_CONDITION_VALUE = 128
_LONGEST_HEADER_NAME = 40
_LAST_ACTIONS = {"fixed-response", "forward", "redirect"}


def _condition_values(inputs: Mapping[str, Any]) -> list[str]:
    """Five values in a rule, 128 characters in a value (ELB quotas; CreateRule)."""
    conditions = [c for c in inputs.get("conditions") or [] if isinstance(c, dict)]
    values = [v for c in conditions for part in c.values() if isinstance(part, dict)
              for v in part.get("values") or []]  # fmt: skip
    found = []
    if len(values) > _MOST_CONDITION_VALUES:
        found.append(f"conditions: must hold at most {_MOST_CONDITION_VALUES} values in all")
    if any(isinstance(v, str) and len(v) > _LONGEST_CONDITION_VALUE for v in values):
        found.append(f"conditions: a value must be at most {_LONGEST_CONDITION_VALUE} characters")
    return found


def _header_names(inputs: Mapping[str, Any]) -> list[str]:
    """HttpHeaderConditionConfig in the API reference."""
    names = [
        str(limits.value_at(condition, "httpHeader.httpHeaderName") or "")
        for condition in inputs.get("conditions") or []
        if isinstance(condition, dict)
    ]
    found = []
    if any(name.lower() == "host" for name in names):
        found.append("conditions: a header condition can't name Host; use a host condition")
    if any(len(name) > _LONGEST_HEADER_NAME for name in names):
        found.append(f"conditions: a header's name has at most {_LONGEST_HEADER_NAME} characters")
    return found


def _action_order(inputs: Mapping[str, Any]) -> list[str]:
    """One action that answers, performed last (Action in the API reference)."""
    actions = [a for a in inputs.get("actions") or [] if isinstance(a, dict)]
    actions.sort(key=lambda action: action.get("order") or 0)
    types = [str(action.get("type")) for action in actions]
    if not types or has_unknown(types):
        return []
    if types[-1] not in _LAST_ACTIONS or any(kind in _LAST_ACTIONS for kind in types[:-1]):
        return ["actions: must end in one forward, redirect or fixed-response, and hold no other"]
    return []


def _client_secret(inputs: Mapping[str, Any]) -> list[str]:
    return [
        f"actions[{index}].authenticateOidc.clientSecret: must be given"
        for index, action in enumerate(inputs.get("actions") or [])
        if isinstance(action, dict)
        and action.get("type") == "authenticate-oidc"
        and not (action.get("authenticateOidc") or {}).get("clientSecret")
    ]


CHECKS = (_condition_values, _header_names, _action_order, _client_secret)
