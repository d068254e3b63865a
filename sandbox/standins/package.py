"""What a package of custom resources is like: the part of a provider that differs by package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins.diff import Change
    from sandbox.standins.record import Record
    from sandbox.standins.wire import Properties


class Rejected(Exception):  # noqa: N818 - a verdict of the cloud, not a fault of this program
    """What the cloud would refuse; its text is shown to the user as it is."""


@dataclass(frozen=True)
class Checked:
    """Inputs as the provider completed them, and what is wrong with them.

    Attributes:
        inputs: the completed inputs.
        problems: one sentence for each violation, naming the property and never its value.
    """

    inputs: Properties
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """How the provider would bring about a set of changes.

    Attributes:
        changes: what counts as a change at all.
        replacing: those of the changes that need a new resource.
        delete_first: whether the old one has to go before the new one comes.
    """

    changes: list[Change]
    replacing: list[Change]
    delete_first: bool = False


@dataclass(frozen=True)
class Subject:
    """The resource that a request is about.

    Attributes:
        urn: its URN.
        type: its type token.
        name: its logical name.
        config: the configuration of the provider it belongs to.
    """

    urn: str
    type: str
    name: str
    config: Properties


class Package(ABC):
    """One package's resources and lookups, over a record instead of a cloud.

    Attributes:
        name: the package, such as ``aws``.
        sdk: the installed distribution whose version the provider reports.
        repeats: inputs that an output repeats under another name.
        record: what exists in the stand-in cloud.
    """

    name: str
    sdk: str
    repeats: Mapping[str, str] = MappingProxyType({})

    def __init__(self, record: Record) -> None:
        self.record = record

    @abstractmethod
    def check_config(self, news: Properties) -> list[str]:
        """Problems of a provider's own configuration."""

    @abstractmethod
    def replaces_provider(self, changed: set[str]) -> bool:
        """Whether a change of these configuration keys needs a new provider and new resources."""

    @abstractmethod
    def check(self, subject: Subject, olds: Properties, news: Properties, seed: bytes) -> Checked:
        """Complete and judge the inputs of a resource.

        Args:
            subject: the resource.
            olds: its inputs of the last run; empty for a new one.
            news: its inputs as the program gives them.
            seed: randomness for automatic names.
        """

    @abstractmethod
    def verdict(
        self, subject: Subject, olds: Properties, news: Properties, found: list[Change]
    ) -> Verdict:
        """Decide what the changes between old and new inputs mean."""

    def drift(self, subject: Subject, state: Properties, news: Properties) -> list[Change]:  # noqa: ARG002 - for packages that have it
        """What differs from the state although no input does; nothing for most packages.

        Args:
            subject: the resource.
            state: its state of the last run.
            news: its inputs as the program gives them.
        """
        return []

    @abstractmethod
    def unique_name(self, subject: Subject, inputs: Properties) -> str:
        """What no other resource of the type may hold; empty if nothing must be unique.

        Args:
            subject: the resource.
            inputs: its inputs, or its whole state when it is about to be deleted.
        """

    @abstractmethod
    def name_taken(self, subject: Subject, name: str) -> str:
        """The message for a name that another resource holds."""

    def renamed(self, subject: Subject, olds: Properties, news: Properties) -> str:  # noqa: ARG002 - for packages that number
        """What a resource holds after an update; as `unique_name` for most packages.

        Args:
            subject: the resource.
            olds: its state before the update.
            news: its inputs.
        """
        return self.unique_name(subject, news)

    def no_room(self, subject: Subject, inputs: Properties) -> str:  # noqa: ARG002 - for packages that have limits
        """The message for one resource too many; empty where there is room."""
        return ""

    @abstractmethod
    def new_id(self, subject: Subject, inputs: Properties, name: str) -> str:
        """An id for a new resource in the cloud's own format.

        Args:
            subject: the resource.
            inputs: its inputs.
            name: what `unique_name` said.
        """

    @abstractmethod
    def outputs(
        self, subject: Subject, id_: str, inputs: Properties, olds: Properties
    ) -> Properties:
        """The state of a resource: inputs, and what the cloud computes.

        Args:
            subject: the resource.
            id_: its id; empty in the preview of a creation, where what depends on it is unknown.
            inputs: its inputs, unknowns included.
            olds: its state before an update; empty for a creation.
        """

    def planned(
        self, subject: Subject, id_: str, inputs: Properties, olds: Properties
    ) -> Properties:
        """The state of a resource in the preview of an update; as `outputs` for most packages."""
        return self.outputs(subject, id_, inputs, olds)

    @abstractmethod
    def invoke(self, token: str, args: Properties, config: Properties) -> Properties:
        """Answer a lookup.

        Raises:
            Rejected: the lookup isn't answered; the message names its token.
        """
