"""trust-oidc: a web identity is one service account or one workflow, not a whole cluster."""

import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings
from ..models.iam_document import ROLE, Condition, Statement, judge_documents

_PROVIDER = re.compile(r"arn:[^:]*:iam::[^:]*:oidc-provider/(.+)|([^:]+)", re.DOTALL)
"""An issuer by its ARN; the ones that AWS knows by itself, such as accounts.google.com, by name."""
_EKS_ISSUER = re.compile(r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+")
_SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:[a-z0-9.-]+:[a-z0-9.-]+")


def _check(resource: Resource) -> Findings:
    return judge_documents([resource.at("assumeRolePolicy")], _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows:
        return
    for principal in statement.principals.get("Federated", ()):
        provider = _PROVIDER.fullmatch(principal)
        if provider is None:
            continue
        issuer = provider[1] or provider[2]
        for claim in ("sub", "aud"):
            if not any(c.pins() for c in statement.conditions_on(f"{issuer}:{claim}")):
                yield f"the provider's claim {claim} isn't demanded exactly"
        if _EKS_ISSUER.fullmatch(issuer):
            yield from _judge_eks(
                statement.conditions_on(f"{issuer}:sub"), statement.conditions_on(f"{issuer}:aud")
            )


def _judge_eks(subjects: list[Condition], audiences: list[Condition]) -> Iterator[str]:
    if not all(_SERVICE_ACCOUNT.fullmatch(v) for c in subjects if c.pins() for v in c.values):
        yield "sub isn't of the form system:serviceaccount:NAMESPACE:NAME, which EKS sends"
    if any(v != "sts.amazonaws.com" for c in audiences if c.pins() for v in c.values):
        yield "aud isn't sts.amazonaws.com, which EKS sends"


RULE = Rule(
    name="trust-oidc",
    description="A role for web identities names the exact subject and audience.",
    fix=(
        "Add StringEquals conditions on the provider's sub (for EKS"
        " system:serviceaccount:NAMESPACE:NAME) and aud (sts.amazonaws.com), without wildcards."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*cis_eks("5.2.1"), *checkov("CKV_AWS_358")),
    types=(ROLE,),
    check=_check,
)
