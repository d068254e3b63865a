"""Problems of workloads in a network that reaches AWS through endpoints alone."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from components.settings.batch_job import BatchJobSettings
from components.settings.endpoints import ECS_ENDPOINTS, EKS_ENDPOINTS
from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.service import ServiceSettings
from components.settings.task import TaskSettings

GATEWAY: Final = frozenset({"s3", "dynamodb"})

IN_ECR: Final = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+")

OF_GRANTS: Final[Mapping[str, str]] = {
    "queues": "sqs",
    "topics": "sns",
    "buckets": "s3",
    "tables": "dynamodb",
    "eventBuses": "events",
    "secrets": "secretsmanager",
    "parameters": "ssm",
    "keys": "kms",
    "jobs": "lambda",
}
"""The endpoint that a grant is used through, by what it is on."""

CONTROLLER: Final = "public.ecr.aws/eks/aws-load-balancer-controller"
SECRETS_OPERATOR: Final = "ghcr.io/external-secrets/external-secrets"


def endpoint_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what workloads can't reach when private subnets have no way to the internet."""
    if draft.network is None or draft.network.internet:
        return
    why, instead = (
        ("existing.internet is false", "name below existing.endpoints what the VPC has already")
        if draft.network.existing
        else ("nat is none", "set network.nat to single or per-zone")
    )
    missing: dict[str, set[str]] = {}
    for endpoint, user in _needed(draft):
        if endpoint not in draft.network.available_endpoints:
            missing.setdefault(endpoint, set()).add(user)
    yield from _missing(
        "network.interfaceEndpoints",
        {name: users for name, users in missing.items() if name not in GATEWAY},
        why,
        instead,
    )
    yield from _missing(
        "network.gatewayEndpoints",
        {name: users for name, users in missing.items() if name in GATEWAY},
        why,
        instead,
    )
    yield from _images(draft, why)


def _missing(
    where: str, missing: Mapping[str, set[str]], why: str, instead: str
) -> Iterator[Problem]:
    if missing:
        listed = "; ".join(
            f"{endpoint} (for {', '.join(sorted(missing[endpoint]))})"
            for endpoint in sorted(missing)
        )
        yield Problem(
            where,
            f"{why}, so AWS is reached through endpoints alone, and these are missing: {listed}; "
            f"add them, or {instead}",
        )


def _needed(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield each endpoint that is needed, and by whom."""
    if draft.eks is not None and draft.eks.enabled:
        for endpoint in (*EKS_ENDPOINTS, "s3"):
            yield endpoint, "eks"
    for where, _, task in draft.tasks:
        for endpoint in _needed_by(task, draft):
            yield endpoint, where


def _needed_by(task: TaskSettings, draft: Draft) -> Iterator[str]:
    if task.runtime == "ecs":
        yield from (*ECS_ENDPOINTS, "s3")
    for target in task.granted:
        for kind, declared in draft.grantables.items():
            if target in declared:
                in_batch = isinstance(declared[target], BatchJobSettings)
                yield "batch" if in_batch else OF_GRANTS[kind]
    for reference in task.secrets.values():
        name = reference.partition(":")[0]
        yield from (
            OF_GRANTS[kind]
            for kind in ("secrets", "parameters")
            if name in draft.grantables.get(kind, {})
        )
    if isinstance(task, ServiceSettings) and task.exec:
        # Sessions run over SSM and are encrypted with a key.
        yield from ("ssmmessages", "kms")
    if task.sidecars.firelens is not None:
        yield "kinesis-firehose"
    if task.sidecars.adot is not None:
        yield "xray"


def _images(draft: Draft, why: str) -> Iterator[Problem]:
    for where, image in _pulled(draft):
        if not IN_ECR.fullmatch(image):
            yield Problem(
                where,
                f"{why}, and without a way to the internet images come from ECR in the stack's "
                "region: copy the image there beforehand, and name the copy",
            )
    if draft.eks is not None and draft.eks.enabled and draft.eks.controller_image is None:
        yield Problem(
            "eks.controllerImage",
            f"{why}, and the load balancer controller's image is {CONTROLLER}: copy it to ECR "
            "beforehand, and name the copy",
        )
    with_secrets = any(one.runtime == "eks" and one.secrets for _, _, one in draft.tasks)
    if with_secrets and draft.eks is not None and draft.eks.secrets_operator_image is None:
        yield Problem(
            "eks.secretsOperatorImage",
            f"{why}, and the secrets operator's image is {SECRETS_OPERATOR}: copy it to ECR "
            "beforehand, and name the copy",
        )


def _pulled(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield each image that the stack file names or implies, and where."""
    if draft.eks is not None and draft.eks.controller_image is not None:
        yield "eks.controllerImage", draft.eks.controller_image
    if draft.eks is not None and draft.eks.secrets_operator_image is not None:
        yield "eks.secretsOperatorImage", draft.eks.secrets_operator_image
    if draft.eks is not None and draft.eks.enabled and draft.eks.container_insights.enabled:
        yield "eks.containerInsights.image", draft.eks.container_insights.image
    for where, _, task in draft.tasks:
        if task.image is not None:
            yield f"{where}.image", task.image
        sidecars = task.sidecars
        if sidecars.firelens is not None:
            yield f"{where}.sidecars.firelens.image", sidecars.firelens.image
        if sidecars.adot is not None:
            yield f"{where}.sidecars.adot.image", sidecars.adot.image
