"""Settings of the ECS and the EKS cluster."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.settings.base import Model, RetentionDays
from components.settings.capacity import DefaultCapacitySettings
from components.settings.cidrs import Ipv4Blocks, hold_everything
from components.settings.container import Image
from components.settings.container_insights import ContainerInsightsSettings
from components.settings.namespace import NamespaceName, NamespaceSettings
from components.settings.roles import RoleArns


class ExecSettings(Model):
    """ECS Exec: a shell in a running task, in services that ask for it (`exec: true`)."""

    enabled: bool = False
    """Create what sessions are encrypted with and logged to: a KMS key (1 USD a month) and a log
    group encrypted with it. A service with `exec: true` needs it. Who opens a session needs
    ecs:ExecuteCommand for the cluster and task, and kms:GenerateDataKey for the key
    alias/PROJECT-STACK-ecs-exec-key."""
    retention_days: RetentionDays = 90
    """Days for which the record of what was typed and shown in sessions is kept."""


class EcsSettings(Model):
    """The ECS cluster. It costs nothing by itself."""

    enabled: bool = True
    """Create the cluster."""
    container_insights: Literal["disabled", "enabled", "enhanced"] = "enhanced"
    """CloudWatch Container Insights: `enhanced` adds metrics for each task and container. Billed
    as custom metrics."""
    log_retention_days: RetentionDays = 30
    """Days for which Container Insights' performance log is kept."""
    default_capacity: DefaultCapacitySettings = DefaultCapacitySettings()
    """Where tasks run that don't name their capacity, those of services among them. On demand only
    by default."""
    exec: ExecSettings = ExecSettings()
    """ECS Exec: a shell in a running task."""
    ephemeral_storage_encryption: Literal["aws-owned", "customer-managed"] = "aws-owned"
    """Key that encrypts the tasks' disks, which are always encrypted: one that AWS owns and nobody
    else sees, or a KMS key of this account (1 USD a month), whose use CloudTrail records and
    without which no task starts. A change takes effect with each service's next deployment."""
    guard_duty: bool = False
    """Let GuardDuty's Runtime Monitoring put its agent into tasks: execution roles may pull it from
    the region's repository of GuardDuty, and the cluster carries the tag GuardDutyManaged. Switch
    Runtime Monitoring on in GuardDuty itself, which bills it by the tasks' vCPU. Without this
    setting, tasks of a monitored account don't get the agent, as their roles can't pull it. In a
    network without internet tasks then reach port 443 in the whole VPC, where GuardDuty makes an
    endpoint for the agent."""


def _named(blocks: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
    if hold_everything(blocks):
        raise ValueError(
            f"{' and '.join(map(str, blocks))} would show the Kubernetes API to the whole "
            "internet; name the blocks that need it"
        )
    return blocks


class EksSettings(Model):
    """The EKS cluster. Its control plane costs 0.10 USD an hour (73 USD a month)."""

    enabled: bool = False
    """Create the cluster."""
    version: Literal["1.35", "1.36", "1.37"] = "1.35"
    """Kubernetes version, one in standard support (extended support costs six times as much)."""
    public_access_cidrs: Annotated[Ipv4Blocks, AfterValidator(_named)] = ()
    """CIDR blocks from which the Kubernetes API can be reached from the internet; none by default,
    so that it can be reached from inside the VPC only."""
    admin_role_arns: RoleArns = ()
    """IAM roles that administer the cluster (AmazonEKSClusterAdminPolicy), besides the role that
    creates it: that one has its access entry with the cluster, and named in any list of roles here
    a second one, which EKS refuses as already in use."""
    viewer_role_arns: RoleArns = ()
    """IAM roles that may see what is in all namespaces, but no Secret (AmazonEKSViewPolicy); none
    by default."""
    namespaces: Annotated[
        dict[NamespaceName, NamespaceSettings], Field(min_length=1, max_length=9)
    ] = Field(default_factory=lambda: {"apps": NamespaceSettings()})
    """Namespaces for services by name, one for each team; `apps` by default. Each has a Fargate
    profile of its own (an account's default quota is 10 profiles a cluster)."""
    container_insights: ContainerInsightsSettings = ContainerInsightsSettings()
    """CloudWatch Container Insights for pods; off by default."""
    controller_image: Image | None = None
    """The load balancer controller's image; that of its chart in public.ecr.aws by default. A
    network without a way to the internet needs a copy in ECR."""
    secrets_operator_image: Image | None = None
    """The image of the External Secrets Operator, which gives services and jobs on EKS their
    `secrets`; that of its chart in ghcr.io by default. A network without a way to the internet
    needs a copy in ECR. The operator is there only while one of them has secrets."""
    log_retention_days: RetentionDays = 30
    """Days for which the control plane's and the pods' logs are kept."""
    deletion_protection: bool = True
    """Refuse to delete the cluster: to destroy the stack, switch it off, run up, then destroy."""
