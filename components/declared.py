"""What the stack file declares for services to be granted, created or existing."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.environment import Environment
from components.grants import (
    Grantable,
    GrantableBucket,
    GrantableEventBus,
    GrantableKey,
    GrantableParameter,
    GrantableQueue,
    GrantableSecret,
    GrantableTable,
    GrantableTopic,
)
from components.messaging.event_bus import EventBus
from components.messaging.queue import Queue
from components.messaging.topic import Topic
from components.own_arns import refuse_own_arns
from components.settings import Settings
from components.storage.bucket import Bucket
from components.storage.table import Table


@dataclass(frozen=True)
class Created:
    """What this stack creates of what is declared, by kind and name."""

    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]
    buckets: Mapping[str, Bucket]
    tables: Mapping[str, Table]
    event_buses: Mapping[str, EventBus]

    def grantables(self) -> dict[str, Grantable]:
        """Return all of it as services are granted it, by name."""
        return {
            **{name: queue.grantable for name, queue in self.queues.items()},
            **{name: topic.grantable for name, topic in self.topics.items()},
            **{name: bucket.grantable for name, bucket in self.buckets.items()},
            **{name: table.grantable for name, table in self.tables.items()},
            **{name: bus.grantable for name, bus in self.event_buses.items()},
        }


def declared_keys(settings: Settings, environment: Environment) -> dict[str, GrantableKey]:
    """Return the keys that exist already, by name."""
    return {name: GrantableKey.of(key, environment) for name, key in settings.keys.items()}


def create_declared(
    settings: Settings,
    *,
    environment: Environment,
    keys: Mapping[str, GrantableKey],
    opts: pulumi.ResourceOptions,
) -> Created:
    """Create what is declared without an ARN.

    Args:
        settings: the stack file.
        environment: where to create it.
        keys: what it may be encrypted with, by name.
        opts: options of each component.

    Raises:
        pulumi.RunError: an ARN is that of what is created here.
    """
    refuse_own_arns(settings, environment)
    watched = {job.objects.bucket for job in settings.jobs.values() if job.objects}
    return Created(
        queues={
            name: Queue(name, given, environment=environment, key=_key(keys, given.key), opts=opts)
            for name, given in settings.queues.items()
            if given.arn is None
        },
        topics={
            name: Topic(name, environment=environment, key=_key(keys, given.key), opts=opts)
            for name, given in settings.topics.items()
            if given.arn is None
        },
        buckets={
            name: Bucket(
                name,
                given,
                environment=environment,
                key=_key(keys, given.key),
                events=name in watched,
                opts=opts,
            )
            for name, given in settings.buckets.items()
            if given.arn is None
        },
        tables={
            name: Table(name, given, environment=environment, key=_key(keys, given.key), opts=opts)
            for name, given in settings.tables.items()
            if given.arn is None
        },
        event_buses={
            name: EventBus(name, given, environment=environment, opts=opts)
            for name, given in settings.event_buses.items()
            if given.arn is None
        },
    )


def existing_grantables(
    settings: Settings, environment: Environment, keys: Mapping[str, GrantableKey]
) -> dict[str, Grantable]:
    """Return what exists already as services are granted it, by name.

    Args:
        settings: the stack file.
        environment: what says whose it is where an ARN doesn't.
        keys: the keys that exist already, by name.
    """
    return {
        **keys,
        **_existing_messaging(settings, environment, keys),
        **_existing_storage(settings, environment, keys),
        **{
            name: _existing_secret(name, secret.arn, environment, _key(keys, secret.key))
            for name, secret in settings.secrets.items()
        },
        **{
            name: GrantableParameter.existing(given, environment, _key(keys, given.key))
            for name, given in settings.parameters.items()
        },
    }


def _existing_messaging(
    settings: Settings, environment: Environment, keys: Mapping[str, GrantableKey]
) -> dict[str, Grantable]:
    queues = {
        name: GrantableQueue.existing(queue.arn, environment, _key(keys, queue.key))
        for name, queue in settings.queues.items()
        if queue.arn is not None
    }
    topics = {
        name: GrantableTopic.existing(topic.arn, environment, _key(keys, topic.key))
        for name, topic in settings.topics.items()
        if topic.arn is not None
    }
    buses = {
        name: GrantableEventBus(bus.arn, bus.sources)
        for name, bus in settings.event_buses.items()
        if bus.arn is not None
    }
    return {**queues, **topics, **buses}


def _existing_storage(
    settings: Settings, environment: Environment, keys: Mapping[str, GrantableKey]
) -> dict[str, Grantable]:
    buckets = {
        name: GrantableBucket.existing(
            bucket.arn,
            environment,
            _key(keys, bucket.key),
            account=bucket.account,
            prefix=bucket.prefix,
        )
        for name, bucket in settings.buckets.items()
        if bucket.arn is not None
    }
    tables = {
        name: GrantableTable.existing(table.arn, environment, _key(keys, table.key))
        for name, table in settings.tables.items()
        if table.arn is not None
    }
    return {**buckets, **tables}


def _existing_secret(
    name: str, arn: str, environment: Environment, key: GrantableKey | None
) -> GrantableSecret:
    """Return a secret that exists already.

    Raises:
        pulumi.RunError: it is in an account whose key for it this account can't use (Secrets
            Manager user guide, "Access secrets from a different account").
    """
    account = arn.split(":")[4]
    if account != environment.account and (key is None or key.alias is not None):
        raise pulumi.RunError(
            f"secrets.{name}: is in account {account}, and what its AWS managed key encrypts can't "
            f"be read from account {environment.account}: encrypt it with a KMS key of its own "
            "account, declare that below keys by its arn, and name it in key"
        )
    return GrantableSecret.existing(arn, environment, key)


def _key(keys: Mapping[str, GrantableKey], name: str | None) -> GrantableKey | None:
    """Return the key that something is encrypted with, if it isn't AWS's own."""
    return keys[name] if name else None
