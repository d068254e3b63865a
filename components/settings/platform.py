"""All settings of a stack, read and validated once."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Self, TypeVar

import pulumi
from pulumi.runtime import config as pulumi_config
from pydantic import Field, ValidationError

from components.settings.base import NAME, Model
from components.settings.clusters import EcsSettings, EksSettings
from components.settings.errors import Problem, SettingsError, problems_of
from components.settings.load_balancer import LoadBalancerSettings
from components.settings.network import NetworkSettings
from components.settings.queue import QueueSettings
from components.settings.relations import Draft, relation_problems
from components.settings.service import ServiceName, ServiceSettings

QueueName = Annotated[str, Field(max_length=40), NAME]


Section = TypeVar("Section", bound=Model)


class Settings(Model):
    """The stack file: one key for each part of the platform."""

    network: NetworkSettings = NetworkSettings()
    """The VPC."""
    ecs: EcsSettings = EcsSettings()
    """The ECS cluster."""
    eks: EksSettings = EksSettings()
    """The EKS cluster."""
    load_balancer: LoadBalancerSettings = LoadBalancerSettings(enabled=False)
    """The application load balancer; none by default."""
    queues: dict[QueueName, QueueSettings] = Field(default_factory=dict)
    """SQS queues by name, for services to be granted."""
    services: dict[ServiceName, ServiceSettings] = Field(default_factory=dict)
    """Services by name."""

    @classmethod
    def load(cls) -> Self:
        """Read the stack's configuration.

        Raises:
            SettingsError: something is wrong; all problems are in its message.
        """
        prefix = f"{pulumi.get_project()}:"
        given: dict[str, Any] = {}
        problems: list[Problem] = []
        for key, text in sorted(pulumi_config.CONFIG.get().items()):
            if not key.startswith(prefix):
                continue
            name = key.removeprefix(prefix)
            if pulumi_config.is_config_secret(key):
                problems.append(Problem(name, ENCRYPTED))
            else:
                given[name] = _decoded(text)
        return cls.parse(given, problems)

    @classmethod
    def parse(cls, given: Mapping[str, Any], found: list[Problem] | None = None) -> Self:
        """Validate the content of a stack file.

        Args:
            given: the stack file's keys (without the project's name) and values.
            found: problems known already, reported together with those found here.

        Raises:
            SettingsError: something is wrong; all problems are in its message.
        """
        problems = list(found or [])
        settings: Self | None = None
        given = json.loads(_json(given))
        try:
            settings = _validated(cls, given)
        except ValidationError as error:
            problems += problems_of(error, cls)
        draft = settings.draft() if settings else _draft(given)
        problems += relation_problems(draft)
        if settings is None or problems:
            raise SettingsError(problems)
        return settings

    def draft(self) -> Draft:
        """Return these settings as the checks between them read them."""
        return Draft(
            network=self.network,
            ecs=self.ecs,
            eks=self.eks,
            load_balancer=self.load_balancer,
            services=self.services,
            service_names=frozenset(self.services),
            queue_names=frozenset(self.queues),
        )


ENCRYPTED = (
    "is encrypted, and settings hold names of secrets, never values: keep the value in Secrets "
    "Manager or SSM, remove the key with `pulumi config rm`, and name the secret instead"
)


def _decoded(text: str) -> object:
    """Return a configuration value: Pulumi hands objects and lists over as JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json(given: object) -> bytes:
    """Return JSON; what isn't a character (half of a surrogate pair) becomes a question mark."""
    return json.dumps(given, ensure_ascii=False).encode(errors="replace")


def _validated(model: type[Section], given: object) -> Section:
    """Validate JSON, so that lists become tuples while all else stays strict, keys camelCase only.

    Raises:
        ValidationError: something is wrong.
    """
    return model.model_validate_json(_json(given), by_alias=True, by_name=False)


def _valid(model: type[Section], given: object) -> Section | None:
    try:
        return _validated(model, given)
    except ValidationError:
        return None


def _draft(given: Mapping[str, Any]) -> Draft:
    """Keep what is valid by itself, so that all problems can be told at once."""
    services = given.get("services")
    services = services if isinstance(services, Mapping) else {}
    queues = given.get("queues")
    valid = {name: _valid(ServiceSettings, value) for name, value in services.items()}
    return Draft(
        network=_valid(NetworkSettings, given.get("network", {})),
        ecs=_valid(EcsSettings, given.get("ecs", {})),
        eks=_valid(EksSettings, given.get("eks", {})),
        load_balancer=_valid(LoadBalancerSettings, given.get("loadBalancer", {"enabled": False})),
        services={name: service for name, service in valid.items() if service},
        service_names=frozenset(services),
        queue_names=frozenset(queues if isinstance(queues, Mapping) else {}),
    )
