"""``python -m sandbox.standins.eks``: serve until stdin ends."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

from pulumi.provider.provider import ConstructResult, Provider

from sandbox.standins.components import accept_references, refuse, serve_components
from sandbox.standins.eks.cluster import Cluster

if TYPE_CHECKING:
    from pulumi import Inputs, ResourceOptions


class _EksProvider(Provider):
    def construct(
        self, name: str, resource_type: str, inputs: Inputs, options: ResourceOptions | None = None
    ) -> ConstructResult:
        if resource_type != "eks:index:Cluster":
            refuse(resource_type, "type", "is not modelled by the sandbox: eks:index:Cluster is")
        cluster = Cluster(name, inputs, options)
        return ConstructResult(cluster.urn, cluster.state)


if __name__ == "__main__":
    accept_references("aws:iam/role", "arn")
    serve_components(_EksProvider(importlib.metadata.version("pulumi_eks")))
