"""Cases of ECR."""

from __future__ import annotations

import json
from typing import Any

REPOSITORY = "aws:ecr/repository:Repository"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"


def policy(*rules: dict[str, Any]) -> dict[str, Any]:
    numbered = [
        {"rulePriority": number, "action": {"type": "expire"}, "selection": selection}
        for number, selection in enumerate(rules, 1)
    ]
    return {"repository": "team/web", "policy": json.dumps({"rules": numbered})}


NEWEST = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30}
UNTAGGED = {
    "tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 1
}  # fmt: skip

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    REPOSITORY: (
        {"name": "team/web", "imageTagMutability": "IMMUTABLE",
         "imageScanningConfiguration": {"scanOnPush": True},
         "encryptionConfigurations": [{"encryptionType": "AES256"}]},
        "team/web", r"arn:aws:ecr:us-east-1:\d{12}:repository/team/web",
    ),
    LIFECYCLE: (policy(UNTAGGED, NEWEST), "team/web", ""),
}  # fmt: skip
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (REPOSITORY, {"name": "Web"}, "name: must match"),
    (REPOSITORY, {"name": "w"}, "name: must be 2 to 256 characters"),
    (REPOSITORY, {"name": "web", "imageTagMutability": "NEVER"}, "must be one of MUTABLE"),
    (
        REPOSITORY,
        {"name": "web", "encryptionConfigurations": [{"encryptionType": "ROT13"}]},
        "encryptionType: must be one of AES256, KMS",
    ),
    (LIFECYCLE, {"repository": "web", "policy": "no" * 60}, "policy: must be JSON"),
    (LIFECYCLE, {"repository": "web", "policy": json.dumps({"a": "b" * 99})}, "must hold rules"),
    (LIFECYCLE, policy(NEWEST, UNTAGGED), "must have the highest rulePriority"),
    (LIFECYCLE, policy({**NEWEST, "tagStatus": "all"}), "tagStatus must be tagged, untagged"),
    (LIFECYCLE, policy({**NEWEST, "tagStatus": "tagged"}), "goes with tagStatus tagged"),
    (LIFECYCLE, policy({**NEWEST, "countUnit": "days"}), "goes with countType sinceImagePushed"),
    (LIFECYCLE, policy({**NEWEST, "countNumber": 0}), "countNumber must be at least 1"),
]
