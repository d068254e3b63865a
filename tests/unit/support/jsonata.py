"""What Step Functions makes of the JSONata expressions in a state's fields."""

import json
from collections.abc import Mapping
from typing import Any

from jsonata import JException, Jsonata  # type: ignore[import-untyped]  # it has none


class QueryError(Exception):
    """An expression that fails, and the execution with it."""


def evaluate(text: str, states: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return the value of an expression, which stands in {% and %}.

    Args:
        text: the field of a state.
        states: what $states has, such as input, result and context.

    Raises:
        QueryError: it has no value, or fails.
    """
    if not (text.startswith("{%") and text.endswith("%}")):
        raise ValueError(f"no expression: {text}")
    expression = Jsonata(text[2:-2])
    expression.register_lambda("parse", json.loads)  # Step Functions' own, beside JSONata's
    variables = expression.create_frame()
    variables.bind("states", states)
    try:
        value = expression.evaluate(None, variables)
    except (JException, json.JSONDecodeError) as error:
        raise QueryError(str(error)) from error
    if value is None:
        raise QueryError("the expression has no value")
    return value


def template(value: Any, states: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return a field of a state with all expressions in it evaluated."""
    if isinstance(value, dict):
        return {key: template(inner, states) for key, inner in value.items()}
    if isinstance(value, list):
        return [template(inner, states) for inner in value]
    is_expression = isinstance(value, str) and value.startswith("{%")
    return evaluate(value, states) if is_expression else value
