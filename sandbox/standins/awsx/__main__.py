"""``python -m sandbox.standins.awsx``: serve until stdin ends."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING, Any

from pulumi.provider.provider import ConstructResult, Provider

from sandbox.standins.awsx.vpc import Vpc
from sandbox.standins.components import refuse, serve_components

if TYPE_CHECKING:
    from pulumi import Inputs, ResourceOptions


class _AwsxProvider(Provider):
    def construct(
        self, name: str, resource_type: str, inputs: Inputs, options: ResourceOptions | None = None
    ) -> ConstructResult:
        if resource_type != "awsx:ec2:Vpc":
            refuse(resource_type, "type", "is not modelled by the sandbox: awsx:ec2:Vpc is")
        vpc = Vpc(name, inputs, options)
        state: dict[str, Any] = vpc.state
        return ConstructResult(vpc.urn, state)


if __name__ == "__main__":
    serve_components(_AwsxProvider(importlib.metadata.version("pulumi_awsx")))
