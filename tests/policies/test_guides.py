"""Documents of least privilege, as AWS's guides write them: no rule has anything to say."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.policies.cases.case import allow, document, one
from tests.policies.protocol import UNKNOWN, Analyzer, StackResource

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
ROLE = "aws:iam/role:Role"
GITHUB = "token.actions.githubusercontent.com"
EKS = f"oidc.eks.{REGION}.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"


def arn(service: str, resource: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def trust(principal: object, action: str, **condition: object) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**statement, "Condition": condition}


def to(service: str, action: object, resource: object, **condition: object) -> dict[str, Any]:
    """Return a statement of a resource's policy for a service."""
    more = {"Condition": condition} if condition else {}
    return allow(action, resource, Principal={"Service": service}, **more)


def web_identity(issuer: str, subject: str) -> dict[str, Any]:
    return trust(
        {"Federated": arn("iam", f"oidc-provider/{issuer}", region="")},
        "sts:AssumeRoleWithWebIdentity",
        StringEquals={f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": subject},
    )


def of(service: str, source: str, resource: str) -> dict[str, Any]:
    """Return the trust of a service for a source of this account."""
    return trust(
        {"Service": f"{service}.amazonaws.com"},
        "sts:AssumeRole",
        StringEquals={"aws:SourceAccount": ACCOUNT},
        ArnLike={"aws:SourceArn": arn(source, resource)},
    )


def role(trusted: dict[str, Any], *statements: dict[str, Any]) -> list[StackResource]:
    """Return a role with an inline policy, as a resource of its own."""
    given: dict[str, Any] = {"name": "app", "assumeRolePolicy": document(trusted)}
    policy: dict[str, Any] = {"role": "app", "policy": document(*statements)}
    made = one(ROLE, "role", **given)
    return [made, one("aws:iam/rolePolicy:RolePolicy", "policy", {"role": ["role"]}, **policy)]


def attached(kind: str, *statements: dict[str, Any], **more: object) -> list[StackResource]:
    """Return a resource's policy."""
    given: dict[str, Any] = {"policy": document(*statements), **more}
    return [one(kind, "policy", **given)]


LOG_BUCKET = "arn:aws:s3:::shop-logs"
SECRET = arn("secretsmanager", "secret:orders-a1b2c3")
STARTED = one(
    "aws:ecs/taskDefinition:TaskDefinition",
    "task",
    {"executionRoleArn": ["role"]},
    executionRoleArn=UNKNOWN,
    family="orders",
    networkMode="awsvpc",
    requiresCompatibilities=["FARGATE"],
    containerDefinitions="[]",
)

GUIDES: dict[str, Sequence[StackResource]] = {
    "a task's execution role, with a key for its secret": [
        STARTED,
        *role(
            of("ecs-tasks", "ecs", "*"),
            allow("ecr:GetAuthorizationToken", "*"),
            allow(
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"],
                arn("ecr", "repository/orders"),
            ),
            allow("ecr:GetDownloadUrlForLayer", arn("ecr", "repository/orders")),
            allow(
                ["logs:CreateLogStream", "logs:PutLogEvents"],
                arn("logs", "log-group:/ecs/orders:*"),
            ),
            allow("secretsmanager:GetSecretValue", SECRET),
            allow(
                "kms:Decrypt",
                arn("kms", "key/*"),
                Condition={
                    "StringEquals": {
                        "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com",
                        "kms:EncryptionContext:SecretARN": SECRET,
                    }
                },
            ),
        ),
    ],
    "a task's role, with shells through Session Manager": role(
        of("ecs-tasks", "ecs", "*"),
        allow(
            [
                *("ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel"),
                *("ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"),
            ],
            "*",
        ),
        allow("logs:DescribeLogGroups", "*"),
        allow(["sqs:SendMessage", "sqs:GetQueueUrl"], arn("sqs", "orders")),
        allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::shop-orders/*"),
        allow(
            "s3:ListBucket",
            "arn:aws:s3:::shop-orders",
            Condition={"StringLike": {"s3:prefix": ["orders/*"]}},
        ),
        allow(["dynamodb:GetItem", "dynamodb:Query"], [arn("dynamodb", "table/orders")]),
        allow("cloudwatch:PutMetricData", "*"),
        allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    ),
    "a role for a service account (IRSA)": role(
        web_identity(EKS, "system:serviceaccount:shop:orders"),
        allow("sqs:ReceiveMessage", arn("sqs", "orders")),
    ),
    "a role for a workflow of GitHub": role(
        web_identity(GITHUB, "repo:shop/orders:ref:refs/heads/main"),
        allow("ecr:GetAuthorizationToken", "*"),
        allow(
            [
                *("ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage"),
                *("ecr:UploadLayerPart", "ecr:BatchCheckLayerAvailability"),
            ],
            arn("ecr", "repository/orders"),
        ),
        allow(
            "iam:PassRole",
            [arn("iam", "role/orders-task", region=""), arn("iam", "role/orders-run", region="")],
            Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        ),
        allow(["ecs:DescribeServices", "ecs:UpdateService"], arn("ecs", "service/shop/orders")),
        allow("ecs:RegisterTaskDefinition", arn("ecs", "task-definition/orders:*")),
        allow("ecs:DescribeTaskDefinition", "*"),
    ),
    "a role for a schedule": [
        *role(
            of("scheduler", "scheduler", "schedule-group/shop"),
            allow(
                "ecs:RunTask",
                arn("ecs", "task-definition/report:*"),
                Condition={"ArnEquals": {"ecs:cluster": arn("ecs", "cluster/shop")}},
            ),
            allow(
                "iam:PassRole",
                arn("iam", "role/report-run", region=""),
                Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
            allow("sqs:SendMessage", arn("sqs", "report-dead-letters")),
        ),
        one(
            "aws:scheduler/schedule:Schedule",
            "nightly",
            {"target": ["role"]},
            target={
                "arn": arn("ecs", "cluster/shop"),
                "roleArn": UNKNOWN,
                "ecsParameters": {
                    "launchType": "FARGATE",
                    "networkConfiguration": {"assignPublicIp": False, "securityGroups": ["sg-1"]},
                },
            },
        ),
    ],
    "a role for any state machine of the account": role(
        of("states", "states", "stateMachine:*"),
        allow("lambda:InvokeFunction", arn("lambda", "function:orders")),
    ),
    "a role that is limited by denials": role(
        of("lambda", "lambda", "function:orders"),
        allow(["s3:GetObject"], "arn:aws:s3:::shop-orders/*"),
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}},
        },
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
    ),
    "the queue of a topic": attached(
        "aws:sqs/queuePolicy:QueuePolicy",
        to(
            "sns.amazonaws.com",
            "sqs:SendMessage",
            arn("sqs", "orders"),
            ArnEquals={"aws:SourceArn": arn("sns", "orders")},
        ),
    ),
    "a topic, as SNS makes its policy": attached(
        "aws:sns/topicPolicy:TopicPolicy",
        allow(
            ["SNS:GetTopicAttributes", "SNS:Publish", "SNS:Subscribe"],
            arn("sns", "orders"),
            Principal={"AWS": "*"},
            Condition={"StringEquals": {"AWS:SourceOwner": ACCOUNT}},
        ),
    ),
    "a repository from which another account pulls": attached(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        allow(
            ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "*",
            Principal={"AWS": f"arn:aws:iam::{OTHER}:root"},
        ),
        to(
            "lambda.amazonaws.com",
            ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "*",
            StringLike={"aws:sourceArn": arn("lambda", "function:*", OTHER)},
        ),
    ),
    "a bucket for a load balancer's logs": attached(
        "aws:s3/bucketPolicy:BucketPolicy",
        to(
            "logdelivery.elasticloadbalancing.amazonaws.com",
            "s3:PutObject",
            f"{LOG_BUCKET}/AWSLogs/{ACCOUNT}/*",
            ArnLike={"aws:SourceArn": arn("elasticloadbalancing", "loadbalancer/*")},
        ),
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [LOG_BUCKET, f"{LOG_BUCKET}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ),
    "a bucket for CloudTrail": attached(
        "aws:s3/bucketPolicy:BucketPolicy",
        to(
            "cloudtrail.amazonaws.com",
            "s3:GetBucketAcl",
            LOG_BUCKET,
            StringEquals={"aws:SourceArn": arn("cloudtrail", "trail/shop")},
        ),
        to(
            "cloudtrail.amazonaws.com",
            "s3:PutObject",
            f"{LOG_BUCKET}/AWSLogs/{ACCOUNT}/*",
            StringEquals={
                "s3:x-amz-acl": "bucket-owner-full-control",
                "aws:SourceArn": arn("cloudtrail", "trail/shop"),
            },
        ),
    ),
    "a bucket of a part of an organization": attached(
        "aws:s3/bucketPolicy:BucketPolicy",
        allow(
            "s3:GetObject",
            f"{LOG_BUCKET}/*",
            Principal="*",
            Condition={
                "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-1/*"]}
            },
        ),
    ),
    "a key for logs and for tasks' storage": attached(
        "aws:kms/key:Key",
        allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        to(
            f"logs.{REGION}.amazonaws.com",
            ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
            "*",
            ArnEquals={"kms:EncryptionContext:aws:logs:arn": arn("logs", "log-group:/ecs/orders")},
        ),
        to(
            "fargate.amazonaws.com",
            "kms:GenerateDataKeyWithoutPlaintext",
            "*",
            StringEquals={
                "kms:EncryptionContext:aws:ecs:clusterAccount": [ACCOUNT],
                "kms:EncryptionContext:aws:ecs:clusterName": ["shop"],
            },
        ),
        enableKeyRotation=True,
    ),
    "a function that a rule invokes": [
        one(
            "aws:lambda/permission:Permission",
            "invoke",
            principal="events.amazonaws.com",
            action="lambda:InvokeFunction",
            function="orders",
            sourceArn=arn("events", "rule/nightly"),
        )
    ],
}
"""By what they are for: a stack."""


@pytest.mark.parametrize("guide", GUIDES)
def test_a_document_of_least_privilege_breaks_no_rule(pack: Analyzer, guide: str) -> None:
    stack = GUIDES[guide]

    singly = [pack.analyze(each.type, each.properties) for each in stack if each is not STARTED]
    together = pack.analyze_stack(stack)

    said = [d for found in (*singly, together) for d in found.all]
    assert [(d.policyName, d.message) for d in said] == []
