"""trust-no-public: no stranger may assume a role."""

import re
from collections.abc import Iterator
from itertools import chain

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov
from ..core.values import Findings
from ..models.iam_document import ROLE, Statement, has_wildcard, judge_documents

_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?([0-9]{12})(?::.*)?")


def _check(resource: Resource) -> Findings:
    trusted = resource.settings["trustedAccounts"]
    return judge_documents(
        [resource.at("assumeRolePolicy")], lambda statement: _judge(statement, trusted)
    )


def _judge(statement: Statement, trusted: tuple[str, ...]) -> Iterator[str]:
    if not statement.allows:
        return
    if statement.not_principals:
        yield "NotPrincipal lets everybody else assume the role"
    if any(map(has_wildcard, chain.from_iterable(statement.principals.values()))):
        yield "a principal is a wildcard: anybody may assume the role"
    for principal in statement.principals.get("AWS", ()):
        account = _ACCOUNT.fullmatch(principal)
        if account is None or account[1] not in trusted:
            yield "an AWS principal isn't of a trusted account"


RULE = Rule(
    name="trust-no-public",
    description="Roles are assumed by named services, providers and trusted accounts only.",
    fix=(
        "Name the service or the identity provider; list the accounts that may assume roles, this"
        " stack's own too, in the parameter `trustedAccounts`."
    ),
    severity=Severity.CRITICAL,
    mandatory=True,
    sources=checkov("CKV_AWS_60", "CKV_AWS_61"),
    parameters={"trustedAccounts": Parameter("12-digit ids of accounts that may assume roles", ())},
    types=(ROLE,),
    check=_check,
)
