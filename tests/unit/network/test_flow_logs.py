"""Flow logs in a bucket: who may write to it, and for how long it keeps what was written."""

import json
from typing import Any

import pytest

from tests.unit.support import programs
from tests.unit.support.engine import Recorder

BUCKET = "platform-test-eu-west-1-111122223333-network-flow-logs"
ARN = f"arn:aws:s3:::{BUCKET}"


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    flow_logs = {"destination": "s3", "retentionDays": 30}
    return programs.run(lambda: programs.network(flowLogs=flow_logs), preview=preview)


def policy(run: Recorder) -> dict[str, Any]:
    document = json.loads(run.named("network-flow-logs-policy").inputs["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_all_connections_go_to_the_bucket_once_its_policy_admits_them(run: Recorder) -> None:
    flow_log = run.one("aws:ec2/flowLog:FlowLog")
    assert flow_log.inputs["logDestinationType"] == "s3"
    assert flow_log.inputs["logDestination"] == ARN
    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["maxAggregationInterval"] == 600
    assert "iamRoleArn" not in flow_log.inputs
    assert run.depends(flow_log, run.named("network-flow-logs-policy"))
    assert run.depends(flow_log, run.named("network-flow-logs-ownership"))
    assert run.of("aws:cloudwatch/logGroup:LogGroup") == run.of("aws:iam/role:Role") == []


def test_log_delivery_writes_this_accounts_logs_only(run: Recorder) -> None:
    write = policy(run)["AWSLogDeliveryWrite"]
    assert write["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert (write["Action"], write["Resource"]) == (
        "s3:PutObject",
        f"{ARN}/AWSLogs/111122223333/*",
    )
    assert write["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "111122223333",
            "s3:x-amz-acl": "bucket-owner-full-control",
        },
        "ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-west-1:111122223333:*"},
    }
    check = policy(run)["AWSLogDeliveryAclCheck"]
    assert (check["Action"], check["Resource"]) == (["s3:GetBucketAcl", "s3:ListBucket"], ARN)
    assert check["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-west-1:111122223333:*"},
    }


def test_nobody_reaches_the_bucket_without_tls(run: Recorder) -> None:
    deny = policy(run)["TlsOnly"]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:*")
    assert deny["Resource"] == [ARN, f"{ARN}/*"]
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_bucket_is_closed_encrypted_and_without_access_control_lists(run: Recorder) -> None:
    assert run.one("aws:s3/bucket:Bucket").inputs["bucket"] == BUCKET
    block = run.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    assert all(
        block[key]
        for key in (
            "blockPublicAcls",
            "blockPublicPolicy",
            "ignorePublicAcls",
            "restrictPublicBuckets",
        )
    )
    encryption = run.named("network-flow-logs-encryption").inputs["rules"]
    assert encryption == [
        {
            "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"},
            "bucketKeyEnabled": False,
        }
    ]
    owner = run.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs
    assert owner["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_what_is_set_on_the_bucket_is_set_one_after_another(run: Recorder) -> None:
    order = ["public-access", "policy", "ownership"]
    steps = [run.named(f"network-flow-logs-{step}") for step in order]
    assert run.depends(steps[1], steps[0])
    assert run.depends(steps[2], steps[1])


def test_records_are_deleted_after_the_days_of_the_settings(run: Recorder) -> None:
    (rule,) = run.named("network-flow-logs-lifecycle").inputs["rules"]
    assert (rule["status"], rule["expiration"]) == ("Enabled", {"days": 30})
    assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}


def test_the_bucket_is_not_deleted_while_it_holds_records(run: Recorder) -> None:
    assert run.one("aws:s3/bucket:Bucket").inputs["forceDestroy"] is False
