"""IAM policy documents: identity, trust and resource policies, read into statements."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..core.rule import Resource
from ..core.values import (
    Finding,
    Findings,
    Place,
    Undecided,
    Violation,
    contains_unknown,
    label,
)
from .json_text import parsed, text_list

POLICY_PROPERTIES: Final[Mapping[str, str]] = {
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:iam/policy:Policy": "policy",
    "aws:iam/role:Role": "inlinePolicies",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
}
"""Where permission policies stand, by type token."""

POLICY_TYPES: Final = tuple(POLICY_PROPERTIES)
ROLE: Final = "aws:iam/role:Role"

_ARN_SERVICE = re.compile(r"arn:[^:]*:(?P<service>[^:]*)(?P<rest>:.*)?", re.DOTALL)
_WILDCARD = re.compile(r"[*?]")
_EVERYTHING = re.compile(
    r"(arn:([^:]*:)?)?[*?:]*[*?][*?:]*|arn:[^:]*:[*?]+:[^:]*:[^:]*:[*?]+", re.IGNORECASE
)
_ELEMENTS: Final = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)
_PRINCIPALS: Final = frozenset({"AWS", "CanonicalUser", "Federated", "Service"})
_EXACT_WITHOUT_WILDCARD = {"stringequals", "stringlike"}


@dataclass(frozen=True)
class Condition:
    """One key of a statement's condition.

    Attributes:
        operator: such as StringEquals, in lower case, without IfExists or a set prefix.
        key: such as aws:sourcearn, in lower case.
        values: what it is compared with; any of them suffices.
        if_exists: whether a request without the key passes.
        for_each: the set prefix in lower case (forallvalues, foranyvalue), or nothing.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    if_exists: bool
    for_each: str

    @property
    def binding(self) -> bool:
        """Whether it turns away requests without the key, and isn't met by all the others.

        They all meet a comparison of the key with itself, by a policy variable such as
        ${aws:SourceAccount}.
        """
        itself = f"${{{self.key}"
        return (
            not self.if_exists
            and self.for_each != "forallvalues"
            and not any(itself in value.lower() for value in self.values)
        )

    def pins(self) -> bool:
        """Whether it demands one of its values exactly: no wildcard, no way around the key."""
        if not self.binding or not self.values:
            return False
        return self.operator in _EXACT_WITHOUT_WILDCARD and all(map(is_written_out, self.values))


@dataclass(frozen=True)
class Statement:
    """A statement of a policy document.

    Attributes:
        path: where it stands, for messages.
        allows: whether it allows; otherwise it denies.
        actions, not_actions, resources, not_resources: patterns as written.
        principals: patterns by kind (AWS, Service, Federated, CanonicalUser); `"*"` is AWS `*`.
        not_principals: whether it has a NotPrincipal.
        conditions: all of them must hold.
    """

    path: str
    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    not_principals: bool
    conditions: tuple[Condition, ...]

    def covers_action(self, action: str) -> bool:
        """Whether the statement is about `action`, such as iam:PassRole."""
        if self.not_actions:
            return not any(matches(pattern, action) for pattern in self.not_actions)
        return any(matches(pattern, action) for pattern in self.actions)

    def conditions_on(self, key: str) -> list[Condition]:
        """Return the conditions on a key, whatever its case."""
        return [condition for condition in self.conditions if condition.key == key.lower()]


Judge = Callable[[Statement], Iterator[str]]


def permission_documents(resource: Resource) -> list[Place]:
    """Return the places of a resource's permission policies."""
    place = resource.at(POLICY_PROPERTIES[resource.type])
    if resource.type == ROLE:
        return [inline.at("policy") for inline in place.items()]
    return [place]


def judge_documents(documents: Iterable[Place], judge: Judge) -> Findings:
    """Yield what `judge` says of each statement, as violations that name the statement.

    A document that isn't known yet is undecided; one that can't be read is a violation.
    """
    for place in documents:
        for entry in statements(place):
            if isinstance(entry, Statement):
                yield from (Violation(f"{entry.path}: {message}") for message in judge(entry))
            else:
                yield entry


def statements(document: Place) -> Iterator[Statement | Finding]:
    """Yield a document's statements, and the findings where it can't be read."""
    place = parsed(document)
    if isinstance(place, Violation):
        yield place
        return
    body = place.at("Statement")
    # `{}` is how the provider writes that there is no policy.
    if body.value is None and place.value not in (None, {}):
        yield Violation(f"{place.path}: has no Statement")
    entries = [body] if isinstance(body.value, dict) else body.items()
    for entry in entries:
        yield _statement(entry)


def matches(pattern: str, text: str) -> bool:
    """Whether an IAM pattern matches a text; `*` and `?` are wildcards, case doesn't matter."""
    if not has_wildcard(pattern):  # most are plain names, and comparing is far quicker
        return pattern.lower() == text.lower()
    return bool(_pattern(pattern).fullmatch(text))


def has_wildcard(text: str) -> bool:
    """Whether a text is a pattern for more than itself."""
    return "*" in text or "?" in text


def concerns(resource: str, service: str) -> bool:
    """Whether a pattern of a statement's Resource may match something of a service, such as kms.

    A wildcard may reach over colons, so that only what is written before it counts.
    """
    written = _WILDCARD.split(resource)[0].lower()
    named = _ARN_SERVICE.fullmatch(written)
    if named is None:
        return has_wildcard(resource)
    in_full = named["rest"] is not None or not has_wildcard(resource)
    return named["service"] == service if in_full else service.startswith(named["service"])


def is_written_out(text: str) -> bool:
    """Whether a text stands for itself alone: neither a pattern nor made from a policy variable."""
    return not has_wildcard(text) and "${" not in text


def is_everything(pattern: str) -> bool:
    """Whether a pattern consists of wildcards alone, such as `*`, `*:*` or `arn:aws:*`.

    An ARN does whose service and name do: what it says of partition, region and account leaves
    everything there.
    """
    return bool(_EVERYTHING.fullmatch(pattern))


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    # Runs of stars are one star: otherwise matching takes time exponential in their number.
    squeezed = re.sub(r"\*+", "*", pattern)
    translated = "".join(
        ".*" if char == "*" else "." if char == "?" else re.escape(char) for char in squeezed
    )
    return re.compile(translated, re.IGNORECASE | re.DOTALL)


def _unreadable(entry: Place) -> Finding | None:
    if not entry.known:
        return entry.unreadable()
    if not isinstance(entry.value, dict):
        return Violation(f"{entry.path}: must be an object")
    if contains_unknown(entry.value):
        return Undecided(entry.path)
    if not _ELEMENTS.issuperset(entry.value):
        # Nobody has to know what a reader makes of "action": IAM's grammar has no such element.
        return Violation(f"{entry.path}: has an element that IAM doesn't have, or not in this case")
    return None


def _statement(entry: Place) -> Statement | Finding:
    if found := _unreadable(entry):
        return found
    path = f"{entry.path}{label(entry.at('Sid'))}"
    effect = entry.at("Effect").value
    lists = [
        text_list(entry.at(name)) for name in ("Action", "NotAction", "Resource", "NotResource")
    ]
    principals = _principals(entry.at("Principal"))
    conditions = _conditions(entry.at("Condition"))
    if effect not in ("Allow", "Deny"):
        return Violation(f"{path}.Effect: must be Allow or Deny")
    if any(values is None for values in lists) or principals is None or conditions is None:
        return Violation(
            f"{path}: actions, resources, principals and condition values must be texts or lists of"
            " texts, and principals of a kind that IAM has"
        )
    actions, not_actions, resources, not_resources = (values or () for values in lists)
    return Statement(
        path=path,
        allows=effect == "Allow",
        actions=actions,
        not_actions=not_actions,
        resources=resources,
        not_resources=not_resources,
        principals=principals,
        not_principals=entry.at("NotPrincipal").value is not None,
        conditions=conditions,
    )


def _principals(place: Place) -> dict[str, tuple[str, ...]] | None:
    if place.value is None:
        return {}
    if isinstance(place.value, str):
        return {"AWS": (place.value,)}
    if not isinstance(place.value, dict):
        return None
    result = {}
    for kind in place.value:
        names = text_list(place.at(kind))
        if names is None or kind not in _PRINCIPALS:
            return None
        result[kind] = names
    return result


def _conditions(place: Place) -> tuple[Condition, ...] | None:
    if place.value is None:
        return ()
    if not isinstance(place.value, dict):
        return None
    result = []
    for operator, keys in place.value.items():
        if not isinstance(keys, dict):
            return None
        for key, raw in keys.items():
            values = _condition_values(raw)
            if values is None:
                return None
            result.append(_condition(operator, key, values))
    return tuple(result)


def _condition_values(raw: object) -> tuple[str, ...] | None:
    values = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(value, str | bool | int | float) for value in values):
        return None
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def _condition(operator: str, key: str, values: tuple[str, ...]) -> Condition:
    prefix, _, name = operator.lower().rpartition(":")
    return Condition(
        operator=name.removesuffix("ifexists"),
        key=key.lower(),
        values=values,
        if_exists=name.endswith("ifexists"),
        for_each=prefix,
    )
