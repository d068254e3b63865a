"""Settings of CloudWatch Container Insights on EKS."""

from components.settings.base import Model, RetentionDays
from components.settings.container import Image
from components.settings.sidecars import ADOT


class ContainerInsightsSettings(Model):
    """CPU, memory and network of each pod in CloudWatch Container Insights; off by default.

    A collector (AWS Distro for OpenTelemetry) reads them once a minute. It costs 11 USD a month for
    its pod (0.25 vCPU, 1 GB, us-east-1), 0.50 USD per GB of logs, and 0.30 USD a month for each
    metric: 8 for each pod and namespace, and 8 for the cluster.

    The risk: on Fargate, kubelets are reached through the Kubernetes API, and that takes `get` on
    nodes/proxy, with which commands can be run in any pod of the cluster (Kubernetes, "RBAC good
    practices"). So the collector is alone in its namespace, with a role and a security group of its
    own, and nothing connects to it.
    """

    enabled: bool = False
    """Run the collector."""
    image: Image = ADOT
    """The collector's image, version 0.50 or later. A network without a way to the internet needs a
    copy in ECR."""
    log_retention_days: RetentionDays = 30
    """Days for which the performance log is kept that the metrics come from."""
