"""Cases of CloudWatch alarms and of subscriptions to SNS topics."""

from __future__ import annotations

from typing import Any

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
PLACE = "us-east-1:123456789012"
TOPIC = f"arn:aws:sns:{PLACE}:alarms"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
WAITING: dict[str, Any] = {
    "name": "waiting",
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 1,
    "metricName": "ApproximateNumberOfMessagesVisible",
    "namespace": "AWS/SQS",
    "dimensions": {"QueueName": "orders"},
    "period": 60,
    "statistic": "Maximum",
    "threshold": 0,
    "treatMissingData": "notBreaching",
    "alarmActions": [TOPIC],
}
COMPARED = {"name": "a", "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1}
SUM = {"id": "sum", "expression": "visible + hidden", "returnData": True}
VISIBLE = {"id": "visible", "metric": {"metricName": "a", "period": 60, "stat": "Sum"}}
SUBSCRIBED = {"topic": TOPIC, "protocol": "email", "endpoint": "team@example.com"}


def _queries(*queries: dict[str, Any]) -> dict[str, Any]:
    return {**COMPARED, "metricQueries": list(queries)}


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    ALARM: (WAITING, "waiting", f"arn:aws:cloudwatch:{PLACE}:alarm:waiting"),
    SUBSCRIPTION: (SUBSCRIBED, f"{TOPIC}:{UUID}", f"{TOPIC}:{UUID}"),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (ALARM, {**WAITING, "name": "a" * 256}, "name: must be 1 to 255 characters"),
    (ALARM, {**WAITING, "comparisonOperator": ">"}, "comparisonOperator: must be one of"),
    (ALARM, {**WAITING, "evaluationPeriods": None}, "evaluationPeriods: must be given"),
    (ALARM, {**WAITING, "period": 45}, "period: must be 10, 20, 30 or a multiple of 60"),
    (ALARM, {**WAITING, "period": None}, "period: must be given without metricQueries"),
    (ALARM, {**WAITING, "statistic": None}, "exactly one of statistic, extendedStatistic"),
    (ALARM, {**WAITING, "evaluationPeriods": 1441}, "must span at most 86400 seconds"),
    (ALARM, {**WAITING, "datapointsToAlarm": 2}, "datapointsToAlarm: must be at most evaluation"),
    (ALARM, {**WAITING, "treatMissingData": "ok"}, "treatMissingData: must be one of breaching"),
    (ALARM, {**WAITING, "alarmActions": ["arn:a"] * 6}, "alarmActions: must be at most 5 items"),
    (ALARM, {**WAITING, "evaluateLowSampleCountPercentiles": "no"}, "must be one of evaluate"),
    (ALARM, {**WAITING, "threshold": 1, "thresholdMetricId": "a"}, "together with threshold"),
    (ALARM, {**WAITING, "metricQueries": [SUM]}, "metricName: can't be given together with"),
    (ALARM, _queries(VISIBLE), "metricQueries: exactly one must have returnData"),
    (ALARM, _queries({**SUM, "id": "Sum"}), "metricQueries[0].id: must begin with a lower-case"),
    (ALARM, _queries({**SUM, **VISIBLE}), "metricQueries[0].exactly one of expression, metric"),
    (
        ALARM,
        _queries(SUM, {"id": "a", "metric": {"period": 45}}),
        "metricQueries[1].metric.period: must be 10, 20, 30 or a multiple of 60",
    ),
    (SUBSCRIPTION, {**SUBSCRIBED, "protocol": "post"}, "protocol: must be one of application"),
    (SUBSCRIPTION, {**SUBSCRIBED, "topic": "alarms"}, "topic: must be the ARN of a topic"),
    (SUBSCRIPTION, {**SUBSCRIBED, "endpoint": "team"}, "endpoint: must be what the protocol"),
    (SUBSCRIPTION, {**SUBSCRIBED, "protocol": "sqs"}, "endpoint: must be what the protocol"),
    (
        SUBSCRIPTION,
        {"topic": TOPIC, "protocol": "firehose", "endpoint": "arn:aws:firehose:a"},
        "subscriptionRoleArn: must be given for firehose",
    ),
    (SUBSCRIPTION, {**SUBSCRIBED, "subscriptionRoleArn": "a"}, "must be the ARN of a role"),
    (SUBSCRIPTION, {**SUBSCRIBED, "deliveryPolicy": "a"}, "deliveryPolicy: must be JSON"),
    (SUBSCRIPTION, {**SUBSCRIBED, "replayPolicy": "a"}, "replayPolicy: must be JSON"),
    (SUBSCRIPTION, {**SUBSCRIBED, "filterPolicy": "a"}, "filterPolicy: must be JSON"),
    (SUBSCRIPTION, {**SUBSCRIBED, "filterPolicyScope": "All"}, "filterPolicyScope: must be one"),
    (SUBSCRIPTION, {**SUBSCRIBED, "redrivePolicy": "{}"}, "its deadLetterTargetArn must be"),
]
