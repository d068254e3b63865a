"""Every IAM document of every stack file is one that AWS accepts."""

import json
import re
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # publishes no types

from tests.sandbox.documents import DOCUMENTS
from tests.unit.support.engine import Recorder, Registration
from tests.unit.support.programs import EVERY_STACK, platform

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"


@pytest.fixture
def iam() -> Any:  # noqa: ANN401 - boto3 publishes no types
    return boto3.client("iam")


def create_roles(iam: Any, run: Recorder) -> None:  # noqa: ANN401 - boto3 publishes no types
    for role in run.of(ROLE):
        iam.create_role(
            RoleName=role.inputs["name"], AssumeRolePolicyDocument=role.inputs["assumeRolePolicy"]
        )


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_role_and_its_policies_are_accepted(stack: str, iam: Any) -> None:  # noqa: ANN401 - boto3
    run = platform(stack, preview=False)
    create_roles(iam, run)
    for policy in run.of(POLICY):
        iam.put_role_policy(
            RoleName=policy.inputs["role"],
            PolicyName=policy.name,
            PolicyDocument=policy.inputs["policy"],
        )
    assert len(run.of(ROLE)) >= 2


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_role_policy_belongs_to_a_role_of_the_stack(stack: str) -> None:
    run = platform(stack, preview=False)
    roles = {role.inputs["name"] for role in run.of(ROLE)}
    attached = [*run.of(POLICY), *run.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    assert {policy.inputs["role"] for policy in attached} <= roles


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_queue_and_its_policy_is_accepted(stack: str) -> None:
    run = platform(stack, preview=False)
    sqs = boto3.client("sqs")
    for queue in run.of("aws:sqs/queue:Queue"):
        created = sqs.create_queue(QueueName=queue.inputs["name"])
        (policy,) = [
            found
            for found in run.of("aws:sqs/queuePolicy:QueuePolicy")
            if queue.urn in found.sources["queueUrl"]
        ]
        attributes = {"Policy": policy.inputs["policy"]}
        sqs.set_queue_attributes(QueueUrl=created["QueueUrl"], Attributes=attributes)


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_key_and_its_policy_is_accepted_and_leaves_the_key_to_its_account(
    stack: str,
) -> None:
    kms = boto3.client("kms")
    keys = platform(stack, preview=False).of("aws:kms/key:Key")
    # A key without a policy gets KMS's own, which leaves it to the account.
    for key in (found for found in keys if "policy" in found.inputs):
        created = kms.create_key(
            Policy=key.inputs["policy"],
            Description=key.inputs["description"],
            KeyUsage=key.inputs["keyUsage"],
            KeySpec=key.inputs["customerMasterKeySpec"],
            MultiRegion=key.inputs["multiRegion"],
        )["KeyMetadata"]
        kept = json.loads(
            kms.get_key_policy(KeyId=created["KeyId"], PolicyName="default")["Policy"]
        )
        assert kept == json.loads(key.inputs["policy"])
        assert kept["Statement"][0]["Principal"]["AWS"].endswith(":root")


def test_an_example_has_keys_to_judge() -> None:
    keys = platform("cluster", preview=False).of("aws:kms/key:Key")
    assert {key.name for key in keys} == {"ecs-exec-key", "ecs-storage-key"}


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_policy_of_a_topic_bucket_table_or_event_bus_is_accepted(stack: str) -> None:
    run = platform(stack, preview=False)
    for topic in run.of("aws:sns/topic:Topic"):
        sns = boto3.client("sns")
        arn = sns.create_topic(Name=topic.inputs["name"])["TopicArn"]
        text = policy_of(run, "aws:sns/topicPolicy:TopicPolicy", topic, "arn")
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text)
    for bucket in run.of("aws:s3/bucket:Bucket"):
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=bucket.inputs["bucket"])
        text = policy_of(run, "aws:s3/bucketPolicy:BucketPolicy", bucket, "bucket")
        s3.put_bucket_policy(Bucket=bucket.inputs["bucket"], Policy=text)
    for table in run.of("aws:dynamodb/table:Table"):
        arn = create_table(table)
        text = policy_of(run, "aws:dynamodb/resourcePolicy:ResourcePolicy", table, "resourceArn")
        boto3.client("dynamodb").put_resource_policy(ResourceArn=arn, Policy=text)
    for bus in run.of("aws:cloudwatch/eventBus:EventBus"):
        boto3.client("events").create_event_bus(Name=bus.inputs["name"])
        text = policy_of(run, "aws:cloudwatch/eventBusPolicy:EventBusPolicy", bus, "eventBusName")
        boto3.client("events").put_permission(EventBusName=bus.inputs["name"], Policy=text)


def policy_of(run: Recorder, type_: str, resource: Registration, reference: str) -> str:
    """Return the document of the one policy that refers to a resource."""
    (policy,) = [found for found in run.of(type_) if resource.urn in found.sources[reference]]
    text: str = policy.inputs["policy"]
    return text


def create_table(table: Registration) -> str:
    """Create a table as the provider would, and return its ARN."""
    keys = [("HASH", table.inputs["hashKey"]), ("RANGE", table.inputs.get("rangeKey"))]
    indexes = [
        {
            "IndexName": index["name"],
            "Projection": {"ProjectionType": index["projectionType"]},
            "KeySchema": [
                {"AttributeName": key["attributeName"], "KeyType": key["keyType"]}
                for key in index["keySchemas"]
            ],
        }
        for index in table.inputs.get("globalSecondaryIndexes", [])
    ]
    created = boto3.client("dynamodb").create_table(
        TableName=table.inputs["name"],
        BillingMode=table.inputs["billingMode"],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for kind, name in keys if name],
        AttributeDefinitions=[
            {"AttributeName": found["name"], "AttributeType": found["type"]}
            for found in table.inputs["attributes"]
        ],
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )
    arn: str = created["TableDescription"]["TableArn"]
    return arn


@pytest.mark.parametrize(
    "document", ["{}", '{"Version": "2012-10-17", "Statement": [{"Effect": "Permit"}]}']
)
def test_a_document_that_is_none_is_refused(document: str, iam: Any) -> None:  # noqa: ANN401 - boto3
    create_roles(iam, platform("dev", preview=False))
    role = platform("dev", preview=False).of(ROLE)[0].inputs["name"]
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        iam.put_role_policy(RoleName=role, PolicyName="none", PolicyDocument=document)


ACCEPTED = {
    ("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy"),
    ("aws:dynamodb/resourcePolicy:ResourcePolicy", "policy"),
    ("aws:efs/fileSystemPolicy:FileSystemPolicy", "policy"),
    ("aws:iam/role:Role", "assumeRolePolicy"),
    ("aws:iam/rolePolicy:RolePolicy", "policy"),
    ("aws:kms/key:Key", "policy"),
    ("aws:s3/bucketPolicy:BucketPolicy", "policy"),
    ("aws:sns/topicPolicy:TopicPolicy", "policy"),
    ("aws:sqs/queuePolicy:QueuePolicy", "policy"),
}
"""Inputs that hold IAM documents: each is given to moto by a test here, or in test_files.py."""


def holding_documents(stack: str) -> set[tuple[str, str]]:
    """Return the inputs of a stack that hold IAM documents, by type and name."""
    return {
        (found.type, key)
        for found in platform(stack, preview=False).registrations
        for key, value in found.inputs.items()
        if re.search(r'\\?"Statement\\?":', json.dumps(value))
    }


def test_no_document_of_any_stack_is_of_a_kind_that_no_test_gives_to_aws() -> None:
    kinds = {kind for stack in EVERY_STACK for kind in holding_documents(stack)}
    assert kinds == ACCEPTED


def test_every_kind_of_document_is_counted_in_first_previews() -> None:
    assert {key for _, key in ACCEPTED} <= set(DOCUMENTS)
