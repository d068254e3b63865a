"""Roles that pull images and write logs, and those that may do more."""

from tests.policies.cases.case import AboutStack, Case, allow, one
from tests.policies.cases.escalations import (
    ATTACHMENT,
    ECR,
    IAM,
    LOGS,
    PARAMETER,
    ROLE,
    ROLE_POLICY,
    SECRET,
    STARTED,
    TASK,
    attachment,
    deny,
    foreign,
    managed,
    may,
    policy,
    role,
    starts,
)
from tests.policies.protocol import UNKNOWN

ABOUT = [
    AboutStack("exec-role-minimal")
    .passes(
        {
            "pull, logs and a secret": starts(
                allow(["ecr:GetAuthorizationToken"], "*"),
                allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], f"{ECR}/web"),
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{LOGS}:/ecs/web:*"),
                allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3"),
                allow("ssm:GetParameters", f"{PARAMETER}/orders/*"),
            ),
            "pull through a cache": starts(
                allow(
                    [
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:BatchImportUpstreamImage",
                        "ecr:CreateRepository",
                    ],
                    f"{ECR}/web",
                )
            ),
            "a file of variables": starts(
                allow("s3:GetObject", "arn:aws:s3:::variables/web.env"),
                allow("s3:GetBucketLocation", "arn:aws:s3:::variables"),
            ),
            "keys by alias": starts(
                allow(
                    "kms:Decrypt",
                    "arn:aws:kms:eu-west-1:111122223333:key/*",
                    Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"}},
                )
            ),
            "a denial": starts(deny("*")),
            "no policy": starts()[:2],
            "AWS's policy": [*starts()[:2], foreign("AmazonECSTaskExecutionRolePolicy")],
            "a policy of the stack": [
                *starts()[:2],
                managed(allow("logs:PutLogEvents", f"{LOGS}:/ecs/web:*")),
                attachment(ATTACHMENT, role=["ci"], policyArn=["managed"]),
            ],
            "a policy of the stack by its ARN as a text": [
                *starts()[:2],
                managed(allow("logs:PutLogEvents", f"{LOGS}:/ecs/web:*")),
                one(
                    ATTACHMENT,
                    "attached",
                    {"role": ["ci"]},
                    role="ci-role",
                    policyArn=f"{IAM}:policy/app/ci-policy",
                ),
            ],
            "a role that starts no tasks": may(allow("sqs:SendMessage")),
            "a role that is in no stack": [
                one(TASK, "task", executionRoleArn=f"{IAM}:role/elsewhere"),
                *may(allow("sqs:SendMessage")),
            ],
        }
    )
    .fails(
        {
            "what the program needs": starts(allow("sqs:SendMessage")),
            "a pattern for more": starts(allow("ecr:*", f"{ECR}/web")),
            "by what is left out": starts(
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": f"{ECR}/web"}
            ),
            "every secret": starts(allow("secretsmanager:GetSecretValue", "*")),
            "every secret of the account": starts(
                allow("secretsmanager:GetSecretValue", f"{SECRET}:*")
            ),
            "a secret and every secret": starts(
                allow("secretsmanager:GetSecretValue", [f"{SECRET}:orders-a1b2c3", "*"])
            ),
            "every parameter": starts(allow("ssm:GetParameters", f"{PARAMETER}/*")),
            "every secret but one": starts(
                {
                    "Effect": "Allow",
                    "Action": "secretsmanager:GetSecretValue",
                    "NotResource": f"{SECRET}:orders-a1b2c3",
                }
            ),
            "by a managed policy": [
                *starts()[:2],
                managed(allow("sqs:SendMessage")),
                attachment(ATTACHMENT, role=["ci"], policyArn=["managed"]),
            ],
            "by its ARN as a text": [
                one(TASK, "task", executionRoleArn=f"{IAM}:role/ci-role", family="web"),
                role(arn=UNKNOWN),
                policy(allow("sqs:SendMessage")),
            ],
            "by a managed policy's ARN as a text": [
                STARTED,
                role(managedPolicyArns=[f"{IAM}:policy/ci-policy"]),
                managed(allow("sqs:SendMessage")),
            ],
            "AWS's policy of the same name as the stack's": [
                *starts()[:2],
                managed(allow("logs:PutLogEvents", f"{LOGS}:/ecs/web:*")),
                foreign("ci-policy"),
            ],
            "AWS's policy for something else": [*starts()[:2], foreign("AmazonS3FullAccess")],
            "AWS's policy beside the stack's": [
                STARTED,
                one(
                    ROLE,
                    "ci",
                    {"managedPolicyArns": ["managed"]},
                    managedPolicyArns=[UNKNOWN, "arn:aws:iam::aws:policy/AmazonS3FullAccess"],
                ),
                managed(allow("logs:PutLogEvents", f"{LOGS}:/ecs/web:*")),
            ],
        }
    )
    .undecided(
        {
            "an unknown policy": [
                *starts()[:2],
                one(ROLE_POLICY, "p", {"role": ["ci"]}, policy=UNKNOWN),
            ],
            "an unknown attachment": [
                *starts()[:2],
                one(ATTACHMENT, "attached", {"role": ["ci"]}, policyArn=UNKNOWN),
            ],
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
