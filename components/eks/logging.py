"""Configuration of the log router that EKS runs on Fargate."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_kubernetes as k8s

NAMESPACE: Final = "aws-observability"
CONFIG_MAP: Final = "aws-logging"
"""EKS reads the configuration from exactly this namespace and ConfigMap (EKS user guide, "Start AWS
Fargate logging")."""

LARGEST_CONFIG: Final = 5_300
"""Characters that the ConfigMap may have."""


def logging_config(region: str, log_group: str) -> Mapping[str, str]:
    """Return the ConfigMap's data: one output, a stream for each container of each pod.

    Args:
        region: where the log group is.
        log_group: name of the log group; it exists already, with its retention.
    """
    output = f"""\
[OUTPUT]
    Name cloudwatch_logs
    Match kube.*
    region {region}
    log_group_name {log_group}
    log_stream_prefix pods-
    auto_create_group false
"""
    filters = """\
[FILTER]
    Name parser
    Match kube.*
    Key_name log
    Parser crio
[FILTER]
    Name kubernetes
    Match kube.*
    Merge_Log On
    Buffer_Size 0
    Kube_Meta_Cache_TTL 300s
"""
    parsers = """\
[PARSER]
    Name crio
    Format Regex
    Regex ^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>P|F) (?<log>.*)$
    Time_Key time
    Time_Format %Y-%m-%dT%H:%M:%S.%L%z
"""
    return {
        "flb_log_cw": "false",
        "filters.conf": filters,
        "output.conf": output,
        "parsers.conf": parsers,
    }


def config_hash(data: Mapping[str, str]) -> str:
    """Return what changes with a ConfigMap's data, for pods that have to start anew with it."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def configure_logging(
    name: str,
    config: pulumi.Input[Mapping[str, str]],
    *,
    provider: k8s.Provider,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> pulumi.Resource:
    """Configure the log router: only pods that start afterwards are logged.

    Args:
        name: prefix of the resources' names.
        config: the ConfigMap's data.
        provider: of the cluster's objects.
        after: the Fargate profiles.
        parent: the cluster's component.

    Returns:
        The ConfigMap.
    """
    namespace = k8s.core.v1.Namespace(
        f"{name}-observability",
        metadata=k8s.meta.v1.ObjectMetaArgs(
            name=NAMESPACE, labels={"aws-observability": "enabled"}
        ),
        opts=pulumi.ResourceOptions(parent=parent, provider=provider, depends_on=list(after)),
    )
    return k8s.core.v1.ConfigMap(
        f"{name}-logging",
        metadata=k8s.meta.v1.ObjectMetaArgs(name=CONFIG_MAP, namespace=namespace.metadata.name),
        data=config,
        opts=pulumi.ResourceOptions(parent=parent, provider=provider),
    )
