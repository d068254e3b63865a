"""What an identity can lay open: credentials, data, and permissions on resources."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from ..models.iam_document import Statement
from .actions import expand, with_access_level
from .conditions import narrows
from .identities import Identity
from .permissions import Grant, is_unnamed

_CREDENTIALS: Final = frozenset(
    {
        "cognito-identity:GetCredentialsForIdentity",
        "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreateServiceSpecificCredential",
        "iam:ResetServiceSpecificCredential",
        "iam:UpdateAccessKey",
        "lightsail:GetInstanceAccessDetails",
        "lightsail:GetRelationalDatabaseMasterUserPassword",
        "rds-db:connect",
        "redshift:GetClusterCredentials",
        "redshift:GetClusterCredentialsWithIAM",
        "sts:GetFederationToken",
    }
)
"""Not ecr:GetAuthorizationToken: whoever pulls an image needs it, on every resource, and its token
is worth what the identity may pull. sts:AssumeRole has a rule of its own."""

_DATA: Final = frozenset(
    {
        "dynamodb:BatchGetItem",
        "dynamodb:ExportTableToPointInTime",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "ec2:CreateSnapshot",
        "rds:CopyDBSnapshot",
        "rds:CreateDBSnapshot",
        "s3:GetObject",
        "secretsmanager:BatchGetSecretValue",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
    }
)


@lru_cache(maxsize=1)
def categories() -> Mapping[str, frozenset[str]]:
    """Return the actions of each category, by what they do, after "can"."""
    return {
        "get credentials of any identity": _CREDENTIALS,
        "read data of any secret, parameter, table or bucket": _DATA,
        "change permissions on any resource": with_access_level("Permissions management"),
    }


def exposures(identity: Identity) -> Iterator[str]:
    """Yield what an identity can lay open, as words after "can"."""
    for says, actions in categories().items():
        candidates = {
            action
            for statement in identity.permissions.statements
            if statement.allows and _is_broad(statement)
            for action in _actions(statement) & actions
        }
        if any(_is_open(identity, action) for action in sorted(candidates)):
            yield says


def _actions(statement: Statement) -> frozenset[str]:
    if statement.not_actions:
        return expand("*").difference(*map(expand, statement.not_actions))
    return frozenset().union(*map(expand, statement.actions))


def _is_broad(statement: Statement) -> bool:
    return bool(statement.not_resources) or any(map(is_unnamed, statement.resources))


def _is_open(identity: Identity, action: str) -> bool:
    service = action.partition(":")[0]

    def open_by(grant: Grant) -> bool:
        conditions = grant.statement.conditions
        return any(map(is_unnamed, grant.resources)) and not any(
            narrows(condition, service) for condition in conditions
        )

    return any(map(open_by, identity.permissions.grants(action)))
