"""Configuration of the collector that reads each pod's CPU, memory and network."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

MOUNTED: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where Kubernetes mounts a service account's token."""
HEALTH: Final = "localhost:13133"
"""Where the collector says that it is healthy: to itself, as its image's /healthcheck asks."""

SERIES: Final[Mapping[str, str]] = {
    "container_cpu_usage_seconds_total": "pod_cpu_usage_seconds",
    "container_spec_cpu_quota": "pod_cpu_quota",
    "container_memory_working_set_bytes": "pod_memory_working_set",
    "container_spec_memory_limit_bytes": "pod_memory_limit",
    "container_network_receive_bytes_total": "pod_network_rx_bytes",
    "container_network_transmit_bytes_total": "pod_network_tx_bytes",
}
"""What is kept of a kubelet's series (cAdvisor), and its name from then on."""

RATES: Final = ("pod_cpu_usage_seconds", "pod_network_rx_bytes", "pod_network_tx_bytes")
"""Counters: their change in a second is what counts."""

METRICS: Final = (
    "pod_cpu_usage_total",
    "pod_cpu_limit",
    "pod_cpu_utilization_over_pod_limit",
    "pod_memory_working_set",
    "pod_memory_limit",
    "pod_memory_utilization_over_pod_limit",
    "pod_network_rx_bytes",
    "pod_network_tx_bytes",
)
"""What Container Insights shows of pods on Fargate (AWS Distro for OpenTelemetry, "Container
Insights EKS Fargate")."""

DIMENSIONS: Final = (
    ("ClusterName", "LaunchType"),
    ("ClusterName", "Namespace", "LaunchType"),
    ("ClusterName", "Namespace", "PodName", "LaunchType"),
)

PROCESSORS: Final[Mapping[str, Mapping[str, Any]]] = {
    "metrics_transform": {
        "transforms": [
            {"include": series, "action": "update", "new_name": name}
            for series, name in SERIES.items()
        ]
    },
    "cumulative_to_delta": {"include": {"match_type": "strict", "metrics": list(RATES)}},
    "delta_to_rate": {"metrics": list(RATES)},
    # In thousandths of a vCPU; a quota is in microseconds of each 100 milliseconds.
    "metricsgeneration/amounts": {
        "rules": [
            {
                "name": "pod_cpu_usage_total",
                "type": "scale",
                "metric1": "pod_cpu_usage_seconds",
                "operation": "multiply",
                "scale_by": 1000,
            },
            {
                "name": "pod_cpu_limit",
                "type": "scale",
                "metric1": "pod_cpu_quota",
                "operation": "divide",
                "scale_by": 100,
            },
        ]
    },
    "metricsgeneration/percentages": {
        "rules": [
            {
                "name": f"pod_{resource}_utilization_over_pod_limit",
                "type": "calculate",
                "unit": "Percent",
                "metric1": used,
                "metric2": f"pod_{resource}_limit",
                "operation": "percent",
            }
            for resource, used in (
                ("cpu", "pod_cpu_usage_total"),
                ("memory", "pod_memory_working_set"),
            )
        ]
    },
    "batch": {"timeout": "60s"},
}
"""From a kubelet's series to Container Insights' metrics, in this order. The names are those of
OpenTelemetry's collector 0.158, which version 0.50 of AWS's distribution is made of. A percentage
is of the first limit that is found: on Fargate a kubelet has one pod."""


def collector_config(cluster_name: str, region: str, log_group: str) -> Mapping[str, Any]:
    """Return the collector's configuration: kubelets in, the performance log out.

    CloudWatch makes metrics of the log (embedded metric format). The log group exists already: the
    collector may not create one. Nothing listens outside of the pod.

    Args:
        cluster_name: the cluster's name, which metrics carry.
        region: where the log group is.
        log_group: its name.
    """
    return {
        "extensions": {"health_check": {"endpoint": HEALTH}},
        "receivers": {"prometheus": {"config": {"scrape_configs": [_kubelets(cluster_name)]}}},
        "processors": PROCESSORS,
        "exporters": {
            "awsemf": {
                "region": region,
                "namespace": "ContainerInsights",
                "log_group_name": log_group,
                "log_stream_name": "pods",
                "dimension_rollup_option": "NoDimensionRollup",
                "eks_fargate_container_insights_enabled": True,
                "parse_json_encoded_attr_values": ["kubernetes"],
                "metric_declarations": [
                    {"dimensions": DIMENSIONS, "metric_name_selectors": METRICS}
                ],
            }
        },
        "service": {
            "extensions": ["health_check"],
            "telemetry": {"metrics": {"level": "none"}},
            "pipelines": {
                "metrics": {
                    "receivers": ["prometheus"],
                    "processors": list(PROCESSORS),
                    "exporters": ["awsemf"],
                }
            },
        },
    }


def _kubelets(cluster_name: str) -> Mapping[str, Any]:
    """Return the scrape of all kubelets, through the Kubernetes API; a `$` is written twice."""
    node = {"source_labels": ["__meta_kubernetes_node_name"]}
    return {
        "job_name": "kubelets",
        "scrape_interval": "1m",
        "scrape_timeout": "40s",
        "scheme": "https",
        "kubernetes_sd_configs": [{"role": "node"}],
        "tls_config": {"ca_file": f"{MOUNTED}/ca.crt"},
        "authorization": {"credentials_file": f"{MOUNTED}/token"},
        "relabel_configs": [
            {"target_label": "__address__", "replacement": "kubernetes.default.svc:443"},
            {
                **node,
                "target_label": "__metrics_path__",
                "replacement": "/api/v1/nodes/$$1/proxy/metrics/cadvisor",
            },
            {**node, "target_label": "instance"},
            {**node, "target_label": "NodeName"},
            {"target_label": "ClusterName", "replacement": cluster_name},
            {"target_label": "LaunchType", "replacement": "fargate"},
            {"target_label": "Type", "replacement": "Pod"},
        ],
        "metric_relabel_configs": _of_pods(),
    }


def _of_pods() -> Sequence[Mapping[str, Any]]:
    """Return what keeps the series of pods as a whole, without those of their containers."""
    of_containers = "container_(cpu|memory|spec)_.+;.+"
    return [
        {"action": "keep", "source_labels": ["__name__"], "regex": "|".join(SERIES)},
        {"action": "keep", "source_labels": ["pod"], "regex": ".+"},
        {"action": "drop", "source_labels": ["__name__", "container"], "regex": of_containers},
        {"action": "drop", "source_labels": ["__name__", "image"], "regex": of_containers},
        {"source_labels": ["namespace"], "target_label": "Namespace"},
        {"source_labels": ["pod"], "target_label": "PodName"},
        {"action": "labeldrop", "regex": "namespace|pod"},
    ]
