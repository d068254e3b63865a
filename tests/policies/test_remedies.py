"""What remediations make of resources, asked through the pack's own protocol."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.rule import Rule

from tests.policies.cases.case import Case, Verdict
from tests.policies.protocol import (
    PACK_FOLDER,
    REMEDIATE,
    UNKNOWN,
    Analyzer,
    RunningPack,
    secret,
)
from tests.policies.test_rules import CASES

BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
PARAMETERS: Mapping[str, Mapping[str, Any]] = {"iam-boundary": {"boundaries": [BOUNDARY]}}
REMEDIED = {rule.name for rule in RULES if isinstance(rule, Rule) and rule.remedy}

LEFT: Mapping[str, set[str]] = {
    "alb-hardening": {
        # The bucket is the owner's to name.
        "no logs",
        "logs off",
        "logs off by default",
        "logs nowhere",
        "malformed logs",
        "production's network load balancer",
    },
    "ecr-kms-hygiene": {"immutable with exceptions", "malformed"},
    "ecs-efs": {
        # It would mount another directory.
        "a directory without authorization",
        "malformed volumes",
        "a malformed volume",
        "a malformed configuration",
        "a malformed authorization",
    },
    "ecs-exec-guard": {
        # The key and the log group are the owner's to make.
        "no key",
        "an empty key",
        "no logs",
        "logs by chance",
        "logs by default",
        "logs nowhere",
        "a log group in clear",
        "a bucket in clear",
        "a bucket in clear beside a log group",
        "malformed",
        "malformed logs",
    },
}
"""What a remediation can't make right; everything else that fails complies afterwards."""


@pytest.fixture(scope="module")
def mending() -> Iterator[Analyzer]:
    """The pack with every rule that has a remediation at the level remediate."""
    with RunningPack(PACK_FOLDER) as running:
        running.analyzer.configure(
            {name: (REMEDIATE, PARAMETERS.get(name, {})) for name in REMEDIED}
        )
        yield running.analyzer


def _cases(verdict: Verdict | None = None) -> list[Case]:
    return [
        case
        for case in CASES
        if case.rule in REMEDIED and not case.stack and verdict in (None, case.verdict)
    ]


def _left(case: Case) -> bool:
    return case.title in LEFT.get(case.rule, ())


def test_these_rules_have_a_remediation() -> None:
    assert {
        "alb-hardening",
        "ecr-kms-hygiene",
        "ecs-efs",
        "ecs-exec-guard",
        "iam-boundary",
    } == REMEDIED


@pytest.mark.parametrize("case", [c for c in _cases(Verdict.FAIL) if not _left(c)], ids=str)
def test_what_fails_complies_after_its_remediation(mending: Analyzer, case: Case) -> None:
    remedied = mending.remediate(case.kind, case.properties)

    assert case.rule in remedied.rules
    assert not mending.analyze(case.kind, remedied.properties).violations(case.rule)


@pytest.mark.parametrize("case", [c for c in _cases(Verdict.FAIL) if _left(c)], ids=str)
def test_what_a_remediation_leaves_is_still_a_violation(mending: Analyzer, case: Case) -> None:
    remedied = mending.remediate(case.kind, case.properties)

    assert mending.analyze(case.kind, remedied.properties).violations(case.rule)


def test_the_list_of_what_is_left_names_nothing_else() -> None:
    failing = {(case.rule, case.title) for case in _cases(Verdict.FAIL)}
    assert {(rule, title) for rule, titles in LEFT.items() for title in titles} <= failing


@pytest.mark.parametrize(
    "case", [c for c in _cases(Verdict.PASS) if c.rule != "iam-boundary"], ids=str
)
def test_what_complies_is_not_touched(mending: Analyzer, case: Case) -> None:
    assert case.rule not in mending.remediate(case.kind, case.properties).rules


@pytest.mark.parametrize("case", _cases(Verdict.UNDECIDED), ids=str)
def test_what_is_not_known_yet_stays_unknown(mending: Analyzer, case: Case) -> None:
    remedied = mending.remediate(case.kind, case.properties)

    before, after = _leaves(case.properties), _leaves(remedied.properties)
    for path, value in before.items():
        if value == UNKNOWN:
            assert after[path] == UNKNOWN


@pytest.mark.parametrize("case", _cases(), ids=str)
def test_whatever_was_secret_is_secret_afterwards(mending: Analyzer, case: Case) -> None:
    hidden = {key: secret(value) for key, value in case.properties.items()}

    remedied = mending.remediate(case.kind, hidden)

    for key in hidden:
        value = remedied.properties[key]
        assert isinstance(value, dict)
        assert value.keys() == secret(None).keys()
    plain = mending.remediate(case.kind, case.properties)
    assert remedied.rules == plain.rules
    assert {k: v["value"] if k in hidden else v for k, v in remedied.properties.items()} == (
        plain.properties
    )


def test_a_secret_inside_of_what_is_changed_stays_secret(mending: Analyzer) -> None:
    volume = {"fileSystemId": secret("fs-1"), "transitEncryption": secret("DISABLED")}

    remedied = mending.remediate(
        "aws:ecs/taskDefinition:TaskDefinition",
        {"volumes": [{"name": "data", "efsVolumeConfiguration": volume}]},
    )

    assert remedied.properties["volumes"][0]["efsVolumeConfiguration"] == {
        "fileSystemId": secret("fs-1"),
        "transitEncryption": secret("ENABLED"),
        "authorizationConfig": {"iam": "ENABLED"},
    }


def test_no_boundary_is_set_while_several_are_accepted(configurable_pack: Analyzer) -> None:
    for accepted in ([BOUNDARY, f"{BOUNDARY}-2"], ["arn:aws:iam::*:policy/boundary"], []):
        configurable_pack.configure({"iam-boundary": (REMEDIATE, {"boundaries": accepted})})
        assert configurable_pack.remediate("aws:iam/role:Role", {"name": "web"}).rules == []


def test_nothing_is_changed_unless_the_level_says_so(pack: Analyzer) -> None:
    assert pack.remediate("aws:kms/key:Key", {"enableKeyRotation": False}).rules == []


def _leaves(value: Any, path: str = "") -> dict[str, Any]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {path: value}
    return {k: v for key, inner in items for k, v in _leaves(inner, f"{path}/{key}").items()}
