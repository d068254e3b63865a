"""The aws package: what its resources and lookups are like."""

from __future__ import annotations

import hashlib
import json
import secrets
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sandbox.standins import diff
from sandbox.standins.aws import checks, lookups, registry, sdk
from sandbox.standins.aws.catalogue import kind
from sandbox.standins.aws.kinds import Facts, Kind, Place
from sandbox.standins.aws.live import Live
from sandbox.standins.aws.outputs import complete
from sandbox.standins.package import Checked, Package, Rejected, Subject, Verdict
from sandbox.standins.wire import UNKNOWN, has_unknown, is_unknown

if TYPE_CHECKING:
    from sandbox.standins.record import Record
    from sandbox.standins.wire import Properties

_SUFFIX_DIGITS = 7  # what the Pulumi bridge appends to make a name unique


class Aws(Package):
    """Every resource type of pulumi_aws."""

    name = "aws"
    sdk = "pulumi_aws"
    repeats = MappingProxyType({"tags": "tagsAll"})

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self._live = Live()

    def check_config(self, news: Properties) -> list[str]:
        """A region is required, as the real provider requires it."""
        if news.get("region"):
            return []
        return ["aws:region is not set: give it in the stack file, such as aws:region: us-east-1"]

    def replaces_provider(self, changed: set[str]) -> bool:
        """Resources can't move to another region."""
        return "region" in changed

    def check(self, subject: Subject, olds: Properties, news: Properties, seed: bytes) -> Checked:
        """Fill in defaults, name and default tags; judge the result as AWS would."""
        schema, type_kind = _schema(subject), kind(subject.type)
        inputs = {key: value for key, value in news.items() if key != "__defaults"}
        problems = _unknown_inputs(schema, inputs)
        filled = {k: v for k, v in type_kind.defaults.items() if inputs.get(k) is None}
        name = type_kind.name or ("name" if schema.autonamed else "")
        if name and inputs.get(name) is None and inputs.get("namePrefix") is None:
            made, problem = _automatic_name(subject.name, type_kind, olds, name, seed)
            if problem:
                problems.append(problem)
            filled[name] = made + (".fifo" if inputs.get("fifoQueue") is True else "")
        elif name and inputs.get(name) is None and not is_unknown(inputs["namePrefix"]):
            filled[name] = _prefixed(str(inputs["namePrefix"]), olds, name, seed)
        inputs |= filled
        if schema.taggable:
            inputs = _tagged(inputs, _default_tags(subject.config))
        problems += checks.problems(type_kind, inputs)
        return Checked({"__defaults": sorted(filled), **inputs}, problems)

    def verdict(
        self, subject: Subject, olds: Properties, news: Properties, found: list[diff.Change]
    ) -> Verdict:
        """Updates, and the replacements that the provider's schema demands."""
        schema, type_kind = _schema(subject), kind(subject.type)
        real = [c for c in found if not (c.kind == "delete" and c.path in schema.computed)]
        replacing = [c for c in real if _replaces(type_kind, olds, news, c)]
        name = type_kind.name or ("name" if schema.autonamed else "")
        explicit = bool(name) and name not in news.get("__defaults", [])
        same_name = explicit and olds.get(name) == news.get(name)
        return Verdict(real, replacing, delete_first=bool(replacing) and same_name)

    def drift(self, subject: Subject, state: Properties, news: Properties) -> list[diff.Change]:  # noqa: ARG002 - nothing drifts
        """Nothing; the state is remembered for what depends on it."""
        self._live.note(subject.type, state)
        return []

    def unique_name(self, subject: Subject, inputs: Properties) -> str:
        """What AWS allows once; for a numbered resource, its family and revision."""
        type_kind = kind(subject.type)
        if type_kind.numbered:
            family = str(inputs[type_kind.numbered])
            revision = inputs.get("revision")
            return f"{family}:{revision or self.record.next_number(f'{subject.type} {family}')}"
        if type_kind.unique is None:
            return ""
        return type_kind.unique(Facts(inputs, _place(subject, inputs), "", ""))

    def renamed(self, subject: Subject, olds: Properties, news: Properties) -> str:
        """As at creation; a numbered resource keeps its number unless a revision is made."""
        numbered, revised = kind(subject.type).numbered, self._revises(subject, olds, news)
        return self.unique_name(subject, olds if numbered and not revised else news)

    def no_room(self, subject: Subject, inputs: Properties) -> str:
        """AWS's limit of resources within another, such as of targets within a rule."""
        type_kind = kind(subject.type)
        if not type_kind.most:
            return ""
        group = type_kind.within(Facts(inputs, _place(subject, inputs), "", ""))
        beside = [e for e in self.record.entries() if e.type == subject.type]
        if len([e for e in beside if e.name.startswith(f"{group}/")]) < type_kind.most:
            return ""
        return (
            f"LimitExceededException: {subject.type} {subject.name}: {group} has"
            f" {type_kind.most} already, as many as AWS allows"
        )

    def name_taken(self, subject: Subject, name: str) -> str:
        """AWS's own error code, with type and name."""
        code = kind(subject.type).taken
        return f"{code}: {subject.type} {name} already exists (creating {subject.name})"

    def new_id(self, subject: Subject, inputs: Properties, name: str) -> str:
        """An id as AWS makes it for the type; the name of a numbered one ends in its revision."""
        self._live.judge(subject.type, inputs, {})
        type_kind, place = kind(subject.type), _place(subject, inputs)
        revision = int(name.rpartition(":")[2]) if type_kind.numbered else 0
        return type_kind.id(Facts(inputs, place, "", secrets.token_hex(16), revision))

    def outputs(
        self, subject: Subject, id_: str, inputs: Properties, olds: Properties
    ) -> Properties:
        """Inputs and what AWS computes; in a preview, what AWS would compute is unknown."""
        given = {key: value for key, value in inputs.items() if key != "__defaults"}
        if olds:
            self._live.judge(subject.type, given, olds)
        place = _place(subject, inputs)
        type_kind = kind(subject.type)
        if self._revises(subject, olds, inputs):
            olds = {key: value for key, value in olds.items() if key not in type_kind.revised}
        revision = int(olds.get("revision") or 0) or self._revision(subject, id_)
        facts = Facts(given, place, id_, id_ or "preview", revision)
        state = complete(_schema(subject), type_kind, facts, olds)
        self._live.note(subject.type, state)
        return state

    def planned(
        self, subject: Subject, id_: str, inputs: Properties, olds: Properties
    ) -> Properties:
        """As after the update, but for what another revision brings."""
        state = self.outputs(subject, id_, inputs, olds)
        if self._revises(subject, olds, inputs):
            state |= dict.fromkeys(kind(subject.type).revised, UNKNOWN)
        return state

    def invoke(self, token: str, args: Properties, config: Properties) -> Properties:
        """Answer a lookup: of what this stack made, or from the catalogue of lookups."""
        place = Place(str(args.get("region") or config.get("region") or "us-east-1"))
        if token == "aws:ecs/getService:getService":  # noqa: S105 - a lookup's name
            return self._live.service(args, place)
        if token in registry.ANSWERED:
            return registry.ANSWERED[token](args, place, self.record)
        return lookups.answer(token, args, place)

    def _revises(self, subject: Subject, olds: Properties, news: Properties) -> bool:
        """Whether an update makes another revision: of all that changes, tags alone don't."""
        type_kind = kind(subject.type)
        if not olds or not type_kind.revised:
            return False
        keys = set(_schema(subject).inputs) - {"tags", "region"}
        return any(olds.get(key) != news.get(key) for key in keys)

    def _revision(self, subject: Subject, id_: str) -> int:
        entry = self.record.find(subject.type, id_) if kind(subject.type).numbered else None
        return int(entry.name.rpartition(":")[2]) if entry else 0


def _schema(subject: Subject) -> sdk.ResourceSchema:
    try:
        return sdk.schema(subject.type)
    except LookupError as error:
        raise Rejected(str(error)) from None


def _place(subject: Subject, inputs: Properties) -> Place:
    return Place(str(inputs.get("region") or subject.config.get("region") or "us-east-1"))


def _unknown_inputs(schema: sdk.ResourceSchema, inputs: Properties) -> list[str]:
    known = ", ".join(sorted(schema.inputs))
    return [
        f"{key}: no such property; the installed pulumi_aws knows {known}"
        for key in inputs
        if key not in schema.inputs
    ]


def _replaces(type_kind: Kind, olds: Properties, news: Properties, change: diff.Change) -> bool:
    path = diff.general(change.path)
    if path == "region" or path.split(".")[0] == "region":
        return True
    paths = type_kind.replaces
    if any(_under(path, p[1:]) for p in paths if p.startswith("!")):
        return False
    listed = any(p == "*" or _under(path, p) or _under(p, path) for p in paths)
    return listed or type_kind.replaces_if(olds, news, change)


def _under(path: str, ancestor: str) -> bool:
    return path == ancestor or path.startswith(f"{ancestor}.")


def _automatic_name(
    logical: str, type_kind: Kind, olds: Properties, key: str, seed: bytes
) -> tuple[str, str]:
    """A name as the Pulumi bridge makes it up (kept once made), and a problem or nothing."""
    if key in olds.get("__defaults", []) and isinstance(olds.get(key), str):
        return str(olds[key]).removesuffix(".fifo"), ""
    suffix = hashlib.sha256(seed + logical.encode()).hexdigest()[:_SUFFIX_DIGITS]
    name = f"{type_kind.name_prefix}{logical}-{suffix}"
    if len(name) <= type_kind.name_limit:
        return name, ""
    longest = type_kind.name_limit - len(type_kind.name_prefix) - _SUFFIX_DIGITS - 1
    return name, (
        f"{key}: the automatic name of '{logical}' with its {_SUFFIX_DIGITS} random characters is"
        f" longer than {type_kind.name_limit}; give a logical name of at most {longest}"
        f" characters, or {key} itself"
    )


def _prefixed(prefix: str, olds: Properties, key: str, seed: bytes) -> str:
    if key in olds.get("__defaults", []) and str(olds.get(key, "")).startswith(prefix):
        return str(olds[key])
    return prefix + hashlib.sha256(seed).hexdigest()[:26]


def _default_tags(config: Properties) -> dict[str, Any]:
    raw = config.get("defaultTags")
    if isinstance(raw, str) and not has_unknown(raw):
        raw = json.loads(raw)
    return dict(raw.get("tags") or {}) if isinstance(raw, dict) else {}


def _tagged(inputs: Properties, defaults: dict[str, Any]) -> Properties:
    """Merge the provider's default tags into the resource's, as pulumi-aws does in Check."""
    own = inputs.get("tags")
    if is_unknown(own):
        return {**inputs, "tags": UNKNOWN}
    merged = {**defaults, **(own or {})}
    return {**inputs, "tags": merged} if merged else inputs
