"""The kubeconfig that pulumi-eks gives a cluster: a token from the AWS CLI at each use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def kubeconfig(cluster: Mapping[str, Any]) -> dict[str, Any]:
    """The kubeconfig of a cluster.

    Args:
        cluster: its outputs arn, certificateAuthority, endpoint and name.
    """
    region = cluster["arn"].split(":")[3]
    command = ["--region", region, "eks", "get-token", "--cluster-name", cluster["name"]]
    info = '{"apiVersion": "client.authentication.k8s.io/v1beta1"}'
    return {
        "apiVersion": "v1",
        "clusters": [
            {
                "cluster": {
                    "server": cluster["endpoint"],
                    "certificate-authority-data": cluster["certificateAuthority"]["data"],
                },
                "name": "kubernetes",
            }
        ],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [
            {
                "name": "aws",
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1beta1",
                        "command": "aws",
                        "args": [*command, "--output", "json"],
                        "env": [{"name": "KUBERNETES_EXEC_INFO", "value": info}],
                    }
                },
            }
        ],
    }
