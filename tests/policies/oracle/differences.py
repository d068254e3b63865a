"""Where the two searches differ, and what each difference comes from.

A cause is tried, not told: if both searches agree about a policy as soon as its conditions are
left out, it is the conditions that they differ over. A difference without a cause is an error, so
that no other release of cloudsplaining or of AWS's policies brings one that nobody has looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, Final

from tests.policies.oracle.published import Document, Policy
from tests.policies.oracle.tools import OUR_WAYS, THEIR_WAYS, Way, ours, theirs

Search = Callable[[Document], frozenset[Way]]
Statement = Mapping[str, Any]
NOT_KNOWN: Final = "unknown way"
"""The cause where the other search has no such way at all."""


class UnexplainedError(Exception):
    """The searches differ, and no known cause explains it."""


@dataclass(frozen=True)
class Difference:
    """A way that one of the searches finds in a policy and the other one doesn't.

    Attributes:
        policy: the policy's name.
        by_pack: whether it is the pack that finds it.
        way: the way.
        causes: what they differ over, all together: some of CAUSES, or NOT_KNOWN alone.
    """

    policy: str
    by_pack: bool
    way: Way
    causes: tuple[str, ...]


def differences(policy: Policy) -> Iterator[Difference]:
    """Yield the ways that only one of the searches finds.

    Raises:
        UnexplainedError: if a difference has no cause.
    """

    def pack(document: Document) -> frozenset[Way]:
        return ours(document, policy.name)

    yield from _differences(policy, pack, theirs, THEIR_WAYS.values(), by_pack=True)
    yield from _differences(policy, theirs, pack, OUR_WAYS, by_pack=False)


def alike(one: Way, other: Way) -> bool:
    """Whether two ways are the same, apart from what one of them asks for besides."""
    return one <= other or other <= one


def _differences(
    policy: Policy, one: Search, other: Search, ways: Iterable[Way], *, by_pack: bool
) -> Iterator[Difference]:
    """Yield what the first search finds and the second one, which knows `ways`, doesn't."""
    for way in sorted(one(policy.document), key=sorted):
        if any(alike(way, each) for each in other(policy.document)):
            continue
        same = [each for each in ways if alike(way, each)]
        causes = _causes(policy.document, way, same, other)
        if not same and by_pack:
            causes = (NOT_KNOWN,)
        if not causes:
            finder = "the pack" if by_pack else "cloudsplaining"
            raise UnexplainedError(
                f"{policy.name}: only {finder} finds {' + '.join(sorted(way))}, and nothing in"
                " tests/policies/oracle/differences.py explains it"
            )
        yield Difference(policy.name, by_pack, way, causes)


def _causes(document: Document, way: Way, same: list[Way], search: Search) -> tuple[str, ...]:
    """Return the fewest causes without which a search finds one of the same ways."""
    some = chain.from_iterable(combinations(CAUSES, count) for count in range(1, len(CAUSES) + 1))
    for causes in some:
        for each in same:
            changed = _statements(document)
            for cause in causes:
                changed = CAUSES[cause](changed, each - way)
            if each in search({"Statement": changed}):
                return causes
    return ()


def _statements(document: Document) -> list[Statement]:
    body = document["Statement"]
    return body if isinstance(body, list) else [body]


def _without_conditions(statements: list[Statement], _: Way) -> list[Statement]:
    return [_allowing(each, left_out=("Condition",)) for each in statements]


def _on_everything(statements: list[Statement], _: Way) -> list[Statement]:
    return [_allowing(each, left_out=("NotResource",), Resource="*") for each in statements]


def _without_denials(statements: list[Statement], _: Way) -> list[Statement]:
    return [each for each in statements if each["Effect"] == "Allow"]


def _with_actions(statements: list[Statement], missing: Way) -> list[Statement]:
    added = {"Effect": "Allow", "Action": sorted(missing), "Resource": "*"}
    return [*statements, added] if missing else statements


def _allowing(statement: Statement, left_out: tuple[str, ...], **changes: str) -> Statement:
    """Return a statement with changes if it allows something."""
    if statement["Effect"] != "Allow":
        return statement
    kept = {key: value for key, value in statement.items() if key not in left_out}
    return {**kept, **changes}


CAUSES: Final[Mapping[str, Callable[[list[Statement], Way], list[Statement]]]] = {
    "condition": _without_conditions,
    "resource": _on_everything,
    "denial": _without_denials,
    "more actions": _with_actions,
}
"""What the searches can differ over, with the change of a policy that settles it.

The changes take statements, and the actions that the other search asks for besides.
"""
