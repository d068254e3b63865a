"""Where a stack lives, and the fixed names and ARNs that follow from it."""

import hashlib
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.settings.iam import IamSettings


@dataclass(frozen=True)
class Environment:
    """An account and a region of AWS with the project and stack deployed there.

    Fixed names and ARNs are made here, from values that the first preview knows already.
    """

    project: str
    stack: str
    account: str
    partition: str
    region: str
    permission_boundary: str | None = None
    """ARN of the managed policy that limits every role made here; none by default."""

    @classmethod
    def lookup(cls, iam: IamSettings) -> "Environment":
        """Ask AWS and Pulumi where this program is being deployed.

        Args:
            iam: what holds for the roles that are made here.
        """
        return cls(
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            account=aws.get_caller_identity().account_id,
            partition=aws.get_partition().partition,
            region=aws.get_region().region,
            permission_boundary=iam.permission_boundary,
        )

    @property
    def prefix(self) -> str:
        """What regional fixed names begin with."""
        return f"{self.project}-{self.stack}"

    def endpoint(self, service: str, region: str | None = None) -> str:
        """Return the host of a service of AWS, such as sqs.eu-west-1.amazonaws.com.

        Args:
            service: AWS's name of the service.
            region: where it is; here by default.
        """
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"{service}.{region or self.region}.{suffix}"

    def regional_name(self, *parts: str, limit: int = 64) -> str:
        """Return a fixed name, unique in an account and region: project-stack-part….

        Args:
            parts: what the named thing is, from the general to the particular.
            limit: most characters that AWS allows; a longer name is shortened with a hash.
        """
        return shortened("-".join((self.prefix, *parts)), limit)

    def global_name(self, *parts: str, limit: int = 64) -> str:
        """Return a fixed name, unique in an account: IAM has no regions, so the region is in it."""
        return shortened("-".join((self.prefix, self.region, *parts)), limit)

    def arn(self, service: str, resource: pulumi.Input[str]) -> pulumi.Output[str]:
        """Return the ARN of a regional resource.

        Args:
            service: AWS's name of the service, such as sqs.
            resource: the last part, made from the resource's own `name` output, which the first
                preview knows and which keeps the dependency on the resource.
        """
        return pulumi.Output.concat(
            f"arn:{self.partition}:{service}:{self.region}:{self.account}:", resource
        )

    def role_arn(self, role: aws.iam.Role) -> pulumi.Output[str]:
        """Return a role's ARN, known in the first preview (`role.arn` is not)."""
        return pulumi.Output.concat(f"arn:{self.partition}:iam::{self.account}:role/", role.name)

    def aws_managed_policy(self, name: str) -> str:
        """Return the ARN of a policy that AWS maintains."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"


def shortened(name: str, limit: int) -> str:
    """Return `name` within `limit` characters: a longer one ends in a hash of the whole."""
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: limit - 9].rstrip('-')}-{digest}"
