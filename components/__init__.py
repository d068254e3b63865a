"""What the platform builds: component resources, one to a file."""

from components.ecs_cluster import EcsCluster
from components.ecs_service import EcsService
from components.eks_cluster import EksCluster
from components.eks_service import EksService
from components.environment import Environment
from components.exports import export_outputs
from components.load_balancer import LoadBalancer
from components.load_balancer_controller import LoadBalancerController
from components.network import Network
from components.queue import Queue
from components.workloads import Workloads

__all__ = [
    "EcsCluster",
    "EcsService",
    "EksCluster",
    "EksService",
    "Environment",
    "LoadBalancer",
    "LoadBalancerController",
    "Network",
    "Queue",
    "Workloads",
    "export_outputs",
]
