"""iam-boundary: whatever is attached to a role, there is a limit that it can't pass."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial

from pulumi_policy import Severity

from ..core.rule import Change, Parameter, Resource, Rule
from ..core.sources import project
from ..core.values import Findings, Undecided, Value, Violation
from ..models.iam_document import ROLE, has_wildcard
from ..models.production import PARAMETERS, in_production


def _check(resource: Resource) -> Findings:
    accepted = resource.settings["boundaries"]
    boundary = resource.at("permissionsBoundary")
    if accepted:
        # What a platform team names holds for every role.
        yield from boundary.require(
            partial(_is_among, accepted=accepted), "isn't one of the accepted boundaries"
        )
    elif not boundary.present:
        production = in_production(resource, resource.settings)
        if production is None:
            yield Undecided("tags")
        elif production:
            yield Violation(f"{boundary.path}: nothing limits what the role may be given")


def _is_among(arn: Value, accepted: tuple[str, ...]) -> bool:
    return isinstance(arn, str) and any(fnmatchcase(arn, pattern) for pattern in accepted)


def _remedy(resource: Resource) -> Iterator[Change]:
    boundary = resource.at("permissionsBoundary")
    match resource.settings["boundaries"]:
        case (only,) if not has_wildcard(only) and not boundary.present:
            yield Change(("permissionsBoundary",), only)


RULE = Rule(
    name="iam-boundary",
    description="Roles have a permissions boundary.",
    fix=(
        "Set permissionsBoundary to the ARN of the account's boundary policy. The parameter"
        " `boundaries` names the accepted ones and demands one of every role, production or not;"
        " with a single one the remediation sets it."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=project("roles are limited by a permissions boundary"),
    parameters={
        "boundaries": Parameter("ARNs of accepted boundaries; * stands for any text", ()),
        **PARAMETERS,
    },
    types=(ROLE,),
    check=_check,
    remedy=_remedy,
)
