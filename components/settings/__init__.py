"""The stack file as plain, frozen, validated data.

`Settings.load()` reads the stack's configuration once; everything after it receives models and
never configuration. All problems are reported together, each with the key's full path, what was
given and what is allowed.
"""

from components.settings.clusters import EcsSettings, EksSettings
from components.settings.container import SizeSettings
from components.settings.errors import SettingsError
from components.settings.load_balancer import LoadBalancerSettings
from components.settings.network import NetworkSettings
from components.settings.platform import Settings
from components.settings.queue import QueueSettings
from components.settings.route import RouteSettings
from components.settings.scaling import ScalingSettings
from components.settings.service import ServiceSettings

__all__ = [
    "EcsSettings",
    "EksSettings",
    "LoadBalancerSettings",
    "NetworkSettings",
    "QueueSettings",
    "RouteSettings",
    "ScalingSettings",
    "ServiceSettings",
    "Settings",
    "SettingsError",
    "SizeSettings",
]
