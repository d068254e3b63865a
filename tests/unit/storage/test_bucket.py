"""Bucket: private, encrypted, versioned, reached over TLS only, kept while it holds objects."""

import json
import re
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import Bucket
from components.grants import GrantableKey
from components.settings import BucketSettings
from components.storage.bucket_protection import fixed_bucket_name
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder

NAME = "platform-test-eu-west-1-111122223333-documents"
BUCKET = f"arn:aws:s3:::{NAME}"


def documents(key: GrantableKey | None = None, **given: object) -> None:
    settings = programs.section(BucketSettings, given)
    bucket = Bucket("documents", settings, environment=ENVIRONMENT, key=key)
    pulumi.export("arn", bucket.arn)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(documents, preview=preview)


def rule(run: Recorder) -> Any:  # noqa: ANN401 - any JSON
    (found,) = run.named("documents-lifecycle").inputs["rules"]
    return found


def test_its_arn_is_known_in_the_first_preview(run: Recorder) -> None:
    assert run.exports["arn"] == BUCKET


def test_nothing_in_it_can_be_public(run: Recorder) -> None:
    assert run.named("documents-public-access").inputs == {
        "bucket": NAME,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    ownership = run.named("documents-ownership").inputs
    assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_requests_without_tls_are_refused(run: Recorder) -> None:
    assert json.loads(run.named("documents-tls-only").inputs["policy"])["Statement"] == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [BUCKET, f"{BUCKET}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_what_closes_it_is_set_one_after_another(run: Recorder) -> None:
    order = ["bucket", "public-access", "tls-only", "ownership"]
    for first, then in pairwise(order):
        assert run.depends(run.named(f"documents-{then}"), run.named(f"documents-{first}"))


def test_objects_are_encrypted_by_s3(run: Recorder) -> None:
    (encryption,) = run.named("documents-encryption").inputs["rules"]
    assert encryption["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}


def test_a_key_encrypts_them_with_few_requests_to_kms(*, preview: bool) -> None:
    key = GrantableKey("arn:aws:kms:eu-west-1:111122223333:key/*", "alias/documents")
    run = programs.run(partial(documents, key), preview=preview)
    assert run.named("documents-encryption").inputs["rules"] == [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": "alias/documents",
            },
            "bucketKeyEnabled": True,
        }
    ]


def test_what_was_deleted_can_be_brought_back_for_a_month(run: Recorder) -> None:
    versioning = run.named("documents-versioning")
    assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert rule(run)["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert run.depends(run.named("documents-lifecycle"), versioning)


def test_unfinished_uploads_are_deleted_and_objects_are_not(run: Recorder) -> None:
    assert rule(run)["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert "expiration" not in rule(run)


def test_objects_expire_where_that_is_asked_for() -> None:
    run = programs.run(partial(documents, expireDays=90, oldVersionDays=7), preview=False)
    assert rule(run)["expiration"] == {"days": 90}
    assert rule(run)["noncurrentVersionExpiration"] == {"noncurrentDays": 7}


def test_it_is_kept_while_it_holds_objects_unless_its_protection_is_off(run: Recorder) -> None:
    assert run.named("documents-bucket").inputs["forceDestroy"] is False
    open_to_deletion = programs.run(partial(documents, deletionProtection=False), preview=False)
    assert open_to_deletion.named("documents-bucket").inputs["forceDestroy"] is True


@given(st.text("Ab_.-9", min_size=1, max_size=60), st.text("ab-", min_size=1, max_size=40))
def test_its_name_is_one_that_s3_takes_whatever_the_project_is_called(
    project: str, name: str
) -> None:
    found = fixed_bucket_name(name, replace(ENVIRONMENT, project=project))
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", found)
