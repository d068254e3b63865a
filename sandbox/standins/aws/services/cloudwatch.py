"""CloudWatch: alarms on metrics.

What replaces and what defaults: metric_alarm.go of the Terraform provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORT_PERIODS = (10, 20, 30)
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86400, 604800
_MISSING = ("breaching", "notBreaching", "ignore", "missing")
_OF_ONE_METRIC = ("dimensions", "extendedStatistic", "metricName", "namespace", "period",
                  "statistic")  # fmt: skip


def _period(value: object) -> bool:
    seconds = float(str(value))
    return seconds in _SHORT_PERIODS or (seconds >= _MINUTE and seconds % _MINUTE == 0)


def _source(inputs: Mapping[str, Any]) -> list[str]:
    """PutMetricAlarm in the CloudWatch API reference: one metric, or queries."""
    if inputs.get("evaluationCriteria") is not None:
        return []
    found = [
        f"{key}: must be given for an alarm on a metric"
        for key in ("comparisonOperator", "evaluationPeriods")
        if inputs.get(key) is None
    ]
    if inputs.get("metricQueries"):
        both = [key for key in _OF_ONE_METRIC if inputs.get(key) is not None]
        return found + [f"{key}: can't be given together with metricQueries" for key in both]
    found += [
        f"{key}: must be given without metricQueries"
        for key in ("metricName", "namespace", "period")
        if inputs.get(key) is None
    ]
    return found + limits.exactly_one("statistic", "extendedStatistic")(inputs)


def _queries(inputs: Mapping[str, Any]) -> list[str]:
    """MetricDataQuery in the CloudWatch API reference."""
    queries = limits.value_at(inputs, "metricQueries") or []
    found, path = [], "metricQueries"
    for index, query in enumerate(queries):
        at = f"{path}[{index}]"
        found += [
            f"{at}.{problem}"
            for problem in (
                *limits.text("id", r"[a-z]\w*", "begin with a lower-case letter")(query),
                *limits.exactly_one("expression", "metric")(query),
                *limits.check("metric.period", _PERIODS, _period)(query),
            )
        ]
    if queries and [bool(query.get("returnData")) for query in queries].count(True) != 1:
        found.append(f"{path}: exactly one must have returnData")
    return found


def _span(inputs: Mapping[str, Any]) -> list[str]:
    """EvaluationPeriods in the API reference: a day, or a week for periods of an hour or more."""
    period = limits.value_at(inputs, "period")
    periods = limits.value_at(inputs, "evaluationPeriods")
    if period is None or periods is None:
        return []
    longest = _WEEK if float(period) >= _HOUR else _DAY
    if float(period) * float(periods) <= longest:
        return []
    return [f"evaluationPeriods: must span at most {longest} seconds with this period"]


_PERIODS = "be 10, 20, 30 or a multiple of 60 seconds"

KINDS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {"arn": f.place.arn("cloudwatch", f"alarm:{f.text('name')}")},
        replaces=("name",),
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
        # PutMetricAlarm overwrites an alarm of the name: the provider would take it over.
        unique=lambda f: f.text("name"),
        taken="ResourceAlreadyExistsException",
        operations=(
            operation(
                "cloudwatch",
                "PutMetricAlarm",
                renames={"metricQueries": "metrics", "name": "alarmName"},
            ),
        ),
        checks=(
            _source,
            _queries,
            _span,
            limits.check("period", _PERIODS, _period),
            limits.one_of("treatMissingData", _MISSING),
            limits.one_of("evaluateLowSampleCountPercentiles", ("evaluate", "ignore")),
            limits.ordered("datapointsToAlarm", "evaluationPeriods"),
            limits.not_both("threshold", "thresholdMetricId"),
        ),
    ),
}
