"""EcsCluster: Fargate only, observed, with a namespace for Service Connect."""

import pytest

from tests.unit.support import programs
from tests.unit.support.engine import UNKNOWN, Recorder


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(lambda: programs.ecs(programs.network()), preview=preview)


def test_the_cluster_runs_on_fargate_and_fargate_spot_and_nothing_else(run: Recorder) -> None:
    providers = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").inputs
    assert providers["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert providers["defaultCapacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "weight": 1}
    ]
    assert providers["clusterName"] == "platform-test-ecs"


def test_container_insights_sees_tasks_and_containers_by_default(run: Recorder) -> None:
    cluster = run.one("aws:ecs/cluster:Cluster").inputs
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]


def test_insights_log_group_precedes_the_cluster_that_would_make_one_that_never_forgets(
    run: Recorder,
) -> None:
    group = run.named("ecs-insights")
    assert group.inputs["name"] == "/aws/ecs/containerinsights/platform-test-ecs/performance"
    assert group.inputs["retentionInDays"] == 30
    assert run.depends(run.one("aws:ecs/cluster:Cluster"), group)


def test_services_find_each_other_in_the_clusters_own_namespace(
    run: Recorder, *, preview: bool
) -> None:
    namespace = run.one("aws:servicediscovery/httpNamespace:HttpNamespace")
    assert namespace.inputs["name"] == "platform-test-ecs"
    cluster = run.one("aws:ecs/cluster:Cluster")
    arn = UNKNOWN if preview else "arn:computed:ecs-namespace"
    assert cluster.inputs["serviceConnectDefaults"] == {"namespace": arn}


def test_retention_and_insights_are_as_the_settings_say() -> None:
    run = programs.run(
        lambda: programs.ecs(
            programs.network(), containerInsights="disabled", logRetentionDays=365
        ),
        preview=False,
    )
    assert run.one("aws:ecs/cluster:Cluster").inputs["settings"][0]["value"] == "disabled"
    assert run.named("ecs-insights").inputs["retentionInDays"] == 365
