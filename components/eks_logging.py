"""Configuration of the log router that EKS runs on Fargate."""

from collections.abc import Mapping
from typing import Final

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
