"""What services are granted: least-privilege statements, and the names to find things by."""

from components.grants.jobs import GrantableJob
from components.grants.keys import GrantableKey
from components.grants.messaging import GrantableEventBus, GrantableQueue, GrantableTopic
from components.grants.model import Grantable, grant_environment, grant_statements
from components.grants.secrets import GrantableParameter, GrantableSecret
from components.grants.storage import GrantableBucket, GrantableTable

__all__ = [
    "Grantable",
    "GrantableBucket",
    "GrantableEventBus",
    "GrantableJob",
    "GrantableKey",
    "GrantableParameter",
    "GrantableQueue",
    "GrantableSecret",
    "GrantableTable",
    "GrantableTopic",
    "grant_environment",
    "grant_statements",
]
