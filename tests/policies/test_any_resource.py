"""Whatever a resource of whatever type looks like, each of the pack's calls answers, and repeats
nothing confidential.

A type that the pack or its cases know has a hundred resources, and three more for each case.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core import adapter
from fargate_policies.core.rule import AnyRule, Change
from fargate_policies.core.server import Servicer
from hypothesis import HealthCheck, given, settings

from tests.policies.cases.all import CASES
from tests.policies.protocol import REMEDIATE, Analyzer, direct, secret
from tests.policies.variation import CANARY, LIKE, UNKNOWN, Generated, resources, seeds

LEAST = 10_000
"""Resources in all; each is judged alone, judged in a stack, and remedied."""
HELD = [member for case in CASES for member in case.stack]
TYPES = sorted(
    {kind for rule in RULES for kind in rule.types}
    | {case.kind for case in CASES if case.kind}
    | {member.type for member in HELD}
)


def how_many(kind: str) -> int:
    """Return how many resources of a type are made."""
    return 100 + 3 * len(seeds(kind))


def exactly(examples: int) -> settings:
    """Return what makes Hypothesis try the same examples in each run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def remedying() -> Analyzer:
    """The pack, in this process, where each rule demands all that it can, and corrects."""
    one = direct(Servicer("test", RULES))
    one.configure({rule.name: (REMEDIATE, strictest(rule)) for rule in RULES})
    return one


@pytest.fixture(scope="module")
def unwritten() -> Iterator[list[Change]]:
    """What remedies ask to be changed and isn't there; the pack itself passes over it."""
    found: list[Change] = []
    write = adapter._write

    def watched(properties: Any, change: Change) -> None:  # noqa: ANN401 - the SDK's proxy
        try:
            write(properties, change)
        except Exception:
            found.append(change)
            raise

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(adapter, "_write", watched)
        yield found


def strictest(rule: AnyRule) -> dict[str, Any]:
    """Return what makes a rule run all of its checks: flags on, and the stack is production's."""
    flags = {key: True for key, each in rule.parameters.items() if each.default is False}
    return flags | ({"productionStacks": ["*"]} if "productionStacks" in rule.parameters else {})


def test_there_are_at_least_ten_thousand_of_them_and_every_rules_types_among_them() -> None:
    judged = {kind for rule in RULES for kind in rule.types}
    assert judged <= set(TYPES)
    assert [kind for kind in judged if not any(seeds(kind))] == [], "types without properties"
    assert sum(map(how_many, TYPES)) >= LEAST


def test_no_type_borrows_properties_that_has_its_own() -> None:
    assert not LIKE.keys() & ({case.kind for case in CASES} | {each.type for each in HELD})


@pytest.mark.parametrize("kind", TYPES)
def test_any_resource_is_answered_and_nothing_confidential_repeated(
    remedying: Analyzer, unwritten: list[Change], kind: str
) -> None:
    seen = 0

    @exactly(how_many(kind))
    @given(resource=resources(kind))
    def ask(resource: Generated) -> None:
        nonlocal seen
        seen += 1
        alone = (resource.kind, resource.properties, resource.name)
        remedied = remedying.remediate(*alone)
        said = [
            remedying.analyze(*alone).messages(),
            remedying.analyze_stack(resource.stack).messages(),
            *remedied.diagnostics,
        ]
        assert not [text for text in said if "please report this" in text]
        assert not [text for text in said if CANARY in text]
        assert not [text for text in said for unknown in UNKNOWN if unknown in text]
        assert laid_open(remedied.properties) <= laid_open(resource.properties)
        assert not unwritten

    ask()
    assert seen >= how_many(kind)


def laid_open(properties: Mapping[str, Any]) -> int:
    """Return how often something confidential stands outside of secrets."""
    return json.dumps(_without_secrets(properties)).count(CANARY)


def _without_secrets(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        if value.keys() == secret(None).keys():
            return None
        return {key: _without_secrets(inner) for key, inner in value.items()}
    return [_without_secrets(inner) for inner in value] if isinstance(value, list) else value
