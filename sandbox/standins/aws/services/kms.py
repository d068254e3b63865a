"""KMS keys and their aliases: what data is encrypted with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping


def _target_arn(facts: Facts) -> str:
    key = facts.text("targetKeyId")
    return key if key.startswith("arn:") else facts.place.arn("kms", f"key/{key}")


def _somebody_may_change_it(inputs: Mapping[str, Any]) -> list[str]:
    """CreateKey in the KMS API reference: the caller must be able to call PutKeyPolicy later."""
    text = limits.value_at(inputs, "policy")
    unchecked = inputs.get("bypassPolicyLockoutSafetyCheck") is True
    if text is None or unchecked or limits.document("policy")(inputs):
        return []
    statements = json.loads(text).get("Statement") or []
    statements = [statements] if isinstance(statements, dict) else statements
    if any(s.get("Effect") == "Allow" and _changes_policy(s.get("Action")) for s in statements):
        return []
    return ["policy: must allow somebody kms:PutKeyPolicy, or nobody can manage the key again"]


def _changes_policy(actions: Any) -> bool:  # noqa: ANN401 - a word or a list of words
    listed = [actions] if isinstance(actions, str) else actions or []
    return any(action in {"*", "kms:*", "kms:Put*", "kms:PutKeyPolicy"} for action in listed)


KINDS = {
    "aws:kms/key:Key": Kind(
        id=lambda f: f.uuid("key"),
        outputs=lambda f: {
            "arn": f.place.arn("kms", f"key/{f.id}"),
            "keyId": f.id,
            "rotationPeriodInDays": 365 if f.inputs.get("enableKeyRotation") else 0,
        },
        follows=("rotationPeriodInDays",),
        replaces=(
            "customKeyStoreId",
            "customerMasterKeySpec",
            "keyUsage",
            "multiRegion",
            "xksKeyId",
        ),
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
        operations=(
            operation(
                "kms",
                "CreateKey",
                skips={
                    "deletionWindowInDays": "ScheduleKeyDeletion",
                    "enableKeyRotation": "EnableKeyRotation: a Boolean",
                    "isEnabled": "DisableKey: a Boolean",
                    "rotationPeriodInDays": "EnableKeyRotation",
                },
            ),
            operation(
                "kms",
                "ScheduleKeyDeletion",
                renames={"deletionWindowInDays": "PendingWindowInDays"},
            ),
            operation("kms", "EnableKeyRotation"),
        ),
        checks=(
            # ScheduleKeyDeletion in the KMS API reference (the model says 1 to 365).
            limits.number("deletionWindowInDays", 7, 30, "days"),
            limits.document("policy", 32768),
            _somebody_may_change_it,
        ),
    ),
    "aws:kms/alias:Alias": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.arn("kms", f.text("name")),
            "targetKeyArn": _target_arn(f),
        },
        follows=("targetKeyArn",),
        replaces=("name", "namePrefix"),
        name_limit=256,
        name_prefix="alias/",
        unique=lambda f: f.text("name"),
        taken="AlreadyExistsException",
        operations=(operation("kms", "CreateAlias", renames={"name": "AliasName"}),),
        checks=(
            limits.text("name", r"alias/(?!aws/).+", "begin with alias/, but not with alias/aws/"),
        ),
    ),
}
