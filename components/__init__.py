"""What the platform builds: component resources, one to a file."""

from components.bucket import Bucket
from components.built_image import BuiltImage
from components.container_insights import ContainerInsights
from components.ecs_cluster import EcsCluster
from components.ecs_service import EcsService
from components.eks_cluster import EksCluster
from components.eks_service import EksService
from components.environment import Environment
from components.event_bus import EventBus
from components.event_task import EventTask
from components.exports import export_outputs
from components.file_system import FileSystem
from components.job_failures import JobFailures
from components.load_balancer import LoadBalancer
from components.load_balancer_controller import LoadBalancerController
from components.network import Network
from components.queue import Queue
from components.queue_worker import QueueWorker
from components.scheduled_task import ScheduledTask
from components.secrets_operator import SecretsOperator
from components.table import Table
from components.topic import Topic
from components.workloads import Workloads

__all__ = [
    "BuiltImage",
    "Bucket",
    "ContainerInsights",
    "EcsCluster",
    "EcsService",
    "EksCluster",
    "EksService",
    "Environment",
    "EventBus",
    "EventTask",
    "FileSystem",
    "JobFailures",
    "LoadBalancer",
    "LoadBalancerController",
    "Network",
    "Queue",
    "QueueWorker",
    "ScheduledTask",
    "SecretsOperator",
    "Table",
    "Topic",
    "Workloads",
    "export_outputs",
]
