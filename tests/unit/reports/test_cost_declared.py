"""What topics, buckets, tables and event buses cost: all by use, nothing while they are idle."""

from decimal import Decimal

import pytest

from reports.cost.report import cost_report
from tests.unit.reports.builders import exported, resource

TOPIC = "aws:sns/topic:Topic"
TABLE = "aws:dynamodb/table:Table"
ON_DEMAND = {"billingMode": "PAY_PER_REQUEST"}


@pytest.mark.parametrize(
    ("type_", "inputs", "prices"),
    [
        (TOPIC, {}, ["0.50"]),
        ("aws:cloudwatch/eventBus:EventBus", {}, ["1.00"]),
        ("aws:s3/bucket:Bucket", {}, [None, None]),
        (TABLE, ON_DEMAND, ["0.125", "0.625", "0.25"]),
        (
            TABLE,
            {**ON_DEMAND, "pointInTimeRecovery": {"enabled": True}},
            ["0.125", "0.625", "0.25", None],
        ),
    ],
)
def test_it_is_billed_by_use(
    type_: str, inputs: dict[str, object], prices: list[str | None]
) -> None:
    report = cost_report(exported(resource(type_, "orders", inputs)))
    found = {usage.price.amount for usage in report.usage}
    assert found == {Decimal(price) if price else None for price in prices}
    assert len(report.usage) == len(prices)
    assert report.monthly == 0
    assert report.gaps == ()


@pytest.mark.parametrize(
    ("type_", "inputs"), [(TOPIC, {"fifoTopic": True}), (TABLE, {"billingMode": "PROVISIONED"})]
)
def test_a_form_without_a_known_price_is_named(type_: str, inputs: dict[str, object]) -> None:
    (gap,) = cost_report(exported(resource(type_, "orders", inputs))).gaps
    assert gap.name.endswith("orders")


@pytest.mark.parametrize(
    "type_",
    [
        "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
        "aws:dynamodb/resourcePolicy:ResourcePolicy",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:sns/topicPolicy:TopicPolicy",
    ],
)
def test_policies_and_settings_are_free(type_: str) -> None:
    report = cost_report(exported(resource(type_, "orders")))
    assert (report.gaps, report.usage) == ((), ())
