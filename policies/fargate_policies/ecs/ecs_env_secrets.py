"""ecs-env-secrets: credentials come from a secret store, not from the environment's text."""

import re

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import cdk_nag, security_hub, trivy
from ..core.values import Findings, Place, Violation, is_set, label
from ..models.containers import CONTAINER_TYPES, judge_containers

_FORBIDDEN = {"AWS_ACCESS_KEY_ID", "ECS_ENGINE_AUTH_DATA"}
"""Names of credentials that don't look it."""
_CREDENTIAL_NAME = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRETS?|TOKENS?|CREDENTIALS?"
    r"|(API|ACCESS|PRIVATE|SECRET|ENCRYPTION|SIGNING|MASTER)_?KEYS?)(_|$)"
)
_ABOUT_A_CREDENTIAL = re.compile(
    r"_(ARNS?|NAMES?|IDS?|FILE|PATH|DIR|URL|URI|HOST|PREFIX|HEADER|ISSUER|AUDIENCE|ENDPOINT|VERSION"
    r"|TTL|EXPIRY|EXPIRATION|LIFETIME|SECONDS|MINUTES|LENGTH|LIMIT|ENABLED|REQUIRED|TYPE|REGION)$"
)
_LIMIT = re.compile(r"(^|_)(MAX|MIN)_")
"""In the name of a number, such as how many tokens a model may write."""
_CREDENTIAL_VALUES = (
    re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{22}"),
    re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{10}"),
    re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16}"),
    re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\."),
    re.compile(r"://[^/\s:@]{0,256}:[^/\s@]{1,256}@"),
)


def _check(resource: Resource) -> Findings:
    return judge_containers(resource, _judge)


def _judge(container: Place) -> Findings:
    for variable in container.at("environment").items():
        name, value = variable.at("name"), variable.at("value")
        where = f"{variable.path}{label(name)}"
        if not name.known:
            yield name.unreadable()
        elif is_set(value.value) and _names_credential(name.text, value.text):
            yield Violation(f"{where}: is named like a credential")
        elif any(pattern.search(value.text) for pattern in _CREDENTIAL_VALUES):
            yield Violation(f"{where}: holds what looks like a credential")


def _names_credential(name: str, value: str) -> bool:
    """Whether a name says that its value is a credential; a switch and a limit aren't."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).replace("-", "_").replace(".", "_").upper()
    if words in _FORBIDDEN:
        return True
    if value.lower() in {"true", "false"} or (value.isdecimal() and _LIMIT.search(words)):
        return False
    return bool(_CREDENTIAL_NAME.search(words)) and not _ABOUT_A_CREDENTIAL.search(words)


RULE = Rule(
    name="ecs-env-secrets",
    description="Containers of ECS and Batch have no credentials in their environment.",
    fix=(
        "Put the value into Secrets Manager or SSM Parameter Store and name it under `secrets`;"
        " a value that was in a task definition has to be changed."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.8"), *trivy("T0036"), *cdk_nag("ECS2")),
    types=CONTAINER_TYPES,
    check=_check,
)
