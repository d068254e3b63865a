"""Table: billed by use, recoverable, protected from deletion, reached over TLS only."""

import json
from functools import partial

import pulumi
import pytest

from components import Table
from components.grants import GrantableKey
from components.settings import TableSettings
from components.storage.table import ITEM_ACTIONS
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/platform-test-orders"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def orders(key: GrantableKey | None = None, **given: object) -> None:
    settings = programs.section(TableSettings, given)
    table = Table("orders", settings, environment=ENVIRONMENT, key=key)
    pulumi.export("arn", table.arn)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(orders, preview=preview)


def test_its_arn_is_known_in_the_first_preview(run: Recorder) -> None:
    assert run.exports["arn"] == TABLE


def test_it_is_billed_by_use_and_found_by_a_text_named_id(run: Recorder) -> None:
    table = run.named("orders-table").inputs
    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert table["hashKey"] == "id"
    assert table["attributes"] == [{"name": "id", "type": "S"}]
    assert table.keys().isdisjoint({"rangeKey", "globalSecondaryIndexes", "ttl"})


def test_it_is_recoverable_and_protected_unless_that_is_switched_off(run: Recorder) -> None:
    table = run.named("orders-table").inputs
    assert table["pointInTimeRecovery"] == {"enabled": True}
    assert table["deletionProtectionEnabled"] is True
    cheap = partial(orders, pointInTimeRecovery=False, deletionProtection=False)
    other = programs.run(cheap, preview=False).named("orders-table").inputs
    assert other["pointInTimeRecovery"] == {"enabled": False}
    assert other["deletionProtectionEnabled"] is False


def test_dynamodbs_own_key_encrypts_it_unless_another_is_given(run: Recorder) -> None:
    assert "serverSideEncryption" not in run.named("orders-table").inputs
    sealed = programs.run(partial(orders, GrantableKey(KEY)), preview=False)
    assert sealed.named("orders-table").inputs["serverSideEncryption"] == {
        "enabled": True,
        "kmsKeyArn": KEY,
    }


def test_requests_for_items_without_tls_are_refused(run: Recorder) -> None:
    policy = run.named("orders-tls-only")
    assert json.loads(policy.inputs["policy"])["Statement"] == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": sorted(ITEM_ACTIONS),
            "Resource": [TABLE, f"{TABLE}/index/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    assert run.depends(policy, run.named("orders-table"))


def test_keys_of_indexes_are_declared_once_each() -> None:
    customer = {"name": "customer"}
    at = {"name": "at", "type": "number"}
    program = partial(
        orders,
        sortKey=at,
        indexes={
            "by-customer": {"partitionKey": customer, "sortKey": at},
            "by-blob": {"partitionKey": {"name": "blob", "type": "binary"}},
        },
        ttlAttribute="expires",
    )
    table = programs.run(program, preview=False).named("orders-table").inputs
    assert table["rangeKey"] == "at"
    assert table["attributes"] == [
        {"name": "at", "type": "N"},
        {"name": "blob", "type": "B"},
        {"name": "customer", "type": "S"},
        {"name": "id", "type": "S"},
    ]
    assert table["globalSecondaryIndexes"] == [
        {
            "name": "by-blob",
            "projectionType": "ALL",
            "keySchemas": [{"attributeName": "blob", "keyType": "HASH"}],
        },
        {
            "name": "by-customer",
            "projectionType": "ALL",
            "keySchemas": [
                {"attributeName": "customer", "keyType": "HASH"},
                {"attributeName": "at", "keyType": "RANGE"},
            ],
        },
    ]
    assert table["ttl"] == {"attributeName": "expires", "enabled": True}
