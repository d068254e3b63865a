"""LoadBalancer's access logs: a bucket that nobody but the load balancer's service writes to."""

import json
from functools import partial
from typing import Any

import pytest

from tests.unit.support import programs
from tests.unit.support.engine import Recorder

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
NAME = "platform-test-eu-west-1-111122223333-public-logs"


def with_logs(**settings: object) -> None:
    programs.balancer(
        programs.network(),
        allowedCidrs=["203.0.113.0/24"],
        accessLogs={"enabled": True, "retentionDays": 14},
        **settings,
    )


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(with_logs, preview=preview)


def statements(run: Recorder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run.one(POLICY).inputs["policy"])["Statement"]
    return found


def test_the_load_balancer_logs_to_it(run: Recorder) -> None:
    balancer = run.one(BALANCER)
    assert balancer.inputs["accessLogs"] == {"enabled": True, "bucket": NAME}
    assert balancer.sources["accessLogs"] == {run.one(BUCKET).urn}


def test_only_load_balancers_of_this_account_and_region_may_write_and_only_their_logs(
    run: Recorder,
) -> None:
    allowed = [found for found in statements(run) if found["Effect"] == "Allow"]
    assert allowed == [
        {
            "Sid": "AccessLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{NAME}/AWSLogs/111122223333/*",
            "Condition": {
                "ArnLike": {
                    "aws:SourceArn": (
                        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/*"
                    )
                }
            },
        }
    ]


def test_nobody_uses_it_without_tls(run: Recorder) -> None:
    (denied,) = [found for found in statements(run) if found["Effect"] == "Deny"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied["Resource"] == [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"]


def test_the_permission_to_write_is_there_before_the_load_balancer(run: Recorder) -> None:
    assert run.depends(run.one(BALANCER), run.one(POLICY))


def test_it_is_closed_to_the_public_and_has_no_access_control_lists(run: Recorder) -> None:
    block = run.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    assert {key: value for key, value in block.items() if key != "bucket"} == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    owner = run.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs
    assert owner["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_it_is_encrypted_by_s3_since_elb_cant_write_with_a_kms_key(run: Recorder) -> None:
    encryption = run.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ).inputs
    assert encryption["rules"] == [
        {
            "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"},
            "bucketKeyEnabled": False,
        }
    ]


def test_logs_are_deleted_after_their_time(run: Recorder) -> None:
    lifecycle = run.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs
    (rule,) = lifecycle["rules"]
    assert (rule["status"], rule["expiration"]) == ("Enabled", {"days": 14})


@pytest.mark.parametrize("protected", [True, False])
def test_logs_are_deleted_with_the_bucket_only_where_deletion_is_not_protected(
    *, protected: bool
) -> None:
    run = programs.run(partial(with_logs, deletionProtection=protected), preview=False)
    assert run.one(BUCKET).inputs["forceDestroy"] is not protected
