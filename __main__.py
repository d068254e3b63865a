"""The platform on one page: settings, network, clusters, load balancer, workloads, outputs."""

from components import (
    EcsCluster,
    EksCluster,
    Environment,
    LoadBalancer,
    Network,
    Workloads,
    export_outputs,
)
from components.settings import Settings

settings = Settings.load()
environment = Environment.lookup(settings.iam)

network = Network("network", settings.network, environment=environment)
ecs = EcsCluster("ecs", settings.ecs, network=network) if settings.ecs.enabled else None
eks = EksCluster("eks", settings.eks, network=network) if settings.eks.enabled else None
balancer = (
    LoadBalancer("public", settings.load_balancer, network=network)
    if settings.load_balancer.enabled
    else None
)
workloads = Workloads(
    "workloads", settings, environment=environment, ecs=ecs, eks=eks, behind=balancer
)
export_outputs(network=network, ecs=ecs, eks=eks, balancer=balancer, workloads=workloads)
