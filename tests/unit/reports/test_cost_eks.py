"""What an EKS cluster's own objects cost, and the metrics of its pods."""

from reports.cost.report import cost_report
from tests.unit.reports.builders import exported, resource

GROUP = "aws:cloudwatch/logGroup:LogGroup"


def test_a_performance_log_of_pods_is_billed_as_metrics_too() -> None:
    logs = {
        "pods": "/aws/containerinsights/main/performance",
        "control-plane": "/aws/eks/main/cluster",
    }
    for name, log in logs.items():
        report = cost_report(exported(resource(GROUP, name, {"name": log})))
        metrics = [usage.name for usage in report.usage if usage.what == "Container Insights"]
        assert metrics == (["pods"] if name == "pods" else [])
        assert report.gaps == ()


def test_quotas_and_access_cost_nothing() -> None:
    free = (
        "kubernetes:core/v1:ResourceQuota",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    )
    report = cost_report(exported(*(resource(type_, "it", {}) for type_ in free)))
    assert report.monthly == 0
    assert not report.usage
    assert not report.gaps
