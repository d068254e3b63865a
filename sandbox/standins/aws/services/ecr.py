"""ECR: repositories and what they keep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import ACCOUNT, Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _url(facts: Facts) -> str:
    place = facts.place
    return f"{ACCOUNT}.dkr.ecr.{place.region}.{place.dns_suffix}/{facts.text('name')}"


def _lifecycle(inputs: Mapping[str, Any]) -> list[str]:
    """ECR user guide, "Lifecycle policy properties in Amazon ECR"."""
    text = limits.value_at(inputs, "policy")
    try:
        document = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return []  # limits.document says that it isn't JSON
    rules = document.get("rules") if isinstance(document, dict) else None
    if document is None:
        return []
    if not isinstance(rules, list) or not rules:
        return ["policy: must hold rules"]
    return [f"policy: {problem}" for problem in _rules(rules)]


def _rules(rules: list[dict[str, Any]]) -> Iterator[str]:
    priorities = [rule.get("rulePriority") for rule in rules]
    if len(set(map(str, priorities))) < len(rules):
        yield "each rule needs a rulePriority of its own"
    for rule in rules:
        selection = rule.get("selection") or {}
        status = selection.get("tagStatus")
        listed = bool(selection.get("tagPatternList")) or bool(selection.get("tagPrefixList"))
        if status not in {"tagged", "untagged", "any"}:
            yield "tagStatus must be tagged, untagged or any"
        if (status == "tagged") != listed:
            yield "tagPatternList or tagPrefixList goes with tagStatus tagged, and with no other"
        if status == "any" and any(_above(other, rule) for other in rules):
            yield "the rule for any image must have the highest rulePriority"
        since = selection.get("countType") == "sinceImagePushed"
        if since != (selection.get("countUnit") == "days"):
            yield "countUnit days goes with countType sinceImagePushed"
        if not isinstance(selection.get("countNumber"), int) or selection["countNumber"] < 1:
            yield "countNumber must be at least 1"


def _above(other: dict[str, Any], rule: dict[str, Any]) -> bool:
    return int(other.get("rulePriority") or 0) > int(rule.get("rulePriority") or 0)


KINDS = {
    "aws:ecr/repository:Repository": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.arn("ecr", f"repository/{f.text('name')}"),
            "registryId": ACCOUNT,
            "repositoryUrl": _url(f),
        },
        replaces=("name", "encryptionConfigurations"),
        defaults={"imageTagMutability": "MUTABLE"},
        name_limit=256,
        unique=lambda f: f.text("name"),
        taken="RepositoryAlreadyExistsException",
        operations=(
            operation(
                "ecr",
                "CreateRepository",
                renames={
                    "encryptionConfigurations": "encryptionConfiguration",
                    "name": "repositoryName",
                },
                skips={"forceDelete": "DeleteRepository: a Boolean"},
            ),
        ),
        checks=(limits.at_most("encryptionConfigurations", 1, "configuration"),),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Kind(
        id=lambda f: f.text("repository"),
        outputs=lambda _: {"registryId": ACCOUNT},
        replaces=("repository",),
        operations=(
            operation(
                "ecr",
                "PutLifecyclePolicy",
                renames={"policy": "lifecyclePolicyText", "repository": "repositoryName"},
            ),
        ),
        checks=(limits.document("policy"), _lifecycle),
    ),
}
