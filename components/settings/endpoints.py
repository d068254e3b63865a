"""AWS services that a network can have endpoints for, and presets of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator

from components.settings.base import each_once

GatewayEndpoint = Literal["s3", "dynamodb"]
InterfaceEndpoint = Literal[
    "acm-pca", "aps-workspaces", "athena", "autoscaling", "batch", "bedrock-runtime",
    "cloudformation", "codedeploy", "data-servicediscovery", "ec2", "ecr.api", "ecr.dkr", "ecs",
    "ecs-agent", "ecs-telemetry", "eks", "elasticfilesystem", "elasticloadbalancing", "email-smtp",
    "events", "execute-api", "glue", "guardduty-data", "kinesis-firehose", "kinesis-streams", "kms",
    "lambda", "logs", "monitoring", "rds-data", "secretsmanager", "servicediscovery", "sns", "sqs",
    "ssm", "ssmmessages", "states", "sts", "xray",
]  # fmt: skip
"""What follows com.amazonaws.REGION. in an endpoint service's name (AWS PrivateLink guide, "AWS
services that integrate with AWS PrivateLink")."""

ECS_ENDPOINTS: Final = ("ecr.api", "ecr.dkr", "logs")
"""What every task on Fargate needs besides S3's gateway endpoint: its image and its logs (Amazon
ECS developer guide, "Amazon ECS interface VPC endpoints")."""
EKS_ENDPOINTS: Final = (
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "elasticloadbalancing",
    "logs",
    "sts",
)
"""What a cluster on Fargate needs besides S3's gateway endpoint (Amazon EKS user guide, "Deploy
private clusters with limited internet access")."""
EXTRA_ENDPOINTS: Final = (
    "events",
    "kinesis-firehose",
    "kms",
    "monitoring",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "xray",
)
"""What grants, secrets, ECS Exec and sidecars may need besides."""
PRESETS: Final[Mapping[str, Sequence[str]]] = {
    "none": (),
    "ecs": ECS_ENDPOINTS,
    "eks": EKS_ENDPOINTS,
    "all": tuple(sorted({*ECS_ENDPOINTS, *EKS_ENDPOINTS, *EXTRA_ENDPOINTS})),
}


def _services(given: object) -> object:
    """Replace a preset by the list that it stands for."""
    if not isinstance(given, str):
        return tuple(given) if isinstance(given, list) else given
    if given not in PRESETS:
        raise ValueError(f"must be {', '.join(PRESETS)} or a list of AWS services")
    return PRESETS[given]


GatewayEndpoints = Annotated[tuple[GatewayEndpoint, ...], AfterValidator(each_once)]
InterfaceEndpoints = Annotated[
    tuple[InterfaceEndpoint, ...], BeforeValidator(_services), AfterValidator(each_once)
]
"""A preset or a list of services; in Python always the list."""
