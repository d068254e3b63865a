"""trust-deputy: a service assumes a role for this account's resources, not for a stranger's."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import guide, prowler
from ..core.values import Findings
from ..models.iam_document import ROLE, Statement, judge_documents
from ..models.trust import SOURCES, pins_account, services, source_arn_problem


def _check(resource: Resource) -> Findings:
    return judge_documents([resource.at("assumeRolePolicy")], _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows:
        return
    for service in services(statement):
        if service not in SOURCES:
            continue
        problem = source_arn_problem(statement, service)
        if problem:
            yield problem
        elif problem == "" and not pins_account(statement):
            yield (
                f"{service} may assume the role for anybody's resources: neither"
                " aws:SourceAccount nor aws:SourceArn is demanded"
            )


RULE = Rule(
    name="trust-deputy",
    description="A service may assume a role only for resources of this account.",
    fix=(
        "Add the conditions StringEquals aws:SourceAccount with the account's id and ArnLike"
        " aws:SourceArn in the form that the service sends."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *prowler("cross-service confused deputy"),
        *guide(
            "Amazon ECS developer guide",
            "task IAM role: confused deputy",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        ),
    ),
    types=(ROLE,),
    check=_check,
)
