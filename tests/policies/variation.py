"""Resources of any type, made from the cases by small changes: what a rule reads, in every state.

A change takes a part away, makes it unknown, secret or misshapen, puts there what stands under the
same key elsewhere, or adds something. It may be inside a document that a text holds as JSON. A
stack may hold a resource twice, or one of a type, a name and references that nobody has.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from pulumi_policy import proxy

from tests.policies.cases.all import CASES
from tests.policies.protocol import StackResource, secret

CANARY: Final = "canary-5f1d"
"""Stands in each value that no message may repeat."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key by which the wire tells secrets, assets and archives from other objects."""

NAMES: Final = ("name", "Name", "Sid")
"""Keys of what messages call things by, unless it is secret; all else is confidential here."""

INSIDE: Final = object()
"""In a path: into the JSON that a text holds."""

_ABSENT: Final = object()
UNKNOWN: Final = tuple(v for name, v in vars(proxy).items() if name.startswith("UNKNOWN_"))
_MISSHAPEN: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 0.5, 2.0**70, "", "*", "{", "[]", CANARY, "\x00\ud7ff\U0001f600"),
    *(math.nan, math.inf, -math.inf, "\u202e\u2066", "\\ud800", CANARY * 5_000, "1e999", "9" * 400),
    *([], [None], [[]], [CANARY], {}, {CANARY: CANARY}, {"": {}}, [{"name": 7, "Effect": []}]),
    *("[" * 90 + "]" * 90, "[" * 900 + "]" * 900, '{"a":' * 500 + "0" + "}" * 500, "[" * 90_000),
    *(json.dumps({"Statement": [{"Sid": each}], "States": {each: {}}}) for each in UNKNOWN),
    *(json.dumps([{"name": each, "environment": [{"name": each}]}]) for each in UNKNOWN),
    '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
    json.dumps(json.dumps({"Statement": [{"Sid": CANARY}]})),
    json.dumps({"States": {CANARY + "\ud800": {"Resource": CANARY}, "\u202e": 1}}),
    secret(json.dumps({"Statement": [{"Sid": CANARY}], "States": {CANARY: 1}})),
    secret(json.dumps([{"name": CANARY, "environment": [{"name": CANARY}]}])),
    secret({"Statement": [{"Sid": CANARY}]}),
    *([secret({"name": CANARY})], [{"name": secret(CANARY)}], secret(secret(CANARY)), secret(7)),
    *({SIGNATURE: CANARY}, {SIGNATURE: secret(None)[SIGNATURE]}, {SIGNATURE: {"name": CANARY}}),
    {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": CANARY},
    {SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "assets": {}},
    {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": CANARY, "id": CANARY},
)
"""Values of every shape: numbers that JSON doesn't have, JSON in JSON and deep JSON, secrets, marks
that the SDK reads, that it doesn't know, and that are half of one."""

_MISNAMED: Final[tuple[Any, ...]] = (
    UNKNOWN[0],
    secret(CANARY),
    None,
    7,
    "",
    "\u202e",
    "a b",
    "x" * 5_000,
    [],
    {},
)
"""What may stand in place of a name; a secret one isn't shown."""

leaves: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**31), 2**31),
    st.text(max_size=8),
    st.sampled_from([*UNKNOWN, "*", "", "0.0.0.0/0", "Allow", CANARY, "{", "[]"]),
)
values: Final[st.SearchStrategy[Any]] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
"""Any JSON."""

LIKE: Final = {
    "aws:applicationloadbalancing/listener:Listener": "aws:lb/listener:Listener",
    "aws:applicationloadbalancing/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
    "aws:elasticloadbalancingv2/listener:Listener": "aws:lb/listener:Listener",
    "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
    "pulumi:pulumi:Stack": "aws:ecs/cluster:Cluster",
    **{
        f"kubernetes:{kind}Patch": "kubernetes:apps/v1:DeploymentPatch"
        for kind in (
            "apps/v1:DaemonSet",
            "apps/v1:ReplicaSet",
            "apps/v1:StatefulSet",
            "batch/v1:CronJob",
            "batch/v1:Job",
            "core/v1:ReplicationController",
        )
    },
}
"""Types that no case is about, and one of the same properties that a case is about."""

Json = Any
Path = tuple[Any, ...]


@dataclass(frozen=True)
class Generated:
    """A resource, alone and in a stack."""

    kind: str
    properties: Mapping[str, Json]
    stack: Sequence[StackResource]
    name: str


@st.composite
def resources(draw: st.DrawFn, kind: str) -> Generated:
    """Draw a resource of a type, and a stack that holds it."""
    properties = draw(st.sampled_from(seeds(kind)))
    if draw(st.booleans()):
        properties = hidden(properties)
    for _ in range(draw(st.integers(0, 3))):
        properties = draw(_changed(properties))
    stack, index = draw(st.sampled_from(_stacks(kind)))
    refers = stack[index].refers if draw(st.booleans()) else {}
    held = replace(stack[index], type=kind, properties=properties, refers=refers)
    whole = [*stack[:index], held, *stack[index + 1 :]]
    whole += draw(st.sampled_from([[], [held], [StackResource("odd", "", {}, {"a": ["it", ""]})]]))
    return Generated(kind, properties, whole, draw(st.sampled_from(["it", "", "::", "\u202e$/*"])))


@st.composite
def _changed(draw: st.DrawFn, properties: Mapping[str, Json]) -> Mapping[str, Json]:
    """Draw properties that differ in one part."""
    path, value = draw(st.sampled_from([*places(properties)]))
    if path and path[-1] in NAMES:
        misnamed = draw(st.sampled_from([*UNKNOWN, *_MISNAMED]))
        named: Mapping[str, Json] = _replaced(properties, path, misnamed)
        return named
    if not path:
        extended: Mapping[str, Json] = draw(_extended(value))
        return extended
    new = draw(
        st.one_of(
            st.just(_ABSENT),
            st.sampled_from(UNKNOWN),
            st.just(secret(hidden(value, names=True))),
            st.sampled_from(_MISSHAPEN),
            values,
            st.sampled_from(_vocabulary().get(str(path[-1]), _MISSHAPEN)),
            _extended(value),
        )
    )
    if new is _ABSENT and path[-1] is INSIDE:
        new = None
    result: Mapping[str, Json] = _replaced(properties, path, new)
    return result


@st.composite
def _extended(draw: st.DrawFn, value: Json) -> Json:
    """Draw a value with something added: a property that other resources have, or an element."""
    words = _vocabulary()
    key = draw(st.sampled_from(sorted(words)))
    added = draw(st.sampled_from(words[key]))
    if isinstance(value, dict):
        return {**value, key: added}
    return [*value, added] if isinstance(value, list) else added


def hidden(value: Json, key: object = None, *, names: bool = False) -> Json:
    """Return a value in which all texts are confidential, but those that name something.

    Args:
        value: the value.
        key: what it stands under.
        names: whether what names something is confidential too.
    """
    if isinstance(value, Mapping):
        return {name: hidden(inner, name, names=names) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [hidden(inner, names=names) for inner in value]
    if not isinstance(value, str) or key == SIGNATURE or (key in NAMES and not names):
        return value
    inner = parsed(value)
    return CANARY if inner is None else json.dumps(hidden(inner, names=names))


def parsed(text: str) -> Json:
    """Return the object or list that a text holds as JSON; None if it holds none."""
    if not text.startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def places(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Yield each part of a value, by its path.

    Secrets, assets and archives are taken as a whole: the engine sends none that are half of one.
    """
    yield path, value
    if isinstance(value, Mapping) and SIGNATURE not in value:
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))
    elif isinstance(value, str) and (inner := parsed(value)) is not None:
        yield from places(inner, (*path, INSIDE))


def _replaced(value: Json, path: Path, new: Json) -> Json:
    if not path:
        return new
    key, *rest = path
    if key is INSIDE:
        return json.dumps(_replaced(parsed(value), tuple(rest), new))
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    if new is _ABSENT and not rest:
        del copy[key]
    else:
        copy[key] = _replaced(copy[key], tuple(rest), new)
    return copy


@cache
def seeds(kind: str) -> list[Mapping[str, Json]]:
    """Return the properties that resources of a type, or of one LIKE it, have in the cases."""
    like = LIKE.get(kind, kind)
    alone = [case.properties for case in CASES if case.kind == like]
    held = [member.properties for case in CASES for member in case.stack if member.type == like]
    # Texts of a megabyte are cases of their own, and too slow to be changed a hundred times.
    return [each for each in (*alone, *held) if len(str(each)) < 20_000] or [{}]


@cache
def _stacks(kind: str) -> list[tuple[Sequence[StackResource], int]]:
    """Return the cases' stacks with a place in each for a resource of a type."""
    stacks = [case.stack for case in CASES if case.stack]
    holding = [
        (stack, index)
        for stack in stacks
        for index, member in enumerate(stack)
        if member.type == kind
    ]
    return holding or [((StackResource(kind, "it", {}), *stack), 0) for stack in stacks[::10]]


@cache
def _vocabulary() -> dict[str, list[Json]]:
    """Return what stands under each key in the cases; the texts are confidential."""
    words: dict[str, dict[str, Json]] = {}
    kinds = {case.kind for case in CASES} | {each.type for case in CASES for each in case.stack}
    for kind in sorted(kinds):
        for properties in seeds(kind):
            for path, value in places(properties):
                if path and isinstance(path[-1], str) and path[-1] not in NAMES:
                    words.setdefault(path[-1], {}).setdefault(str(value), value)
    return {key: list(values.values())[:40] for key, values in words.items()}
