"""trust-no-public: no stranger may assume a role."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov, guide
from ..core.values import Findings
from ..models.iam_document import ROLE, Statement, has_wildcard, judge_documents
from ..models.trust import demands

_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?([0-9]{12})(?::.*)?")


def _check(resource: Resource) -> Findings:
    return judge_documents(
        [resource.at("assumeRolePolicy")], lambda statement: _judge(statement, resource.settings)
    )


def _judge(statement: Statement, settings: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if not statement.allows:
        return
    if statement.not_principals:
        yield "NotPrincipal lets everybody else assume the role"
    organizations = settings["trustedOrganizations"]
    is_inside = demands(statement, "aws:PrincipalOrgID", lambda value: value in organizations)
    # Services and identity providers are of no organization.
    kinds = [kind for kind in statement.principals if kind != "AWS" or not is_inside]
    names = chain.from_iterable(statement.principals[kind] for kind in kinds)
    if any(map(has_wildcard, names)):
        yield "a principal is a wildcard: anybody may assume the role"
    is_identified = demands(statement, "sts:ExternalId", bool)
    for principal in statement.principals.get("AWS", ()):
        match = _ACCOUNT.fullmatch(principal)
        account = match[1] if match else None
        if account in settings["thirdPartyAccounts"]:
            if not is_identified:
                yield (
                    "sts:ExternalId isn't demanded of a third party: another of its customers could"
                    " have it assume the role (confused deputy)"
                )
        elif account not in settings["trustedAccounts"] and not is_inside:
            yield "an AWS principal isn't of a trusted account"


RULE = Rule(
    name="trust-no-public",
    description=(
        "Roles are assumed by named services and providers, and by trusted accounts and"
        " organizations only."
    ),
    fix=(
        "Name the service or the identity provider; list the accounts that may assume roles, this"
        " stack's own too, in the parameter `trustedAccounts`. An organization goes into"
        " `trustedOrganizations` and needs the condition aws:PrincipalOrgID, a vendor into"
        " `thirdPartyAccounts` and needs sts:ExternalId, both with StringEquals."
    ),
    severity=Severity.CRITICAL,
    mandatory=True,
    sources=(
        *checkov("CKV_AWS_60", "CKV_AWS_61"),
        *guide(
            "IAM user guide",
            "the confused deputy problem: external IDs",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        ),
    ),
    parameters={
        "trustedAccounts": Parameter("12-digit ids of accounts that may assume roles", ()),
        "trustedOrganizations": Parameter(
            "ids of organizations, such as o-a1b2c3d4e5: any AWS principal may assume a role whose"
            " trust demands by StringEquals that aws:PrincipalOrgID is one of these",
            (),
        ),
        "thirdPartyAccounts": Parameter(
            "12-digit ids of vendors' accounts, which may assume a role whose trust demands by"
            " StringEquals that sts:ExternalId has a value that is written out",
            (),
        ),
    },
    types=(ROLE,),
    check=_check,
)
