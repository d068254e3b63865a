"""All settings of a stack, read and validated once."""

import json
from collections.abc import Mapping
from typing import Any, Final, Self, TypeVar

import pulumi
from pulumi.runtime import config as pulumi_config
from pydantic import Field, ValidationError

from components.settings.base import Model
from components.settings.batch import BatchSettings
from components.settings.batch_job import submittable
from components.settings.bucket import BucketSettings
from components.settings.clusters import EcsSettings, EksSettings
from components.settings.errors import Problem, SettingsError, problems_of
from components.settings.event_bus import EventBusSettings
from components.settings.failures import FailuresSettings
from components.settings.file_system import FileSystemName, FileSystemSettings
from components.settings.grantable import Grantable, GrantableName
from components.settings.iam import IamSettings
from components.settings.job import JobName, JobSettings
from components.settings.key import KeySettings
from components.settings.lambda_trigger import LambdaSettings
from components.settings.load_balancer import LoadBalancerSettings
from components.settings.network import NetworkSettings
from components.settings.project import name_problems
from components.settings.queue import QueueSettings
from components.settings.relations import Draft, relation_problems
from components.settings.secret import ParameterSettings, SecretSettings
from components.settings.service import ServiceName, ServiceSettings
from components.settings.table import TableSettings
from components.settings.topic import TopicSettings

GRANTABLE: Final[Mapping[str, type[Grantable]]] = {
    "queues": QueueSettings,
    "topics": TopicSettings,
    "buckets": BucketSettings,
    "tables": TableSettings,
    "eventBuses": EventBusSettings,
    "secrets": SecretSettings,
    "parameters": ParameterSettings,
    "keys": KeySettings,
}
"""What services can be granted, by the key under which it is declared."""

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
    iam: IamSettings = IamSettings()
    """What holds for every role."""
    queues: dict[GrantableName, QueueSettings] = Field(default_factory=dict)
    """SQS queues by name, for services and jobs to be granted."""
    topics: dict[GrantableName, TopicSettings] = Field(default_factory=dict)
    """SNS topics by name, for services and jobs to be granted."""
    buckets: dict[GrantableName, BucketSettings] = Field(default_factory=dict)
    """S3 buckets by name, for services and jobs to be granted."""
    tables: dict[GrantableName, TableSettings] = Field(default_factory=dict)
    """DynamoDB tables by name, for services and jobs to be granted."""
    event_buses: dict[GrantableName, EventBusSettings] = Field(default_factory=dict)
    """EventBridge event buses by name, for services and jobs to be granted."""
    secrets: dict[GrantableName, SecretSettings] = Field(default_factory=dict)
    """Existing secrets by name, for services and jobs to be granted: where they are, never their
    values."""
    parameters: dict[GrantableName, ParameterSettings] = Field(default_factory=dict)
    """Existing parameters of Parameter Store by name, for services and jobs to be granted."""
    keys: dict[GrantableName, KeySettings] = Field(default_factory=dict)
    """Existing KMS keys by name, for services and jobs to be granted and for what they encrypt."""
    file_systems: dict[FileSystemName, FileSystemSettings] = Field(default_factory=dict)
    """EFS file systems by name, for services and jobs to mount."""
    services: dict[ServiceName, ServiceSettings] = Field(default_factory=dict)
    """Services by name."""
    jobs: dict[JobName, JobSettings] = Field(default_factory=dict)
    """Jobs by name: containers that start when they are needed and stop when they are done."""
    batch: BatchSettings = BatchSettings()
    """Environments and queues of AWS Batch, for jobs with `batch`."""
    failures: FailuresSettings = FailuresSettings()
    """Who is told when a job fails."""

    @classmethod
    def load(cls) -> Self:
        """Read the stack's configuration.

        Raises:
            SettingsError: something is wrong; all problems are in its message.
        """
        prefix = f"{pulumi.get_project()}:"
        given: dict[str, Any] = {}
        problems = list(name_problems(pulumi.get_project(), pulumi.get_stack()))
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
            jobs=self.jobs,
            job_names=frozenset(self.jobs),
            batch=self.batch,
            failures=self.failures,
            file_system_names=frozenset(self.file_systems),
            grantables={
                "queues": self.queues,
                "topics": self.topics,
                "buckets": self.buckets,
                "tables": self.tables,
                "eventBuses": self.event_buses,
                "secrets": self.secrets,
                "parameters": self.parameters,
                "keys": self.keys,
                "jobs": {
                    name: job.lambda_
                    for name, job in self.jobs.items()
                    if job.lambda_ and job.lambda_.request
                }
                | submittable(self.jobs),
            },
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


def _valid_members(model: type[Section], given: Mapping[str, Any]) -> dict[str, Section]:
    valid = {name: _valid(model, value) for name, value in given.items()}
    return {name: settings for name, settings in valid.items() if settings}


def _draft(given: Mapping[str, Any]) -> Draft:
    """Keep what is valid by itself, so that all problems can be told at once."""
    services = given.get("services")
    services = services if isinstance(services, Mapping) else {}
    file_systems = given.get("fileSystems")
    jobs = given.get("jobs")
    jobs = jobs if isinstance(jobs, Mapping) else {}
    valid_jobs = _valid_members(JobSettings, jobs)
    return Draft(
        network=_valid(NetworkSettings, given.get("network", {})),
        ecs=_valid(EcsSettings, given.get("ecs", {})),
        eks=_valid(EksSettings, given.get("eks", {})),
        load_balancer=_valid(LoadBalancerSettings, given.get("loadBalancer", {"enabled": False})),
        services=_valid_members(ServiceSettings, services),
        service_names=frozenset(services),
        jobs=valid_jobs,
        job_names=frozenset(jobs),
        batch=_valid(BatchSettings, given.get("batch", {})),
        failures=_valid(FailuresSettings, given.get("failures", {})),
        file_system_names=frozenset(file_systems if isinstance(file_systems, Mapping) else {}),
        grantables={
            **{
                section: {name: _valid(model, value) for name, value in declared.items()}
                for section, model in GRANTABLE.items()
                if isinstance(declared := given.get(section), Mapping)
            },
            "jobs": _startable(jobs, valid_jobs) | submittable(valid_jobs),
        },
    )


def _startable(
    given: Mapping[str, Any], valid: Mapping[str, JobSettings]
) -> dict[str, LambdaSettings | None]:
    """Return the jobs that services can be granted to start; None for what may be one."""
    found: dict[str, LambdaSettings | None] = {}
    for name, job in given.items():
        trigger = valid[name].lambda_ if name in valid else None
        if name in valid and not (trigger and trigger.request):
            continue
        if trigger or (isinstance(job, Mapping) and {"batch", "lambda"} & set(job)):
            found[name] = trigger
    return found
