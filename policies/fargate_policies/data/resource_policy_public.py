"""resource-policy-public: queues, buses, keys and repositories are open to named callers only."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place, Violation
from ..models.iam_document import (
    Condition,
    Statement,
    has_wildcard,
    is_written_out,
    judge_documents,
)

_PERMISSION: Final = "aws:cloudwatch/eventPermission:EventPermission"
_TYPES: Final = (
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:ecr/registryPolicy:RegistryPolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/key:Key",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketV2:BucketV2",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queue:Queue",
    "aws:sqs/queuePolicy:QueuePolicy",
    _PERMISSION,
)
_CALLER_KEYS = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "kms:calleraccount",
)
"""Keys that say who calls, or for whom a service calls."""
_PATHS = ("aws:principalorgpaths", "aws:sourceorgpaths")
"""Keys that say of which part of an organization who calls is."""
_OPERATORS = ("arnequals", "arnlike", "stringequals", "stringequalsignorecase", "stringlike")
_ACCOUNT_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[0-9]{12}:.*", re.DOTALL)
_BUCKET_ARN = re.compile(r"arn:[^:*?]+:s3:::[^*?]+.*", re.DOTALL)
_ORGANIZATION_PATH = re.compile(r"o-[a-z0-9]+/.+", re.DOTALL)
_OF_RESOURCE = re.compile(r"\$\{aws:Resource[a-z]+\}", re.IGNORECASE)
"""A variable for whose the resource is, such as ${aws:ResourceOrgID}: the caller is of the same."""
_CONTEXT_PREFIX = "kms:encryptioncontext:"
"""Services of AWS prove for what they use a key by the encryption context."""


def _check(resource: Resource) -> Findings:
    if resource.type == _PERMISSION:
        yield from _check_permission(resource.at("principal"), resource.at("condition"))
    else:
        yield from judge_documents([resource.at("policy")], _judge)


def _check_permission(principal: Place, condition: Place) -> Findings:
    if not principal.known:
        yield principal.unreadable()
    elif has_wildcard(principal.text) and not condition.at("value").present:
        yield Violation(f"{principal.path}: anybody may send events")


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows or any(map(_names_caller, statement.conditions)):
        return
    if statement.not_principals:
        yield "NotPrincipal admits everybody else"
    for kind, principals in statement.principals.items():
        if kind == "Service" and principals:
            yield "a service may act for anybody's resources"
        elif any(has_wildcard(principal) for principal in principals):
            yield "anybody is admitted"


def _names_caller(condition: Condition) -> bool:
    key = condition.key
    known_key = key in (*_CALLER_KEYS, *_PATHS) or key.startswith(_CONTEXT_PREFIX)
    comparing = condition.operator in _OPERATORS and condition.binding and condition.values
    is_named = _ORGANIZATION_PATH.fullmatch if key in _PATHS else _is_named
    return known_key and bool(comparing) and all(map(is_named, condition.values))


def _is_named(value: str) -> bool:
    """Whether a value is of one owner: any ARN with an account, a bucket, or no pattern at all."""
    if value.startswith("arn:"):
        return bool(_ACCOUNT_ARN.fullmatch(value) or _BUCKET_ARN.fullmatch(value))
    return bool(value) and (is_written_out(value) or bool(_OF_RESOURCE.fullmatch(value)))


RULE = Rule(
    name="resource-policy-public",
    description="Policies of queues, buses, keys and repositories admit named callers only.",
    fix=(
        "Name the principals; for a service demand aws:SourceArn or aws:SourceAccount (for a key"
        " the encryption context will do), for an organization aws:PrincipalOrgID."
    ),
    severity=Severity.CRITICAL,
    mandatory=True,
    sources=(
        *security_hub("SQS.3", "KMS.5"),
        *checkov("CKV_AWS_168", "CKV_AWS_33", "CKV_AWS_32"),
    ),
    types=_TYPES,
    check=_check,
)
