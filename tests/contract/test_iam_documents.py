"""Every IAM document of every stack file is one that AWS accepts."""

from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # publishes no types

from tests.unit.support.engine import Recorder
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
    assert len(run.of(ROLE)) >= 3


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


@pytest.mark.parametrize(
    "document", ["{}", '{"Version": "2012-10-17", "Statement": [{"Effect": "Permit"}]}']
)
def test_a_document_that_is_none_is_refused(document: str, iam: Any) -> None:  # noqa: ANN401 - boto3
    create_roles(iam, platform("dev", preview=False))
    role = platform("dev", preview=False).of(ROLE)[0].inputs["name"]
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        iam.put_role_policy(RoleName=role, PolicyName="none", PolicyDocument=document)
