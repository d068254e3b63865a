"""eks:index:ServiceRole: the cluster role that the real component makes when it is given none."""

from __future__ import annotations

import hashlib
import json

import pulumi

from sandbox.standins.components import Child

_POLICY = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Effect": "Allow",
            "Principal": {"Service": ["eks.amazonaws.com"]},
        }
    ],
}


class ServiceRole(pulumi.ComponentResource):
    """A role that EKS may assume, with the managed policy it needs.

    Args:
        name: logical name.
        tags: tags of the role.
        parent: the cluster component.
    """

    def __init__(
        self, name: str, tags: pulumi.Input[dict[str, str]] | None, parent: pulumi.Resource
    ) -> None:
        super().__init__("eks:index:ServiceRole", name, {}, pulumi.ResourceOptions(parent=parent))
        own = pulumi.ResourceOptions(parent=self)
        role = Child(
            "aws:iam/role:Role",
            f"{name}-role",
            {
                "assumeRolePolicy": json.dumps(_TRUST, separators=(",", ":")),
                "description": "Allows EKS to manage clusters on your behalf.",
                "tags": tags,
            },
            ("arn",),
            own,
        )
        suffix = hashlib.sha1(_POLICY.encode(), usedforsecurity=False).hexdigest()[:8]
        attachment = Child(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            f"{name}-{suffix}",
            {"policyArn": _POLICY, "role": role.id},
            opts=own,
        )
        self.arn = role.output("arn")
        self.ready: list[pulumi.Resource] = [role, attachment]
        self.register_outputs({})
