"""CloudWatch Logs: metric filters.

What replaces and what defaults: log_metric_filter.go of the Terraform provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 100
_MOST_DIMENSIONS = 3


def _of_group(facts: Facts) -> str:
    return f"{facts.text('logGroupName')}/{facts.text('name')}"


def _brackets(inputs: Mapping[str, Any]) -> list[str]:
    """A pattern for JSON is in braces, and its parentheses pair up outside of quotes."""
    pattern = limits.value_at(inputs, "pattern")
    if not isinstance(pattern, str) or not pattern.strip().startswith("{"):
        return []
    bare = "".join(pattern.split('"')[::2])
    pairs = (("{", "}"), ("(", ")"))
    even = pattern.count('"') % 2 == 0
    if even and all(bare.count(first) == bare.count(second) for first, second in pairs):
        return []
    return ["pattern: must have a closing sign for each quote, brace and parenthesis"]


def _default_or_dimensions(inputs: Mapping[str, Any]) -> list[str]:
    """MetricTransformation in the CloudWatch Logs API reference."""
    path = "metricTransformation"
    given = [limits.value_at(inputs, f"{path}.{key}") for key in ("defaultValue", "dimensions")]
    if any(value is None for value in given):
        return []
    return [f"{path}.dimensions: can't be given together with {path}.defaultValue"]


KINDS = {
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Kind(
        id=lambda f: f.text("name"),
        replaces=("logGroupName", "name"),
        defaults={"applyOnTransformedLogs": False},
        name_limit=512,
        # PutMetricFilter overwrites a filter of the name: the provider would take it over.
        unique=_of_group,
        taken="ResourceAlreadyExistsException",
        most=_MOST,
        within=lambda f: f.text("logGroupName"),
        operations=(
            operation(
                "logs",
                "PutMetricFilter",
                renames={
                    "name": "filterName",
                    "pattern": "filterPattern",
                    "metricTransformation.name": "metricTransformations.metricName",
                    "metricTransformation.namespace": "metricTransformations.metricNamespace",
                    "metricTransformation.value": "metricTransformations.metricValue",
                    "metricTransformation.unit": "metricTransformations.unit",
                },
                skips={"metricTransformation": "each of its own: see above"},
            ),
        ),
        checks=(
            _brackets,
            limits.at_most("metricTransformation.dimensions", _MOST_DIMENSIONS, "dimensions"),
            _default_or_dimensions,
            limits.text("metricTransformation.namespace", "(?!AWS/).+", "not begin with AWS/"),
        ),
    ),
}
