"""Kubernetes label selectors."""

from ..core.values import UNKNOWN, Place, contains_unknown
from .tags import all_of


def selects(selector: Place, labels: Place) -> bool | None:
    """Whether a label selector selects an object's labels; None if that isn't known yet.

    All of matchLabels and matchExpressions must hold; an empty selector selects everything.
    """
    if contains_unknown(selector.value):
        return None
    wanted = selector.at("matchLabels").value
    answers = [
        _holds(labels.at(key), "In", [value])
        for key, value in (wanted.items() if isinstance(wanted, dict) else ())
    ]
    for expression in selector.at("matchExpressions").items():
        values = expression.at("values").value
        answers.append(
            _holds(
                labels.at(expression.at("key").text),
                expression.at("operator").text,
                values if isinstance(values, list) else [],
            )
        )
    return all_of(answers)


def _holds(label: Place, operator: str, values: list[object]) -> bool | None:
    if label.value is UNKNOWN:
        return None
    match operator:
        case "In":
            return label.value in values
        case "NotIn":
            return label.value not in values
        case "Exists":
            return label.value is not None
        case "DoesNotExist":
            return label.value is None
        case _:
            return False
