"""What lays open credentials and data, and what only seems to."""

from tests.policies.cases.case import AboutStack, Case, allow, one
from tests.policies.cases.escalations import (
    IAM,
    ROLE_POLICY,
    SECRET,
    deny,
    managed,
    may,
    policy,
    role,
)
from tests.policies.protocol import UNKNOWN

LAYING_OPEN = (
    *("cognito-identity:GetCredentialsForIdentity", "iam:CreateAccessKey"),
    *("cognito-identity:GetOpenIdTokenForDeveloperIdentity", "iam:CreateLoginProfile"),
    *("iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential"),
    *("iam:UpdateAccessKey", "lightsail:GetInstanceAccessDetails", "rds-db:connect"),
    *("lightsail:GetRelationalDatabaseMasterUserPassword", "redshift:GetClusterCredentials"),
    *("redshift:GetClusterCredentialsWithIAM", "sts:GetFederationToken", "dynamodb:BatchGetItem"),
    *("dynamodb:ExportTableToPointInTime", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"),
    *("ec2:CreateSnapshot", "rds:CopyDBSnapshot", "rds:CreateDBSnapshot", "s3:GetObject"),
    *("secretsmanager:BatchGetSecretValue", "ssm:GetParameter"),
    *("ssm:GetParameters", "ssm:GetParametersByPath"),
)
"""Actions that give credentials or data away."""

ABOUT = [
    AboutStack("iam-exposure")
    .passes(
        {
            "least privilege": may(allow("sqs:SendMessage")),
            "a secret": may(allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3")),
            "secrets that begin alike": may(
                allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-*")
            ),
            "every object of a bucket": may(allow("s3:GetObject", "arn:aws:s3:::one/*")),
            "secrets of a tag": may(
                allow(
                    "secretsmanager:GetSecretValue",
                    "*",
                    Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}},
                )
            ),
            **{
                f"secrets of a tag, by {operator}": may(
                    allow(
                        "secretsmanager:GetSecretValue",
                        "*",
                        Condition={operator: {"aws:ResourceTag/team": "orders"}},
                    )
                )
                for operator in ("StringLike", "StringEqualsIgnoreCase")
            },
            "secrets by the service's own key": may(
                allow(
                    "secretsmanager:GetSecretValue",
                    "*",
                    Condition={"StringLike": {"secretsmanager:SecretId": f"{SECRET}:orders-*"}},
                )
            ),
            "secrets of a tag, and one by its name": may(
                allow(
                    "secretsmanager:GetSecretValue",
                    "*",
                    Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}},
                ),
                allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3"),
            ),
            "what can't be restricted, on buckets": may(
                allow("cognito-identity:GetCredentialsForIdentity", "arn:aws:s3:::*")
            ),
            "what every pull needs": may(allow("ecr:GetAuthorizationToken", "*")),
            "denied by another policy": [
                *may(allow("ssm:GetParameter", "*")),
                policy(deny("ssm:*"), name="limits"),
            ],
            "lists": may(allow(["s3:ListAllMyBuckets", "dynamodb:ListTables"], "*")),
            "every action on a bucket": may(allow("s3:*", ["arn:aws:s3:::one"])),
        }
    )
    .fails(
        {
            "every secret": may(allow("secretsmanager:GetSecretValue", "*")),
            "one secret and every secret": may(
                allow("secretsmanager:GetSecretValue", [f"{SECRET}:orders-a1b2c3", "*"])
            ),
            **{
                f"secrets {title}": may(
                    allow(
                        "secretsmanager:GetSecretValue",
                        "*",
                        Condition={operator: {key: values}},
                    )
                )
                for title, operator, key, values in (
                    ("of all teams but one", "StringNotEquals", "aws:ResourceTag/team", "orders"),
                    ("of no team", "StringEquals", "aws:ResourceTag/team", []),
                    ("but one", "StringNotEquals", "secretsmanager:SecretId", "orders"),
                    ("by no name", "StringEquals", "secretsmanager:SecretId", []),
                    ("by a name and any", "StringLike", "secretsmanager:SecretId", ["orders", "*"]),
                )
            },
            "policies of keys, through a service": may(
                allow(
                    "kms:PutKeyPolicy",
                    "*",
                    Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
                )
            ),
            "every secret of the account": may(
                allow("secretsmanager:GetSecretValue", f"{SECRET}:*")
            ),
            "every object": may(allow("s3:Get*", "arn:aws:s3:::*")),
            "every parameter": may(
                allow("ssm:GetParameters", "arn:aws:ssm:eu-west-1:111122223333:parameter/*")
            ),
            "every key": may(allow("iam:CreateAccessKey", f"{IAM}:user/*")),
            "the policy of every queue": may(allow("sqs:AddPermission", "*")),
            "everything": may(allow("*", "*")),
            "everything but a service": may(
                {"Effect": "Allow", "NotAction": "ec2:*", "Resource": "*"}
            ),
            "everything but a resource": may(
                {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::one/*"}
            ),
            "denied for one": may(
                allow("secretsmanager:GetSecretValue", "*"),
                deny("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3"),
            ),
            "a managed policy": [managed(allow("ssm:GetParameter", "*"))],
            **{f"everything by {action}": may(allow(action, "*")) for action in LAYING_OPEN},
        }
    )
    .undecided(
        {
            "an unknown policy": [role(), one(ROLE_POLICY, "p", {"role": ["ci"]}, policy=UNKNOWN)],
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
