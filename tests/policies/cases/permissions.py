"""What a role may do."""

import json
from collections.abc import Mapping
from typing import Any

from tests.policies.cases.case import BROKEN, About, Case, allow, document
from tests.policies.cases.trusts import ROLE
from tests.policies.protocol import UNKNOWN

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"


def policies(documents: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    """Return role policies with these documents."""
    return {title: {"policy": text} for title, text in documents.items()}


def about_permissions(
    rule: str, passes: Mapping[str, object], fails: Mapping[str, object]
) -> About:
    """Return the cases of a rule about permission policies, wherever these stand."""
    some_pass = {
        title: {"inlinePolicies": [{"name": "p", "policy": p}]} for title, p in passes.items()
    }
    some_fail = {
        title: {"inlinePolicies": [{"name": "empty"}, {"name": "p", "policy": p}]}
        for title, p in fails.items()
    }
    return (
        About(rule, ROLE_POLICY)
        .passes(policies({**passes, "an empty text": "", "an empty object": "{}"}))
        .passes({"absent": {}})
        .fails(policies({**fails, **BROKEN}))
        .fails(
            policies(
                {
                    "an empty key": '{"": 1}',
                    **{f"as object: {t}": _parsed(p) for t, p in fails.items()},
                }
            )
        )
        .undecided(policies({"unknown": UNKNOWN, "unknown statement": {"Statement": [UNKNOWN]}}))
        .undecided(
            policies({"unknown resource": {"Statement": {**allow("sqs:SendMessage", UNKNOWN)}}})
        )
        .passes(some_pass, ROLE)
        .fails(some_fail, ROLE)
        .undecided({"unknown": {"inlinePolicies": [{"name": "p", "policy": UNKNOWN}]}}, ROLE)
        .fails(policies(dict(list(fails.items())[:1])), POLICY)
        .fails(policies(dict(list(fails.items())[:1])), "aws:iam/userPolicy:UserPolicy")
        .fails(policies(dict(list(fails.items())[:1])), "aws:iam/groupPolicy:GroupPolicy")
    )


def _parsed(text: object) -> object:
    return json.loads(text) if isinstance(text, str) else text


LEAST = document(allow(["sqs:SendMessage", "sqs:GetQueueUrl"]))
ROLE_ARN = "arn:aws:iam::111122223333:role/task"
TO_ECS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
ECS = "arn:aws:ecs:eu-west-1:111122223333"
ENTERED = [f"{ECS}:cluster/dev", f"{ECS}:task/dev/*"]
KMS = "arn:aws:kms:eu-west-1:111122223333"
ONE_SECRET = {
    "kms:EncryptionContext:SecretARN": (
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-a1b2c3"
    )
}
EVERYTHING_DENIED = document({"Effect": "Deny", "Action": "*", "Resource": "*"})

ABOUT = [
    about_permissions(
        "iam-no-admin",
        {
            "least privilege": LEAST,
            "all is denied": EVERYTHING_DENIED,
            "every action on one queue": document(allow("*")),
            "every action on a service's resources": document(allow("*", "arn:aws:sqs:*:*:*")),
            "one action on everything": document(allow("sqs:ListQueues", "*")),
        },
        {
            "everything": document(allow("*", "*")),
            "everything spelled otherwise": document(allow("*:*", "*")),
            **{
                f"every ARN, as {pattern}": document(allow("*", pattern))
                for pattern in (
                    "arn:*",
                    "arn:aws:*",
                    "arn:aws:*:*:*:*",
                    "arn:aws:*:*:11112222333?:*",
                )
            },
            "everything in lists": document(allow(["sqs:SendMessage", "*"], ["a", "*"])),
            "everything but one": document(
                {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::one"}
            ),
            "in the second statement": document(allow("sqs:SendMessage"), allow("**", "**")),
        },
    ),
    about_permissions(
        "iam-service-wildcard",
        {
            "least privilege": LEAST,
            "all is denied": EVERYTHING_DENIED,
            "a group of actions": document(allow("sqs:Get*")),
        },
        {
            "a service": document(allow("sqs:*")),
            "a service among actions": document(allow(["sqs:SendMessage", "sqs:*"])),
            "everything": document(allow("*")),
            "several services": document(allow("s*:GetObject")),
            "other wildcards": document(allow("sqs:?*")),
        },
    ),
    about_permissions(
        "iam-passrole",
        {
            "least privilege": LEAST,
            "a role to a service": document(allow("iam:PassRole", ROLE_ARN, Condition=TO_ECS)),
            "actions without passing roles": document(
                {"Effect": "Allow", "NotAction": ["sqs:*", "iam:*"], "Resource": "*"}
            ),
            "a role with a path": document(
                allow("iam:PassRole", ROLE_ARN.replace("role/", "role/app/"), Condition=TO_ECS)
            ),
            "a denial": EVERYTHING_DENIED,
            "other actions on roles": document(allow("iam:GetRole", "*")),
        },
        {
            "every role": document(allow("iam:PassRole", "*", Condition=TO_ECS)),
            "every role of the account": document(
                allow("iam:PassRole", "arn:aws:iam::111122223333:role/*", Condition=TO_ECS)
            ),
            "one role and every role": document(
                allow("iam:PassRole", [ROLE_ARN, "*"], Condition=TO_ECS)
            ),
            "no service": document(allow("iam:PassRole", ROLE_ARN)),
            "a service that is compared with itself": document(
                allow(
                    "iam:PassRole",
                    ROLE_ARN,
                    Condition={"StringEquals": {"iam:PassedToService": "${iam:PassedToService}"}},
                )
            ),
            "a service and every service": document(
                allow(
                    "iam:PassRole",
                    ROLE_ARN,
                    Condition={
                        "StringLike": {"iam:PassedToService": ["ecs-tasks.amazonaws.com", "*"]}
                    },
                )
            ),
            "every service": document(
                allow(
                    "iam:PassRole",
                    ROLE_ARN,
                    Condition={"StringLike": {"iam:PassedToService": "*"}},
                )
            ),
            "a service that may be missing": document(
                allow(
                    "iam:PassRole",
                    ROLE_ARN,
                    Condition={
                        "StringEqualsIfExists": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
                    },
                )
            ),
            "among other actions": document(
                allow(["sqs:SendMessage", "iam:PassRole"], "*", Condition=TO_ECS)
            ),
            "all of IAM": document(allow("iam:*", ROLE_ARN)),
            "a pattern": document(allow("iam:Pass*", "*", Condition=TO_ECS)),
            "another case": document(allow("IAM:passrole", "*", Condition=TO_ECS)),
            "a pattern in another case": document(allow("IAM:pass*", "*", Condition=TO_ECS)),
            "all actions but some": document(
                {"Effect": "Allow", "NotAction": "sqs:*", "Resource": ROLE_ARN}
            ),
            "no resource": document(
                {"Effect": "Allow", "Action": "iam:PassRole", "Condition": TO_ECS}
            ),
        },
    ),
    about_permissions(
        "iam-not-elements",
        {
            "least privilege": LEAST,
            "a denial of the rest": document(
                {"Effect": "Deny", "NotAction": "sqs:*", "NotResource": "arn:aws:s3:::one"}
            ),
        },
        {
            "not these actions": document(
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::one"}
            ),
            "not these resources": document(
                {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::one"}
            ),
        },
    ),
    about_permissions(
        "iam-assume-scoped",
        {
            "least privilege": LEAST,
            "a role": document(allow("sts:AssumeRole", ROLE_ARN)),
            "roles that begin alike": document(allow("sts:AssumeRole", ROLE_ARN + "-*")),
            "a denial": EVERYTHING_DENIED,
            "who am I": document(allow("sts:GetCallerIdentity", "*")),
        },
        {
            "every role": document(allow("sts:AssumeRole", "*")),
            "every role of an account": document(
                allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/*")
            ),
            "a role of any account": document(allow("sts:AssumeRole", "arn:aws:iam::*:role/admin")),
            "a pattern": document(allow("sts:Assume*", "*")),
            "one role and every role": document(allow("sts:AssumeRole", [ROLE_ARN, "*"])),
            "every role but one": document(
                {"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": ROLE_ARN}
            ),
        },
    ),
    about_permissions(
        "iam-exec-command",
        {
            "least privilege": LEAST,
            "a cluster and its tasks": document(allow("ecs:ExecuteCommand", ENTERED)),
            "tasks of a cluster by condition": document(
                allow(
                    "ecs:ExecuteCommand",
                    f"{ECS}:task/*",
                    Condition={"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}},
                )
            ),
            "tasks of a cluster by a pattern": document(
                allow(
                    "ecs:ExecuteCommand",
                    f"{ECS}:task/*",
                    Condition={"ArnLike": {"ecs:cluster": f"{ECS}:cluster/dev"}},
                )
            ),
            "among buckets": document(allow("*", [*ENTERED, "arn:aws:s3:::one/*"])),
            "a denial": EVERYTHING_DENIED,
            "other actions on every task": document(allow("ecs:DescribeTasks", "*")),
        },
        {
            "every task": document(allow("ecs:ExecuteCommand", "*")),
            "every cluster": document(allow("ecs:ExecuteCommand", [*ENTERED, f"{ECS}:task/*"])),
            "every task of ECS": document(allow("ecs:ExecuteCommand", "arn:aws:e*")),
            "clusters that begin alike": document(
                allow("ecs:ExecuteCommand", [f"{ECS}:cluster/*", f"{ECS}:task/dev*/*"])
            ),
            "another account": document(
                allow("ecs:ExecuteCommand", "arn:aws:ecs:eu-west-1:*:task/dev/*")
            ),
            "every cluster by condition": document(
                allow(
                    "ecs:ExecuteCommand",
                    "*",
                    Condition={"ArnLike": {"ecs:cluster": f"{ECS}:cluster/*"}},
                )
            ),
            "every cluster but one": document(
                allow(
                    "ecs:ExecuteCommand",
                    "*",
                    Condition={"ArnNotEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}},
                )
            ),
            "no cluster": document(
                allow("ecs:ExecuteCommand", "*", Condition={"ArnEquals": {"ecs:cluster": []}})
            ),
            "a cluster and every cluster": document(
                allow(
                    "ecs:ExecuteCommand",
                    "*",
                    Condition={
                        "ArnLike": {"ecs:cluster": [f"{ECS}:cluster/dev", f"{ECS}:cluster/*"]}
                    },
                )
            ),
            "a cluster that may be missing": document(
                allow(
                    "ecs:ExecuteCommand",
                    "*",
                    Condition={"ArnEqualsIfExists": {"ecs:cluster": f"{ECS}:cluster/dev"}},
                )
            ),
            "a pattern": document(allow("ecs:Exec*", "*")),
            "every task but one": document(
                {
                    "Effect": "Allow",
                    "Action": "ecs:ExecuteCommand",
                    "NotResource": f"{ECS}:task/dev/1",
                }
            ),
        },
    ),
    about_permissions(
        "iam-kms-decrypt",
        {
            "least privilege": LEAST,
            "a key": document(allow("kms:Decrypt", f"{KMS}:key/1234abcd-12ab")),
            "a key in every region": document(
                allow("kms:Decrypt", "arn:aws:kms:*:111122223333:key/mrk-1234abcd")
            ),
            "keys by alias": document(
                allow(
                    "kms:Decrypt",
                    f"{KMS}:key/*",
                    Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"}},
                )
            ),
            "one secret": document(
                allow(
                    "kms:Decrypt",
                    "*",
                    Condition={"StringEquals": ONE_SECRET},
                )
            ),
            "keys by the alias that is called": document(
                allow(
                    "kms:Decrypt",
                    f"{KMS}:key/*",
                    Condition={"StringLike": {"kms:RequestAlias": "alias/app-*"}},
                )
            ),
            "one secret by its ARN": document(
                allow("kms:Decrypt", "*", Condition={"ArnEquals": ONE_SECRET})
            ),
            "one secret by a pattern of ARNs": document(
                allow("kms:Decrypt", "*", Condition={"ArnLike": ONE_SECRET})
            ),
            "keys by tag": document(
                allow("kms:Decrypt", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})
            ),
            "an alias, which allows nothing": document(allow("kms:Decrypt", f"{KMS}:alias/app-*")),
            "everything of a bucket": document(allow("*", "arn:aws:s3:::one/*")),
            "a denial": EVERYTHING_DENIED,
            "encryption only": document(allow("kms:GenerateDataKey", "*")),
        },
        {
            "every key": document(allow("kms:Decrypt", "*")),
            "every key of the account": document(allow("kms:Decrypt", f"{KMS}:key/*")),
            "every key that is in several regions": document(
                allow("kms:Decrypt", f"{KMS}:key/mrk-*")
            ),
            "every key of any account": document(
                allow("kms:Decrypt", "arn:aws:kms:*:*:key/1234abcd-12ab")
            ),
            "a key and every key": document(
                allow("kms:Decrypt", [f"{KMS}:key/1234abcd", "arn:aws:km?:*"])
            ),
            "encryption anew": document(allow("kms:ReEncrypt*", "*")),
            "a pattern": document(allow("kms:D*", "*")),
            "by a service": document(
                allow(
                    "kms:Decrypt",
                    "*",
                    Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
                )
            ),
            "every alias": document(
                allow(
                    "kms:Decrypt",
                    "*",
                    Condition={"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}},
                )
            ),
            "one alias and every alias": document(
                allow(
                    "kms:Decrypt",
                    "*",
                    Condition={
                        "ForAnyValue:StringLike": {"kms:ResourceAliases": ["alias/app", "alias/*"]}
                    },
                )
            ),
            "no alias": document(
                allow(
                    "kms:Decrypt",
                    "*",
                    Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": []}},
                )
            ),
            "every secret but one": document(
                allow("kms:Decrypt", "*", Condition={"StringNotEquals": ONE_SECRET})
            ),
            **{
                f"every secret, as {value}": document(
                    allow(
                        "kms:Decrypt", "*", Condition={"ArnLike": dict.fromkeys(ONE_SECRET, value)}
                    )
                )
                for value in (
                    "arn:*",
                    "arn:aws:secretsmanager:*:*:secret:*",
                    "${kms:EncryptionContext:SecretARN}",
                )
            },
            "an alias that is compared with itself": document(
                allow(
                    "kms:Decrypt",
                    "*",
                    Condition={"StringEquals": {"kms:RequestAlias": "${kms:RequestAlias}"}},
                )
            ),
            "keys without another alias": document(
                allow(
                    "kms:Decrypt",
                    "*",
                    Condition={"ForAllValues:StringEquals": {"kms:ResourceAliases": "alias/app"}},
                )
            ),
            "every key but one": document(
                {"Effect": "Allow", "Action": "kms:Decrypt", "NotResource": f"{KMS}:key/1234abcd"}
            ),
        },
    ),
    about_permissions(
        "iam-resource-star",
        {
            "least privilege": LEAST,
            "a denial": EVERYTHING_DENIED,
            "what can't be restricted": document(
                allow(["ecr:GetAuthorizationToken", "logs:DescribeLogGroups"], "*")
            ),
            "a pattern of what can't be restricted": document(allow("ssmmessages:*", "*")),
            "metrics": document(
                allow([f"cloudwatch:{a}MetricData" for a in ("Get", "Put")], "*"),
                allow("cloudwatch:ListMetrics", "*"),
            ),
            "what isn't in the reference": document(allow(["sqs:Sing", "nothing:Do"], "*")),
            "tasks of a cluster": document(
                allow(
                    "ecs:StopTask",
                    "*",
                    Condition={"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}},
                )
            ),
            "by tag": document(
                allow(
                    "sqs:SendMessage",
                    "*",
                    Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}},
                )
            ),
            "by the caller's own tag": document(
                allow(
                    "sqs:SendMessage",
                    "*",
                    Condition={
                        "StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}
                    },
                )
            ),
            "every object of a bucket": document(allow("s3:GetObject", "arn:aws:s3:::one/*")),
        },
        {
            "one action": document(allow("sqs:SendMessage", "*")),
            "one action on every ARN": document(allow("sqs:SendMessage", "arn:aws:*")),
            "by a tag that is compared with itself": document(
                allow(
                    "sqs:SendMessage",
                    "*",
                    Condition={"StringEquals": {"aws:ResourceTag/a": "${AWS:ResourceTag/a}"}},
                )
            ),
            "any cluster of the account": document(
                allow(
                    "ecs:StopTask", "*", Condition={"ArnLike": {"ecs:cluster": f"{ECS}:cluster/*"}}
                )
            ),
            "among what can't be restricted": document(
                allow(["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "*")
            ),
            "among named ones": document(allow("sqs:SendMessage", ["arn:aws:sqs:::a", "*"])),
            "a pattern": document(allow("sqs:Send*", "*")),
            "another case": document(allow("SQS:sendmessage", "*")),
            "everything": document(allow("*", "*")),
            "who may be missing": document(
                allow(
                    "ecs:StopTask",
                    "*",
                    Condition={"ArnEqualsIfExists": {"ecs:cluster": f"{ECS}:cluster/dev"}},
                )
            ),
            "any cluster": document(
                allow("ecs:StopTask", "*", Condition={"ArnLike": {"ecs:cluster": "*"}})
            ),
            "another service's key": document(
                allow(
                    "sqs:SendMessage",
                    "*",
                    Condition={"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}},
                )
            ),
            "by TLS": document(
                allow("sqs:SendMessage", "*", Condition={"Bool": {"aws:SecureTransport": "true"}})
            ),
            "every role to one service": document(allow("iam:PassRole", "*", Condition=TO_ECS)),
        },
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
