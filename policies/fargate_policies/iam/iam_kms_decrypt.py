"""iam-kms-decrypt: what one key protects isn't opened by a permission for another."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import security_hub
from ..core.values import Findings
from ..iam_analysis.conditions import is_vague
from ..models.iam_document import (
    POLICY_TYPES,
    Condition,
    Statement,
    concerns,
    judge_documents,
    permission_documents,
)

_ACTIONS: Final = ("kms:Decrypt", "kms:ReEncryptFrom")
_NAMED_KEY: Final = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9*-]+:[0-9]{12}:(key/[\w-]+|alias/.+)")
"""An alias as a resource allows nothing with the key (KMS guide, "Control access to aliases")."""
_KEYS: Final = ("kms:resourcealiases", "kms:requestalias")
_PREFIXES: Final = ("aws:resourcetag/", "kms:encryptioncontext:")
_OPERATORS: Final = ("arnequals", "arnlike", "stringequals", "stringlike")


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows or any(map(_names_keys, statement.conditions)):
        return
    about_keys = [arn for arn in statement.resources if concerns(arn, "kms")]
    named = not statement.not_resources and all(map(_NAMED_KEY.fullmatch, about_keys))
    for action in _ACTIONS:
        if not named and statement.covers_action(action):
            yield f"allows {action} with keys that aren't named"


def _names_keys(condition: Condition) -> bool:
    """Whether a condition says which keys, or what must have been encrypted with them."""
    about_keys = condition.key in _KEYS or condition.key.startswith(_PREFIXES)
    comparing = condition.operator in _OPERATORS and condition.binding and condition.values
    return (
        about_keys
        and bool(comparing)
        and not any(is_vague(value.removeprefix("alias/")) for value in condition.values)
    )


RULE = Rule(
    name="iam-kms-decrypt",
    description="kms:Decrypt and kms:ReEncryptFrom are allowed with named KMS keys only.",
    fix=(
        "Give the keys' ARNs as Resource; where an id isn't known beforehand, key/* with a"
        " condition on kms:ResourceAliases."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=security_hub("KMS.1", "KMS.2"),
    types=POLICY_TYPES,
    check=_check,
)
