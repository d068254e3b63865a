"""Grants: each access level to each kind of thing, as exactly the statements that it needs."""

from typing import Any

import pulumi
import pytest

from components.settings.platform import GRANTABLE
from tests.unit.support.engine import Recorder
from tests.unit.support.granted import (
    DECLARED,
    EVERYTHING,
    KEY_ARN,
    LEVELS,
    OTHER_KEY_ARN,
    OTHER_PLACE,
    PLACE,
    SECRET_ARN,
    deploy,
    granted,
)

OWN_BUCKET = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
THEIR_BUCKET = {"StringEquals": {"aws:ResourceAccount": "444455556666"}}
CARTS = f"arn:aws:dynamodb:{PLACE}:table/platform-test-carts"
THEIR_TABLE = "arn:aws:dynamodb:us-west-2:444455556666:table/parcels"
DOCUMENTS = "arn:aws:s3:::platform-test-eu-west-1-111122223333-documents"
SEALED = "arn:aws:s3:::platform-test-eu-west-1-111122223333-sealed"
PARAMETER = f"arn:aws:ssm:{PLACE}:parameter"

READ_TABLE = ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem"]
WRITE_TABLE = [
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
]
READ_SECRET = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]


def statements(grants: dict[str, list[str]], *, preview: bool = False) -> list[dict[str, Any]]:
    return granted(DECLARED, grants, preview=preview)[0]


def allow(actions: list[str], resources: list[str], **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def with_key(
    actions: list[str], endpoint: str, *, key: str = KEY_ARN, **context: str
) -> dict[str, Any]:
    """A statement on a key that is given by its ARN."""
    condition = {"kms:ViaService": endpoint}
    return allow(actions, [key], StringEquals={**context, **condition})


def with_their_key(actions: list[str], service: str) -> dict[str, Any]:
    """A statement on the key of another account and region."""
    return with_key(actions, f"{service}.us-west-2.amazonaws.com", key=OTHER_KEY_ARN)


def with_alias(actions: list[str], endpoint: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """A statement on the key that is given by its alias."""
    equal = {**condition.pop("StringEquals", {}), "kms:ViaService": endpoint}
    return {
        "Effect": "Allow",
        "Action": actions,
        "Resource": [f"arn:aws:kms:{PLACE}:key/*"],
        "Condition": {
            **condition,
            "StringEquals": equal,
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/documents"]},
        },
    }


CASES: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("orders", "send"): [
        allow(
            ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"],
            [f"arn:aws:sqs:{PLACE}:platform-test-orders"],
        )
    ],
    ("their-queue", "send"): [
        allow(
            ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"],
            ["arn:aws:sqs:us-west-2:444455556666:parcels"],
        ),
        with_their_key(["kms:Decrypt", "kms:GenerateDataKey"], "sqs"),
    ],
    ("their-queue", "receive"): [
        allow(
            [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
            ],
            ["arn:aws:sqs:us-west-2:444455556666:parcels"],
        ),
        with_their_key(["kms:Decrypt"], "sqs"),
    ],
    ("news", "publish"): [
        allow(["sns:Publish"], [f"arn:aws:sns:{PLACE}:platform-test-news"]),
    ],
    ("their-topic", "publish"): [
        allow(["sns:Publish"], ["arn:aws:sns:us-west-2:444455556666:parcels"]),
        with_their_key(["kms:Decrypt", "kms:GenerateDataKey"], "sns"),
    ],
    ("documents", "read"): [
        allow(["s3:GetObject"], [f"{DOCUMENTS}/*"], **OWN_BUCKET),
        allow(["s3:ListBucket"], [DOCUMENTS], **OWN_BUCKET),
    ],
    ("documents", "write"): [
        allow(
            ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
            [f"{DOCUMENTS}/*"],
            **OWN_BUCKET,
        ),
    ],
    ("documents", "delete"): [allow(["s3:DeleteObject"], [f"{DOCUMENTS}/*"], **OWN_BUCKET)],
    ("sealed", "read"): [
        allow(["s3:GetObject"], [f"{SEALED}/*"], **OWN_BUCKET),
        allow(["s3:ListBucket"], [SEALED], **OWN_BUCKET),
        with_alias(["kms:Decrypt"], "s3.eu-west-1.amazonaws.com"),
    ],
    ("their-bucket", "read"): [
        allow(["s3:GetObject"], ["arn:aws:s3:::team-documents/reports/2026/*"], **THEIR_BUCKET),
        allow(
            ["s3:ListBucket"],
            ["arn:aws:s3:::team-documents"],
            **THEIR_BUCKET,
            StringLike={"s3:prefix": ["reports/2026/*"]},
        ),
        with_their_key(["kms:Decrypt"], "s3"),
    ],
    ("their-bucket", "write"): [
        allow(
            ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
            ["arn:aws:s3:::team-documents/reports/2026/*"],
            **THEIR_BUCKET,
        ),
        with_their_key(["kms:Decrypt", "kms:GenerateDataKey"], "s3"),
    ],
    # Nobody needs a key to delete what is encrypted with it.
    ("their-bucket", "delete"): [
        allow(["s3:DeleteObject"], ["arn:aws:s3:::team-documents/reports/2026/*"], **THEIR_BUCKET),
    ],
    ("carts", "read"): [
        allow(READ_TABLE, [CARTS]),
        allow(["dynamodb:Query", "dynamodb:Scan"], [CARTS, f"{CARTS}/index/*"]),
    ],
    ("carts", "write"): [allow(WRITE_TABLE, [CARTS])],
    ("their-table", "write"): [
        allow(WRITE_TABLE, [THEIR_TABLE]),
        with_their_key(["kms:Decrypt"], "dynamodb"),
    ],
    ("shop", "publish"): [
        allow(["events:PutEvents"], [f"arn:aws:events:{PLACE}:event-bus/platform-test-shop"]),
    ],
    ("sourced", "publish"): [
        {
            **allow(
                ["events:PutEvents"], [f"arn:aws:events:{PLACE}:event-bus/platform-test-sourced"]
            ),
            "Condition": {
                "ForAllValues:StringEquals": {"events:source": ["shop.api", "shop.web"]},
                "Null": {"events:source": "false"},
            },
        }
    ],
    ("database", "read"): [allow(READ_SECRET, [SECRET_ARN])],
    ("sealed-database", "read"): [
        allow(READ_SECRET, [SECRET_ARN]),
        with_alias(
            ["kms:Decrypt"],
            "secretsmanager.eu-west-1.amazonaws.com",
            StringEquals={"kms:EncryptionContext:SecretARN": SECRET_ARN},
        ),
    ],
    ("host", "read"): [
        allow(["ssm:GetParameter", "ssm:GetParameters"], [f"{PARAMETER}/shop/host"]),
    ],
    ("plain-host", "read"): [
        allow(["ssm:GetParameter", "ssm:GetParameters"], [f"{PARAMETER}/host"]),
        with_key(
            ["kms:Decrypt"],
            "ssm.eu-west-1.amazonaws.com",
            **{"kms:EncryptionContext:PARAMETER_ARN": f"{PARAMETER}/host"},
        ),
    ],
    ("production", "read"): [
        allow(["ssm:GetParameter", "ssm:GetParameters"], [f"{PARAMETER}/shop/production/*"]),
        allow(
            ["ssm:GetParametersByPath"],
            [f"{PARAMETER}/shop/production", f"{PARAMETER}/shop/production/*"],
        ),
        with_alias(
            ["kms:Decrypt"],
            "ssm.eu-west-1.amazonaws.com",
            StringLike={"kms:EncryptionContext:PARAMETER_ARN": f"{PARAMETER}/shop/production/*"},
        ),
    ],
    ("by-arn", "encrypt"): [
        allow(["kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"], [KEY_ARN])
    ],
    ("by-arn", "decrypt"): [allow(["kms:Decrypt", "kms:DescribeKey"], [KEY_ARN])],
    ("by-arn", "sign"): [allow(["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"], [KEY_ARN])],
    ("by-arn", "verify"): [allow(["kms:DescribeKey", "kms:GetPublicKey", "kms:Verify"], [KEY_ARN])],
    # IAM doesn't know keys by their aliases: a condition narrows all keys to those that have it.
    ("by-alias", "decrypt"): [
        {
            **allow(["kms:Decrypt", "kms:DescribeKey"], [f"arn:aws:kms:{PLACE}:key/*"]),
            "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/documents"]}},
        }
    ],
}


@pytest.mark.parametrize(("name", "level"), CASES, ids=[" ".join(case) for case in CASES])
def test_a_level_is_exactly_the_statements_that_it_needs(
    name: str, level: str, *, preview: bool
) -> None:
    assert statements({name: [level]}, preview=preview) == CASES[name, level]


def test_every_level_of_every_kind_has_a_case() -> None:
    sections = {name: section for section, names in DECLARED.items() for name in names}
    shown = {(sections[name], level) for name, level in CASES} | {("queues", "receive")}
    assert shown == {(section, level) for section in GRANTABLE for level in LEVELS[section]}


def test_levels_to_one_thing_share_statements() -> None:
    (objects, listing) = statements({"documents": ["delete", "read", "write"]})
    assert objects["Action"] == [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    ]
    assert listing["Action"] == ["s3:ListBucket"]


def test_the_order_of_grants_in_the_file_changes_nothing() -> None:
    one = {"news": ["publish"], "carts": ["read", "write"]}
    other = {"carts": ["write", "read"], "news": ["publish"]}
    assert statements(one) == statements(other)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return deploy(EVERYTHING, preview=preview)


@pytest.mark.parametrize(
    "created", ["orders-queue", "news-topic", "documents-bucket", "carts-table", "shop-bus"]
)
def test_a_service_comes_after_what_it_is_granted(run: Recorder, created: str) -> None:
    assert run.depends(run.named("web-task-policy"), run.named(created))
    assert run.depends(run.named("web-service"), run.named(created))


def test_what_exists_already_is_not_created(run: Recorder) -> None:
    names = {found.name for found in run.registrations}
    assert not [name for name in names if name.startswith("their-")]
    for type_ in ("aws:secretsmanager", "aws:ssm", "aws:kms"):
        assert not [found for found in run.registrations if found.type.startswith(type_)]


THEIR_SECRET = f"arn:aws:secretsmanager:{OTHER_PLACE}:secret:shop/database-a1B2c3"


@pytest.mark.parametrize("key", [None, "by-alias"])
def test_a_secret_of_another_account_needs_a_key_of_that_account(key: str | None) -> None:
    declared = {**DECLARED, "secrets": {"theirs-too": {"arn": THEIR_SECRET, "key": key}}}
    with pytest.raises(
        pulumi.RunError, match=r"^secrets\.theirs-too: is in account 444455556666, .*by its arn"
    ):
        granted(declared, {"theirs-too": ["read"]}, preview=True)


def test_a_secret_of_another_account_is_read_with_its_key() -> None:
    declared = {**DECLARED, "secrets": {"theirs-too": {"arn": THEIR_SECRET, "key": "theirs"}}}
    reading, decrypting = granted(declared, {"theirs-too": ["read"]}, preview=True)[0]
    assert reading["Resource"] == [THEIR_SECRET]
    assert decrypting["Resource"] == [OTHER_KEY_ARN]
