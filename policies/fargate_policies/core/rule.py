"""Rules: what they judge, what they say, how they are described."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from pulumi_policy import Severity

from . import exemptions
from .names import named_by, names, texts
from .sources import Source
from .values import Finding, Findings, Place, Undecided, Value, Violation

Found = TypeVar("Found")


@dataclass(frozen=True)
class Parameter:
    """Something that a rule's configuration may set: a list of texts, a flag, or a number.

    Attributes:
        description: what it changes.
        default: its value where the configuration is silent; its type is the parameter's type.
        choices: the numbers that it may be; a number needs them.
    """

    description: str
    default: tuple[str, ...] | bool | int
    choices: tuple[int, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The parameter as a JSON schema."""
        if isinstance(self.default, bool):
            kind: dict[str, Any] = {"type": "boolean"}
        elif isinstance(self.default, int):
            kind = {"type": "integer", "enum": list(self.choices)}
        else:
            kind = {"type": "array", "items": {"type": "string"}}
        default = list(self.default) if isinstance(self.default, tuple) else self.default
        return {**kind, "description": self.description, "default": default}

    @property
    def kind(self) -> str:
        """What a value must be, for a message."""
        if self.choices:
            return f"one of {', '.join(map(str, self.choices))}"
        return f"of type {self.schema['type']}"

    def accepts(self, value: Value) -> bool:
        """Whether a configured value has the parameter's type."""
        if isinstance(self.default, bool):
            return isinstance(value, bool)
        if isinstance(self.default, int):
            return not isinstance(value, bool) and value in self.choices
        return isinstance(value, list) and all(isinstance(item, str) for item in value)


@dataclass(frozen=True)
class Resource:
    """A resource as the engine shows it to a rule: its inputs before it is created or changed.

    Attributes:
        type: type token, such as aws:ecs/service:Service.
        name: logical name.
        urn: the engine's name of it.
        properties: its inputs.
        settings: the rule's parameters and exemptions.
    """

    type: str
    name: str
    urn: str
    properties: Place
    settings: Mapping[str, Any] = field(default_factory=dict)

    def at(self, *keys: str) -> Place:
        """Return the property under `keys`."""
        return self.properties.at(*keys)


@dataclass(frozen=True)
class Member:
    """A resource of a stack, with its edges to others.

    Attributes:
        type: type token.
        name: logical name.
        urn: the engine's name of it.
        outputs: returns its outputs, in a preview without those that only AWS will choose.
        dependencies: URNs of the resources that each property is made from.
    """

    type: str
    name: str
    urn: str
    outputs: Callable[[], Place]
    dependencies: Mapping[str, tuple[str, ...]]

    @cached_property
    def properties(self) -> Place:
        """Its outputs, read when they are first needed: most rules need few."""
        return self.outputs()

    @property
    def known(self) -> bool:
        """Whether anything is known of its properties."""
        return self.properties.known

    def at(self, *keys: str) -> Place:
        """Return the property under `keys`."""
        return self.properties.at(*keys)

    def unreadable(self, place: Place) -> Finding:
        """Return the finding for a property of it that is not known or has the wrong shape."""
        return self.own(place.unreadable())

    def own(self, finding: Finding) -> Finding:
        """Return a finding about a place of it as one that says whose place that is."""
        if isinstance(finding, Violation):
            return replace(finding, urn=self.urn)
        return Undecided(f"{finding.path} of {self.name}")


@dataclass(frozen=True)
class Stack:
    """All resources of a stack, as they will be after the deployment.

    Attributes:
        members: the resources.
        settings: the rule's parameters and exemptions.
    """

    members: tuple[Member, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    _indexes: dict[tuple[str, ...], dict[str, Member]] = field(default_factory=dict, repr=False)
    _edges: dict[tuple[Any, ...], dict[str, list[Member]]] = field(default_factory=dict, repr=False)
    _by_text: dict[tuple[str, str], dict[str, list[Member]]] = field(
        default_factory=dict, repr=False
    )
    _found: dict[Callable[["Stack"], Any], Any] = field(default_factory=dict, repr=False)

    def under(self, settings: Mapping[str, Any]) -> "Stack":
        """Return the stack as another rule sees it; what was found of it isn't looked for again."""
        return replace(self, settings=settings)

    def once(self, find: Callable[["Stack"], Found]) -> Found:
        """Return what a function finds, which several rules want to know.

        Args:
            find: depends on the stack's resources alone, and not on a rule's settings.
        """
        if find not in self._found:
            self._found[find] = find(self)
        found: Found = self._found[find]
        return found

    def of_type(self, *types: str) -> Iterator[Member]:
        """Yield the resources whose type token is one of `types`."""
        return (member for member in self.members if member.type in types)

    def referred(self, member: Member, key: str, types: tuple[str, ...]) -> list[Member]:
        """Return the resources of `types` that the property `key` of `member` refers to.

        By the engine's own record of what the property is made from, which a preview has too, and
        by what names them where the value is known and written out.
        """
        index = self._index(types)
        found = [index.get(urn) for urn in member.dependencies.get(key, ())]
        found += [self.named(text, types) for text in texts(member.at(key).value)]
        return list({each.urn: each for each in found if each}.values())

    def named(self, text: str, types: tuple[str, ...]) -> Member | None:
        """Return the resource of `types` that a text names, such as its ARN."""
        index = self._index(types)
        return next((index[name] for name in named_by(text) if name in index), None)

    def referring(
        self, target: Member, types: tuple[str, ...], key: str, target_types: tuple[str, ...]
    ) -> list[Member]:
        """Return the resources of `types` whose property `key` refers to `target`.

        Args:
            target: one of `target_types`.
            types: type tokens of what is attached, such as rules.
            key: the property by which it is attached, such as securityGroupId.
            target_types: type tokens of what that property may refer to.
        """
        edges = self._edges.get((types, key, target_types))
        if edges is None:
            edges = self._edges[types, key, target_types] = {}
            for member in self.of_type(*types):
                for other in self.referred(member, key, target_types):
                    edges.setdefault(other.urn, []).append(member)
        return edges.get(target.urn, [])

    def with_text(self, kind: str, key: str) -> Mapping[str, list[Member]]:
        """Return the resources of a type by the text, or the texts, that property `key` holds."""
        if (kind, key) not in self._by_text:
            found = self._by_text[kind, key] = {}
            for member in self.of_type(kind):
                place = member.at(key)
                for item in place.items() if isinstance(place.value, list) else [place]:
                    found.setdefault(item.text, []).append(member)
        return self._by_text[kind, key]

    def _index(self, types: tuple[str, ...]) -> dict[str, Member]:
        """Return the resources of `types` by everything that names them."""
        if types not in self._indexes:
            self._indexes[types] = {
                name: member
                for member in self.of_type(*types)
                for name in (member.urn, *names(member.type, member.properties))
            }
        return self._indexes[types]


@dataclass(frozen=True, kw_only=True)
class _Description:
    """What every rule states about itself.

    Attributes:
        name: id, unique in the pack; the file is named for it.
        description: what must hold, as one sentence.
        fix: what to do about a violation, as a sentence that begins in upper case.
        severity: how bad a violation is.
        mandatory: whether a violation stops the deployment unless configured otherwise.
        sources: the controls and guides behind it, the most telling first.
        parameters: what its configuration may set.
        can_be_exempted_from: whether its configuration may name resources that it isn't demanded
            of; not so for the rules about just that.
    """

    name: str
    description: str
    fix: str
    severity: Severity
    mandatory: bool
    sources: tuple[Source, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    can_be_exempted_from: bool = True

    @property
    def schemas(self) -> dict[str, dict[str, Any]]:
        """JSON schemas of what its configuration may set."""
        schemas = {key: parameter.schema for key, parameter in self.parameters.items()}
        if self.can_be_exempted_from:
            schemas[exemptions.KEY] = dict(exemptions.SCHEMA)
        return schemas

    @property
    def defaults(self) -> dict[str, Any]:
        """The parameters' values where the configuration is silent."""
        return {key: parameter.default for key, parameter in self.parameters.items()}


@dataclass(frozen=True)
class Change:
    """What a remediation writes.

    Attributes:
        path: keys and indexes from the resource's inputs to the property; an object that is absent
            on the way is made, and the index after a list's last adds to the list.
        value: the property's new value, or REMOVED. Whatever it replaces stays secret if it was.
    """

    path: tuple[str | int, ...]
    value: Value


@dataclass(frozen=True, kw_only=True)
class Rule(_Description):
    """A rule about single resources.

    Attributes:
        types: type tokens of the resources it judges.
        check: yields what it finds in one of them.
        remedy: returns what makes a resource comply, where one change is right for everybody; it
            changes nothing that complies, isn't known yet or has the wrong shape.
    """

    types: tuple[str, ...]
    check: Callable[[Resource], Findings]
    remedy: Callable[[Resource], Iterable[Change]] | None = None


@dataclass(frozen=True, kw_only=True)
class StackRule(_Description):
    """A rule about how the resources of a stack belong together.

    Attributes:
        types: type tokens that the rule is about; it isn't run on a stack without them.
        check: yields what it finds.
    """

    types: tuple[str, ...]
    check: Callable[[Stack], Findings]


AnyRule = Rule | StackRule
