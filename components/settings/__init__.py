"""The stack file as plain, frozen, validated data.

`Settings.load()` reads the stack's configuration once; everything after it receives models and
never configuration. All problems are reported together, each with the key's full path, what was
given and what is allowed.
"""

from components.settings.at_deployment import AtDeploymentSettings
from components.settings.batch import BatchEnvironmentSettings, BatchQueueSettings, BatchSettings
from components.settings.batch_job import BatchJobSettings
from components.settings.bucket import BucketSettings
from components.settings.clusters import EcsSettings, EksSettings
from components.settings.container import SizeSettings
from components.settings.container_insights import ContainerInsightsSettings
from components.settings.errors import SettingsError
from components.settings.event import EventSettings, ObjectsSettings
from components.settings.event_bus import EventBusSettings
from components.settings.existing_network import ExistingNetworkSettings
from components.settings.failures import FailuresSettings
from components.settings.file_system import FileMountSettings, FileSystemSettings
from components.settings.iam import IamSettings
from components.settings.image_cache import PullThroughCache
from components.settings.job import JobSettings
from components.settings.key import KeySettings
from components.settings.lambda_trigger import LambdaSettings
from components.settings.load_balancer import LoadBalancerSettings
from components.settings.network import FlowLogsSettings, NetworkSettings
from components.settings.platform import Settings
from components.settings.queue import QueueSettings
from components.settings.route import RouteSettings
from components.settings.scaling import ScalingSettings
from components.settings.secret import ParameterSettings, SecretSettings
from components.settings.service import ServiceSettings
from components.settings.table import TableSettings
from components.settings.task import TaskSettings
from components.settings.topic import TopicSettings

__all__ = [
    "AtDeploymentSettings",
    "BatchEnvironmentSettings",
    "BatchJobSettings",
    "BatchQueueSettings",
    "BatchSettings",
    "BucketSettings",
    "ContainerInsightsSettings",
    "EcsSettings",
    "EksSettings",
    "EventBusSettings",
    "EventSettings",
    "ExistingNetworkSettings",
    "FailuresSettings",
    "FlowLogsSettings",
    "FileMountSettings",
    "FileSystemSettings",
    "IamSettings",
    "JobSettings",
    "KeySettings",
    "LambdaSettings",
    "LoadBalancerSettings",
    "NetworkSettings",
    "ObjectsSettings",
    "ParameterSettings",
    "PullThroughCache",
    "QueueSettings",
    "RouteSettings",
    "ScalingSettings",
    "SecretSettings",
    "ServiceSettings",
    "Settings",
    "SettingsError",
    "SizeSettings",
    "TableSettings",
    "TaskSettings",
    "TopicSettings",
]
