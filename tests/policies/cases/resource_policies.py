"""Whom the policies of queues, topics, keys and other resources let in."""

from tests.policies.cases.case import BROKEN, About, Case, allow, document
from tests.policies.cases.permissions import policies
from tests.policies.cases.trusts import HERE
from tests.policies.protocol import UNKNOWN

QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"


def to_service(**condition: object) -> str:
    more = {"Condition": condition} if condition else {}
    return document(allow("sqs:SendMessage", Principal={"Service": "sns.amazonaws.com"}, **more))


def to_everybody(**condition: object) -> str:
    more = {"Condition": condition} if condition else {}
    return document(allow("sqs:SendMessage", Principal="*", **more))


TLS_ONLY = document(
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
)
TOPIC = f"arn:aws:sns:eu-west-1:{HERE}:orders"
ROLE_HERE = f"arn:aws:iam::{HERE}:role/worker"
WHO = {
    "aws:PrincipalAccount": HERE,
    "aws:PrincipalArn": ROLE_HERE,
    "aws:PrincipalOrgID": "o-abcd123456",
    "aws:SourceAccount": HERE,
    "aws:SourceArn": TOPIC,
    "aws:SourceOrgID": "o-abcd123456",
    "aws:SourceOwner": HERE,
    "aws:SourceVpc": "vpc-1",
    "aws:SourceVpce": "vpce-1",
    "kms:CallerAccount": HERE,
}
"""Keys that say who calls, with a value of each."""
PERMISSION = "aws:cloudwatch/eventPermission:EventPermission"

ABOUT = [
    About("resource-policy-public", QUEUE_POLICY)
    .passes(
        {
            **policies(
                {
                    "a denial": TLS_ONLY,
                    "an account": document(
                        allow("sqs:SendMessage", Principal={"AWS": f"arn:aws:iam::{HERE}:root"})
                    ),
                    "a service for a topic": to_service(ArnLike={"aws:SourceArn": TOPIC}),
                    "a service for an account": to_service(
                        StringEquals={"aws:SourceAccount": HERE}
                    ),
                    "a service for a bucket": to_service(
                        ArnEquals={"aws:SourceArn": "arn:aws:s3:::uploads"}
                    ),
                    **{
                        f"whoever has {key}": to_everybody(StringEquals={key: value})
                        for key, value in WHO.items()
                    },
                    "an account, whatever its case": to_everybody(
                        StringEqualsIgnoreCase={"aws:PrincipalAccount": HERE}
                    ),
                    "whoever is of the resource's organization": to_everybody(
                        StringEquals={"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}
                    ),
                    **{
                        f"a part of an organization by {key}": to_everybody(
                            **{"ForAnyValue:StringLike": {key: "o-abcd123456/r-ab12/ou-ab12-*/*"}}
                        )
                        for key in ("aws:PrincipalOrgPaths", "aws:SourceOrgPaths")
                    },
                    "an account by StringLike": to_everybody(
                        StringLike={"aws:PrincipalAccount": HERE}
                    ),
                    "an account by its canonical id, with a name of its own": document(
                        {
                            **allow("sqs:SendMessage", Principal={"CanonicalUser": "79a5"}),
                            "Sid": "a",
                        }
                    ),
                    "no service": document(
                        allow("sqs:SendMessage", Principal={"Service": [], "AWS": ROLE_HERE})
                    ),
                    "an empty text": "",
                }
            ),
            "absent": {},
        }
    )
    .fails(
        policies(
            {
                "everybody": to_everybody(),
                "every account": document(allow("sqs:SendMessage", Principal={"AWS": ["*"]})),
                "every account among some": document(
                    allow("sqs:SendMessage", Principal={"AWS": [ROLE_HERE, "*"]})
                ),
                "whoever calls a region": to_everybody(
                    StringEquals={"aws:RequestedRegion": "eu-west-1"}
                ),
                "an organization and any": to_everybody(
                    StringLike={"aws:PrincipalOrgID": ["o-abcd123456", "*"]}
                ),
                **{
                    f"whoever has any {key}": to_everybody(StringEquals={key: f"${{{key}}}"})
                    for key in ("aws:PrincipalAccount", "aws:SourceArn", "aws:PrincipalOrgID")
                },
                "whoever has what the caller brings": to_everybody(
                    StringEquals={"aws:PrincipalAccount": "${aws:PrincipalTag/account}"}
                ),
                "a part of any organization": to_everybody(
                    **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}}
                ),
                "parts of an organization, or none": to_everybody(
                    **{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-abcd123456/*"}}
                ),
                "an empty account": to_everybody(StringEquals={"aws:PrincipalAccount": ""}),
                "everybody but one": document(
                    {"Effect": "Allow", "NotPrincipal": {"AWS": HERE}, "Action": "sqs:SendMessage"}
                ),
                "a service": to_service(),
                "a service for anything": to_service(ArnLike={"aws:SourceArn": "*"}),
                "a service for any account": to_service(
                    ArnLike={"aws:SourceArn": "arn:aws:sns:*:*:orders"}
                ),
                "a service for any bucket": to_service(ArnLike={"aws:SourceArn": "arn:aws:s3:::*"}),
                "a service, unless the key is missing": to_service(
                    StringEqualsIfExists={"aws:SourceAccount": HERE}
                ),
                "everybody but an account": to_everybody(
                    StringNotEquals={"aws:PrincipalAccount": HERE}
                ),
                "everybody by TLS": to_everybody(Bool={"aws:SecureTransport": "true"}),
                "everybody in any organization": to_everybody(
                    StringLike={"aws:PrincipalOrgID": "o-*"}
                ),
                "no value": to_everybody(StringEquals={"aws:SourceAccount": []}),
                **BROKEN,
            }
        )
    )
    .undecided(policies({"unknown": UNKNOWN}))
    .fails(policies({"everybody": to_everybody()}), "aws:sqs/queue:Queue")
    .passes(
        policies(
            {
                "the account and the logs": document(
                    allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{HERE}:root"}),
                    allow(
                        "kms:Decrypt",
                        "*",
                        Principal={"Service": "logs.eu-west-1.amazonaws.com"},
                        Condition={
                            "ArnLike": {
                                "kms:EncryptionContext:aws:logs:arn": (
                                    f"arn:aws:logs:eu-west-1:{HERE}:log-group:*"
                                )
                            }
                        },
                    ),
                )
            }
        ),
        "aws:kms/key:Key",
    )
    .fails(policies({"everybody": to_everybody()}), "aws:kms/key:Key")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/keyPolicy:KeyPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/externalKey:ExternalKey")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/replicaKey:ReplicaKey")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/replicaExternalKey:ReplicaExternalKey")
    .fails(policies({"everybody": to_everybody()}), "aws:s3/bucket:Bucket")
    .fails(policies({"everybody": to_everybody()}), "aws:s3/bucketV2:BucketV2")
    .fails(policies({"everybody": to_everybody()}), "aws:ecr/registryPolicy:RegistryPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:ecr/repositoryPolicy:RepositoryPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:cloudwatch/eventBusPolicy:EventBusPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:s3/bucketPolicy:BucketPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:secretsmanager/secret:Secret")
    .fails(policies({"everybody": to_everybody()}), "aws:secretsmanager/secretPolicy:SecretPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:sns/topic:Topic")
    .fails(policies({"everybody": to_everybody()}), "aws:sns/topicPolicy:TopicPolicy")
    .passes({"an account": {"principal": HERE}}, PERMISSION)
    .passes({"an organization": {"principal": "*", "condition": {"value": "o-1"}}}, PERMISSION)
    .fails(
        {
            "everybody": {"principal": "*"},
            "everybody of no organization": {
                "principal": "*",
                "condition": {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": ""},
            },
        },
        PERMISSION,
    )
    .undecided({"unknown": {"principal": UNKNOWN}}, PERMISSION),
]


CASES: list[Case] = [case for about in ABOUT for case in about.cases]
