"""Cases: a resource or a stack, the rule it is about, and what the rule must say."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.policies.protocol import UNKNOWN, StackResource


class Verdict(Enum):
    """What a rule says."""

    PASS = "passes"  # noqa: S105 - a verdict
    FAIL = "fails"
    UNDECIDED = "is undecided"


@dataclass(frozen=True)
class Case:
    """One resource (a rule about resources) or several (a rule about stacks)."""

    rule: str
    verdict: Verdict
    title: str
    kind: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    stack: Sequence[StackResource] = ()

    def __str__(self) -> str:
        return f"{self.rule} {self.verdict.value}: {self.title}"


class About:
    """Collects the cases of one rule about resources."""

    def __init__(self, rule: str, kind: str) -> None:
        self.rule, self.kind = rule, kind
        self.cases: list[Case] = []

    def add(self, verdict: Verdict, given: Mapping[str, Any], kind: str | None = None) -> "About":
        """Add cases by title; a mapping is a resource's properties."""
        for title, properties in given.items():
            self.cases.append(Case(self.rule, verdict, title, kind or self.kind, properties))
        return self

    def passes(self, given: Mapping[str, Any], kind: str | None = None) -> "About":
        return self.add(Verdict.PASS, given, kind)

    def fails(self, given: Mapping[str, Any], kind: str | None = None) -> "About":
        return self.add(Verdict.FAIL, given, kind)

    def undecided(self, given: Mapping[str, Any], kind: str | None = None) -> "About":
        return self.add(Verdict.UNDECIDED, given, kind)


Json = Any
Refers = Mapping[str, Sequence[str]]


def one(
    kind: str,
    name: str,
    /,
    refers: Refers | None = None,
    computed: Sequence[str] = (),
    **properties: Json,
) -> StackResource:
    """Return a resource of a stack; `computed` names what a preview leaves for AWS to choose."""
    for key in computed:
        properties.setdefault(key, UNKNOWN)
    return StackResource(kind, name, properties, refers or {}, computed)


class AboutStack:
    """Collects the cases of one rule about stacks."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.cases: list[Case] = []

    def _add(self, verdict: Verdict, given: Mapping[str, Sequence[StackResource]]) -> "AboutStack":
        for title, stack in given.items():
            self.cases.append(Case(self.rule, verdict, title, stack=stack))
        return self

    def passes(self, given: Mapping[str, Sequence[StackResource]]) -> "AboutStack":
        return self._add(Verdict.PASS, given)

    def fails(self, given: Mapping[str, Sequence[StackResource]]) -> "AboutStack":
        return self._add(Verdict.FAIL, given)

    def undecided(self, given: Mapping[str, Sequence[StackResource]]) -> "AboutStack":
        return self._add(Verdict.UNDECIDED, given)


def document(*statements: Mapping[str, Any], **more: object) -> str:
    """Return an IAM document as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def allow(
    action: object, resource: object = "arn:aws:sqs:eu-west-1:111122223333:orders", **more: object
) -> dict[str, Any]:
    """Return a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


BROKEN = {
    "text that isn't JSON": "{",
    "a list": "[]",
    "no statement": '{"Version": "2012-10-17"}',
    "statements as a text": '{"Statement": "Allow"}',
    "a statement as a text": '{"Statement": ["Allow"]}',
    "no effect": document({"Action": "sqs:SendMessage", "Resource": "*"}),
    "an effect in lower case": document({"Effect": "allow", "Action": "*", "Resource": "*"}),
    "an element in lower case": document({"Effect": "Allow", "action": "*", "resource": "*"}),
    "a kind of principal in lower case": document(
        allow("sqs:SendMessage", Principal={"service": "sns.amazonaws.com"})
    ),
    "a number as action": document(allow(1)),
    "a number as principal": document(allow("sqs:SendMessage", Principal=1)),
    "a number among principals": document(allow("sqs:SendMessage", Principal={"AWS": [1]})),
    "a number among actions": document(allow(["sqs:SendMessage", 1])),
    "an object as resource": document(allow("sqs:SendMessage", {"a": "b"})),
    "a list as condition": document(allow("sqs:SendMessage", Condition=["a"])),
    "a text under an operator": document(allow("sqs:SendMessage", Condition={"Bool": "true"})),
    "an object as condition value": document(
        allow("sqs:SendMessage", Condition={"Bool": {"a": {}}})
    ),
    "an object among condition values": document(
        allow("sqs:SendMessage", Condition={"Bool": {"a": ["true", {}]}})
    ),
    "a list as principal": document(allow("sqs:SendMessage", Principal=["*"])),
    "an effect that is there twice": (
        '{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}}'
    ),
    "a document that is too deep": '{"Statement": ' * 100_000,
    "an endless number": '{"Statement": ' + "1" * 5_000 + "}",
    "Infinity": '{"Statement": Infinity}',
}
