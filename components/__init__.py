"""What the platform builds: component resources, one to a file."""

from components.batch.job import BatchJob
from components.batch.queues import BatchQueues
from components.ecs.cluster import EcsCluster
from components.ecs.service import EcsService
from components.eks.cluster import EksCluster
from components.eks.container_insights import ContainerInsights
from components.eks.cron_job import EksCronJob
from components.eks.load_balancer_controller import LoadBalancerController
from components.eks.secrets_operator import SecretsOperator
from components.eks.service import EksService
from components.environment import Environment
from components.exports import export_outputs
from components.images.built_image import BuiltImage
from components.jobs.deployment_task import DeploymentTask
from components.jobs.event_task import EventTask
from components.jobs.failures import JobFailures
from components.jobs.lambda_task import LambdaTask
from components.jobs.queue_worker import QueueWorker
from components.jobs.scheduled_task import ScheduledTask
from components.load_balancer.load_balancer import LoadBalancer
from components.messaging.event_bus import EventBus
from components.messaging.queue import Queue
from components.messaging.topic import Topic
from components.network.network import Network
from components.storage.bucket import Bucket
from components.storage.file_system import FileSystem
from components.storage.table import Table
from components.workloads import Workloads

__all__ = [
    "BatchJob",
    "BatchQueues",
    "BuiltImage",
    "Bucket",
    "ContainerInsights",
    "DeploymentTask",
    "EcsCluster",
    "EcsService",
    "EksCluster",
    "EksCronJob",
    "EksService",
    "Environment",
    "EventBus",
    "EventTask",
    "FileSystem",
    "JobFailures",
    "LambdaTask",
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
