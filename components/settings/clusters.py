"""Settings of the ECS and the EKS cluster."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.settings.base import NAME, Model, RetentionDays, matching
from components.settings.cidrs import EVERYWHERE, Ipv4Blocks

RESERVED_NAMESPACES = ("default", "aws-observability", "amazon-cloudwatch")


class EcsSettings(Model):
    """The ECS cluster. It costs nothing by itself."""

    enabled: bool = True
    """Create the cluster."""
    container_insights: Literal["disabled", "enabled", "enhanced"] = "enhanced"
    """CloudWatch Container Insights: `enhanced` adds metrics for each task and container. Billed
    as custom metrics."""
    log_retention_days: RetentionDays = 30
    """Days for which Container Insights' performance log is kept."""


def _own_namespace(name: str) -> str:
    if name in RESERVED_NAMESPACES or name.startswith("kube-"):
        raise ValueError(
            "the namespace belongs to Kubernetes or AWS; take a name of your own, such as a team's"
        )
    return name


Namespace = Annotated[str, Field(max_length=40), NAME, AfterValidator(_own_namespace)]


RoleArn = Annotated[
    str,
    matching(
        r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+",
        "must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Admin",
    ),
]


def _named(blocks: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
    if EVERYWHERE in blocks:
        raise ValueError(
            "0.0.0.0/0 would show the Kubernetes API to the whole internet; name the blocks that "
            "need it"
        )
    return blocks


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    for position, value in enumerate(values):
        if value in values[:position]:
            raise ValueError(f"{value} is named twice")
    return values


class EksSettings(Model):
    """The EKS cluster. Its control plane costs 0.10 USD an hour (73 USD a month)."""

    enabled: bool = False
    """Create the cluster."""
    version: Literal["1.34", "1.35", "1.36"] = "1.35"
    """Kubernetes version, one in standard support (extended support costs six times as much)."""
    public_access_cidrs: Annotated[Ipv4Blocks, AfterValidator(_named)] = ()
    """CIDR blocks from which the Kubernetes API can be reached from the internet; none by default,
    so that it can be reached from inside the VPC only."""
    admin_role_arns: Annotated[
        tuple[RoleArn, ...], Field(max_length=20), AfterValidator(_each_once)
    ] = ()
    """IAM roles that administer the cluster, besides the role that creates it."""
    namespaces: Annotated[
        tuple[Namespace, ...], Field(min_length=1, max_length=9), AfterValidator(_each_once)
    ] = ("apps",)
    """Namespaces for services, one for each team. Each has a Fargate profile of its own (an
    account's default quota is 10 profiles a cluster)."""
    log_retention_days: RetentionDays = 30
    """Days for which the control plane's and the pods' logs are kept."""
    deletion_protection: bool = True
    """Refuse to delete the cluster: to destroy the stack, switch it off, run up, then destroy."""
