"""All rules of the pack."""

from typing import Final

from .core.rule import AnyRule
from .data import queue_safe, resource_policy_public
from .ecs import (
    ecs_awsvpc,
    ecs_capabilities,
    ecs_env_secrets,
    ecs_fargate_only,
    ecs_image_source,
    ecs_insights,
    ecs_logging,
    ecs_namespaces,
    ecs_no_public_ip,
    ecs_nonroot,
    ecs_platform,
    ecs_readonly_root,
    ecs_unprivileged,
    ecs_volumes,
)
from .eks import eks_endpoint, eks_logs, eks_no_pod_identity, eks_pod_exec_role
from .iam import (
    iam_assume_scoped,
    iam_managed_denylist,
    iam_no_admin,
    iam_no_users,
    iam_not_elements,
    iam_passrole,
    iam_service_wildcard,
    roles_distinct,
    task_role_unshared,
    trust_deputy,
    trust_no_public,
    trust_oidc,
)
from .kubernetes import k8s_fargate, k8s_pod_groups, k8s_pod_security, k8s_sa_token
from .loadbalancer import alb_https, tg_ip
from .network import sg_world, subnet_public_ip, task_sg_from_alb
from .observability import logs_retention

RULES: Final[tuple[AnyRule, ...]] = (
    ecs_awsvpc.RULE,
    ecs_fargate_only.RULE,
    ecs_namespaces.RULE,
    ecs_unprivileged.RULE,
    ecs_capabilities.RULE,
    ecs_nonroot.RULE,
    ecs_readonly_root.RULE,
    ecs_env_secrets.RULE,
    ecs_logging.RULE,
    ecs_volumes.RULE,
    ecs_image_source.RULE,
    ecs_no_public_ip.RULE,
    ecs_platform.RULE,
    ecs_insights.RULE,
    roles_distinct.RULE,
    task_role_unshared.RULE,
    trust_no_public.RULE,
    trust_deputy.RULE,
    trust_oidc.RULE,
    iam_no_admin.RULE,
    iam_service_wildcard.RULE,
    iam_passrole.RULE,
    iam_not_elements.RULE,
    iam_assume_scoped.RULE,
    iam_managed_denylist.RULE,
    iam_no_users.RULE,
    eks_endpoint.RULE,
    eks_logs.RULE,
    eks_pod_exec_role.RULE,
    eks_no_pod_identity.RULE,
    k8s_pod_security.RULE,
    k8s_sa_token.RULE,
    k8s_pod_groups.RULE,
    k8s_fargate.RULE,
    sg_world.RULE,
    subnet_public_ip.RULE,
    task_sg_from_alb.RULE,
    alb_https.RULE,
    tg_ip.RULE,
    logs_retention.RULE,
    queue_safe.RULE,
    resource_policy_public.RULE,
)
