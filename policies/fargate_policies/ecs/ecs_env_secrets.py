"""ecs-env-secrets: credentials come from a secret store, not from a definition's text.

Whoever may describe a definition reads its environment, its commands, its labels and the options of
its logs; whoever reads a rule, a schedule or a state machine, what these put in their place.
"""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import cdk_nag, security_hub, trivy
from ..core.values import Findings, Place, Violation
from ..models.containers import CONTAINER_TYPES, judge_containers
from ..models.credentials import judge_settings, judge_texts, judge_variables
from ..models.overrides import OVERRIDING_TYPES, overrides
from ..models.placements import EXPRESS_SERVICE


def _check(resource: Resource) -> Findings:
    if resource.type in CONTAINER_TYPES:
        yield from judge_containers(resource, _judge)
    elif resource.type == EXPRESS_SERVICE:
        yield from _judge_override(resource.at("primaryContainer"))
    else:
        yield from _check_overrides(resource)


def _check_overrides(resource: Resource) -> Findings:
    for override in overrides(resource):
        if isinstance(override, Violation):
            yield override
        else:
            yield from _judge_override(override)


def _judge(container: Place) -> Findings:
    yield from judge_variables(container.at("environment"))
    for command in (
        container.at("command"),
        container.at("entryPoint"),
        container.at("healthCheck", "command"),
    ):
        yield from judge_texts(command)
    yield from judge_settings(container.at("dockerLabels"))
    yield from judge_settings(container.at("logConfiguration", "options"))


def _judge_override(override: Place) -> Findings:
    """Judge what a pipe and an Express service have in the plural, others in the singular."""
    for variables in (override.at("environment"), override.at("environments")):
        yield from judge_variables(variables)
    for command in (override.at("command"), override.at("commands")):
        yield from judge_texts(command)


RULE = Rule(
    name="ecs-env-secrets",
    description=(
        "Containers of ECS and Batch have no credentials in their environment, commands, labels and"
        " log options."
    ),
    fix=(
        "Put the value into Secrets Manager or SSM Parameter Store and name it under `secrets`, for"
        " logs under `secretOptions`; a value that was in a definition has to be changed."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.8"), *trivy("T0036"), *cdk_nag("ECS2")),
    types=(*CONTAINER_TYPES, *OVERRIDING_TYPES, EXPRESS_SERVICE),
    check=_check,
)
