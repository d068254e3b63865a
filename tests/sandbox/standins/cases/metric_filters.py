"""Cases of metric filters of CloudWatch Logs."""

from __future__ import annotations

from typing import Any

FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
COUNT = {"name": "failed", "namespace": "jobs", "value": "1", "unit": "Count"}
FAILED: dict[str, Any] = {
    "name": "failed",
    "logGroupName": "/aws/eks/main/cluster",
    "pattern": '{ ($.verb = "update") && ($.responseStatus.code = 200) }',
    "metricTransformation": COUNT,
}


def _counting(**given: object) -> dict[str, Any]:
    return {**FAILED, "metricTransformation": {**COUNT, **given}}


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {FILTER: (FAILED, "failed", "")}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (FILTER, {**FAILED, "name": "a:b"}, "name: must match"),
    (FILTER, {**FAILED, "name": "a" * 513}, "name: must be 1 to 512 characters"),
    (FILTER, {**FAILED, "logGroupName": "a b"}, "logGroupName: must match"),
    (FILTER, {**FAILED, "pattern": "a" * 1025}, "pattern: must be 0 to 1024 characters"),
    (FILTER, {**FAILED, "pattern": '{ ($.verb = "update") && ($.a = 1 }'}, "closing sign"),
    (FILTER, {**FAILED, "pattern": '{ $.verb = "update }'}, "closing sign"),
    (FILTER, _counting(name="a$b"), "metricTransformation.name: must match"),
    (FILTER, _counting(namespace="AWS/Jobs"), "must not begin with AWS/"),
    (FILTER, _counting(value="1" * 101), "metricTransformation.value: must be at most 100"),
    (FILTER, _counting(unit="Pieces"), "metricTransformation.unit: must be one of"),
    (FILTER, _counting(dimensions=dict.fromkeys("abcd", "$.a")), "at most 3 dimensions"),
    (FILTER, _counting(dimensions={"a": "$.a"}, defaultValue="0"), "together with"),
]
