"""Cases of SNS, DynamoDB and EventBridge."""

from __future__ import annotations

from typing import Any

POLICY = '{"Version":"2012-10-17","Statement":[]}'
TABLE = "aws:dynamodb/table:Table"
TOPIC = "aws:sns/topic:Topic"
BUS = "aws:cloudwatch/eventBus:EventBus"
PLACE = "us-east-1:123456789012"
ORDERS: dict[str, Any] = {
    "name": "orders",
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "id",
    "attributes": [{"name": "customer", "type": "S"}, {"name": "id", "type": "S"}],
    "globalSecondaryIndexes": [
        {"name": "by-customer", "projectionType": "ALL",
         "keySchemas": [{"attributeName": "customer", "keyType": "HASH"}]},
    ],
    "pointInTimeRecovery": {"enabled": True},
    "ttl": {"attributeName": "expires", "enabled": True},
}  # fmt: skip

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    TOPIC: (
        {"name": "orders", "kmsMasterKeyId": "alias/aws/sns", "signatureVersion": 2},
        f"arn:aws:sns:{PLACE}:orders", f"arn:aws:sns:{PLACE}:orders",
    ),
    "aws:sns/topicPolicy:TopicPolicy": (
        {"arn": "arn:topic", "policy": POLICY}, "arn:topic", "arn:topic",
    ),
    TABLE: (ORDERS, "orders", f"arn:aws:dynamodb:{PLACE}:table/orders"),
    "aws:dynamodb/resourcePolicy:ResourcePolicy": (
        {"resourceArn": "arn:table", "policy": POLICY}, "arn:table", "",
    ),
    BUS: ({"name": "orders"}, "orders", f"arn:aws:events:{PLACE}:event-bus/orders"),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": (
        {"eventBusName": "orders", "policy": POLICY}, "orders", "",
    ),
}  # fmt: skip

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (TOPIC, {"name": "new orders"}, "name: must be 1 to 256 letters"),
    (TOPIC, {"name": "orders", "fifoTopic": True}, "must end in .fifo"),
    (TOPIC, {"name": "orders", "signatureVersion": 3}, "signatureVersion: must be one of 1, 2"),
    (
        "aws:sns/topicPolicy:TopicPolicy",
        {"arn": "arn:topic", "policy": '{"Statement":[{"Action":"sns:*"}]}'},
        "policy: its actions must be some of those of a topic",
    ),
    (TABLE, {**ORDERS, "name": "ab"}, "name: must be 3 to 255 letters"),
    (TABLE, {**ORDERS, "hashKey": "number"}, "attributes: must define the attributes of all keys"),
    (TABLE, {**ORDERS, "attributes": [{"name": "id", "type": "T"}]}, "must be one of S, N, B"),
    (TABLE, {**ORDERS, "billingMode": "FREE"}, "billingMode: must be one of PROVISIONED"),
    (TABLE, {**ORDERS, "billingMode": "PROVISIONED"}, "readCapacity and writeCapacity: must be"),
    (TABLE, {**ORDERS, "readCapacity": 5}, "readCapacity: must not be given"),
    (
        "aws:dynamodb/resourcePolicy:ResourcePolicy",
        {"resourceArn": "arn:table", "policy": "[]"},
        "policy: must be a JSON object",
    ),
    (BUS, {"name": "default"}, "name: must not hold a slash, nor be default"),
    (BUS, {"name": "team/orders"}, "name: must not hold a slash"),
    (
        "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
        {"eventBusName": "orders", "policy": "none"},
        "policy: must be JSON",
    ),
]
