"""A stack as the engine describes it: the resources of an export or of a preview."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Final

from reports.errors import InputError, UnknownValueError


class Unknown(Enum):
    """The one value that stands for all that isn't known yet, or is secret."""

    VALUE = "unknown"


UNKNOWN: Final = Unknown.VALUE


@dataclass(frozen=True)
class Resource:
    """One resource.

    Attributes:
        urn: the engine's name of it.
        type: its type token, such as ``aws:ecs/service:Service``.
        custom: false for a component.
        id: the provider's id; empty while unknown.
        inputs, outputs: its properties, with ``UNKNOWN`` where a value isn't known.
        parent: its parent's URN.
        provider: URN and id of its provider.
        sources: for each input, the URNs of the resources it comes from.
    """

    urn: str
    type: str
    custom: bool
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""
    provider: str = ""
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name it has in the program."""
        return self.urn.rpartition("::")[2]

    @property
    def label(self) -> str:
        """Type and name, for messages."""
        return f"{self.type} {self.name}"

    def get(self, path: str) -> Any:  # noqa: ANN401 - a property of any JSON type
        """Return a property by its dotted path, an input before an output.

        Returns:
            Its value, None if it isn't given, ``UNKNOWN`` if it isn't known yet.
        """
        wanted = _walk(self.inputs, path)
        if wanted is not None:
            return wanted
        first = path.partition(".")[0]
        if first not in self.inputs and self.sources.get(first):
            return UNKNOWN
        return _walk(self.outputs, path)

    def known(self, path: str) -> Any:  # noqa: ANN401 - a property of any JSON type
        """Return a property like `get`, but never an unknown one.

        Raises:
            UnknownValueError: the value isn't known yet.
        """
        value = self.get(path)
        if value is UNKNOWN:
            raise UnknownValueError(f"{self.label}: {path}")
        return value

    def items(self, path: str) -> Sequence[Any]:
        """Return a list property; empty if it isn't given.

        Raises:
            InputError: it isn't a list.
            UnknownValueError: the list as a whole isn't known yet.
        """
        value = self.known(path)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise InputError(f"{self.label}: {path} is not a list.")
        return value

    def number(self, path: str) -> int | None:
        """Return a whole number; None if it isn't given.

        Raises:
            InputError: it isn't a whole number.
            UnknownValueError: it isn't known yet.
        """
        value = self.known(path)
        if value is None:
            return None
        try:
            return int(str(value).removesuffix(".0"))
        except ValueError:
            raise InputError(f"{self.label}: {path} is not a whole number.") from None


@dataclass(frozen=True)
class Stack:
    """All resources of a stack, components included.

    Attributes:
        name: the stack's name; empty if it has no resources.
        resources: in the engine's order.
        region: the AWS region of its configuration, if the input says it.
    """

    name: str
    resources: tuple[Resource, ...]
    region: str | None = None

    def of(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types."""
        return (resource for resource in self.resources if resource.type in types)

    def by_urn(self, urn: str) -> Resource | None:
        """Return the resource with a URN."""
        return self._by_urn.get(urn)

    @cached_property
    def _by_urn(self) -> Mapping[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    def sources(self, resource: Resource, path: str, *types: str) -> tuple[Resource, ...]:
        """Return the resources of some types that an input comes from."""
        urns = resource.sources.get(path.partition(".")[0], ())
        return tuple(found for found in self.of(*types) if found.urn in urns)

    def refer(
        self, resource: Resource, path: str, *types: str, keys: Sequence[str] = ("arn", "name")
    ) -> Resource | None:
        """Return the resource of this stack that a property names.

        Args:
            resource: the resource that has the property.
            path: the property's dotted path.
            types: the types it can name.
            keys: the properties, besides the id, by which it names them.

        Returns:
            The resource; None if the property isn't given or names none of this stack.

        Raises:
            UnknownValueError: it isn't known yet, nor where it comes from.
        """
        value = resource.get(path)
        if value is UNKNOWN:
            found = self.sources(resource, path, *types)
            if len(found) == 1:
                return found[0]
            raise UnknownValueError(f"{resource.label}: {path}")
        return next(
            (
                other
                for other in self.of(*types)
                if value and (other.id == value or value in [other.get(key) for key in keys])
            ),
            None,
        )

    def components(self, resource: Resource) -> tuple[str, ...]:
        """Return the names of the components that a resource belongs to, the outermost first."""
        names: list[str] = []
        parent = self.by_urn(resource.parent)
        while parent is not None and parent.type != "pulumi:pulumi:Stack":
            if not parent.custom:
                names.insert(0, parent.name)
            parent = self.by_urn(parent.parent)
        return tuple(names)

    def region_of(self, resource: Resource) -> str | None:
        """Return the AWS region of a resource; of a Kubernetes object its cluster's."""
        if resource.type.startswith("kubernetes:"):
            regions = {self.region_of(cluster) for cluster in self.of("aws:eks/cluster:Cluster")}
            return regions.pop() if len(regions) == 1 else self.region
        provider = self.by_urn(resource.provider.rpartition("::")[0])
        arn = str(resource.get("arn")).split(":")
        candidates = (
            resource.get("region"),
            arn[3] if arn[0] == "arn" and len(arn) > 3 else None,  # noqa: PLR2004 - arn:partition:service:REGION
            provider.get("region") if provider else None,
        )
        return next(
            (str(found) for found in candidates if found and found is not UNKNOWN), self.region
        )


def holds_unknown(value: object) -> bool:
    """Whether something in a value isn't known yet."""
    if isinstance(value, Mapping):
        return any(map(holds_unknown, value.values()))
    if isinstance(value, list):
        return any(map(holds_unknown, value))
    return value is UNKNOWN


@contextmanager
def reading(resource: Resource) -> Iterator[None]:
    """Turn what goes wrong over a resource's properties into a message that names it.

    Raises:
        InputError: its properties aren't such as its provider has.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError):
        raise InputError(
            f"{resource.label}: its properties aren't such as its provider has."
        ) from None
    except ValueError as error:
        raise InputError(f"{resource.label}: {error}") from None


def _walk(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    for key in path.split("."):
        if value is UNKNOWN:
            return UNKNOWN
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
