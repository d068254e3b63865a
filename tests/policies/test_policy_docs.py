"""docs/policies is what the pack's rules and their cases say today."""

import json
import re

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.rule import AnyRule, Parameter, Resource, Rule
from fargate_policies.core.sources import checkov, project
from fargate_policies.core.values import Findings
from pulumi_policy import Severity

from docs.policies import generate, peers
from tests.policies.cases.all import CASES
from tests.policies.cases.case import Case, Verdict
from tests.policies.protocol import UNKNOWN

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_the_pages_are_current() -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in generate.FOLDER.glob("*.md")}
    now = dict(generate.pages())
    stale = [name for name in {*written, *now} if written.get(name) != now.get(name)]
    assert sorted(stale) == [], "write them with `make policy-docs`"


@each_rule
def test_the_index_names_each_page_with_the_rules_level(rule: AnyRule) -> None:
    level = "mandatory" if rule.mandatory else "advisory"
    [row] = [
        line
        for line in generate.pages()["README.md"].splitlines()
        if line.startswith(f"| [{rule.name}]({rule.name}.md) |")
    ]
    assert f"| {rule.description} | {level} | {rule.severity.value} |" in row


@each_rule
def test_a_page_says_why_and_what_to_do_and_where_it_comes_from(rule: AnyRule) -> None:
    page = generate.page(rule)
    _, _, description, why, *_ = page.split("\n\n")
    assert description == rule.description
    assert len(why) > 20
    assert not why.startswith("- ")
    assert f"## Fix\n\n{rule.fix}\n" in page
    for source in rule.sources:
        assert f"- {source.framework}: " in page
        assert source.reference in page
    for name in rule.parameters:
        assert f"| `{name}` |" in page


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.can_be_exempted_from], ids=lambda rule: rule.name
)
def test_the_examples_fail_and_pass_and_show_something(rule: AnyRule) -> None:
    failing = generate.example(rule, Verdict.FAIL)
    passing = generate.example(rule, Verdict.PASS, like=failing)
    assert failing is not None
    assert passing is not None
    assert (failing.rule, failing.verdict) == (rule.name, Verdict.FAIL)
    assert (passing.rule, passing.verdict) == (rule.name, Verdict.PASS)
    assert all(case.stack or case.properties for case in (failing, passing) if case.kind)
    [first, second] = re.findall(r"^```json\n(.*?)^```$", generate.page(rule), re.M | re.S)
    assert json.loads(first) != json.loads(second) or failing.kind != passing.kind


def test_no_page_shows_what_stands_for_an_unknown() -> None:
    assert [name for name, text in generate.pages().items() if UNKNOWN in text] == []


def test_every_title_that_is_chosen_is_a_case_of_its_rule() -> None:
    assert {name for name, _ in generate.TELLING} <= {rule.name for rule in RULES}
    for (name, verdict), title in generate.TELLING.items():
        [rule] = [rule for rule in RULES if rule.name == name]
        like = generate.example(rule, Verdict.FAIL) if verdict is Verdict.PASS else None
        chosen = generate.example(rule, verdict, like)
        assert chosen is not None
        assert chosen.title == title


@pytest.mark.parametrize(
    "finding",
    [each for found in peers.FOUND.values() for each in found],
    ids=lambda each: each.what,
)
def test_a_case_shows_what_the_pack_finds_as_its_peers_do(finding: peers.Finding) -> None:
    assert finding.rule in {rule.name for rule in RULES}
    assert [
        case
        for case in CASES
        if (case.rule, case.title, case.verdict) == (finding.rule, finding.case, Verdict.FAIL)
    ]


def test_whatever_rule_is_named_beside_its_peers_exists() -> None:
    named = re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", generate.pages()["peers.md"])
    assert set(named) <= {rule.name for rule in RULES}
    assert "ecs-nonroot" in named


def test_a_control_that_a_rule_cites_is_left_out_only_where_a_parameter_demands_it() -> None:
    left_out = re.findall(r"[A-Z][A-Za-z0-9_]+[.]?[0-9]+", " ".join(e.ids for e in peers.LEFT_OUT))
    cited = {source.reference for rule in RULES for source in rule.sources}

    by_parameters = {"CKV_AWS_158", "CKV_AWS_378", "EC2.55", "EC2.56", "ELB.21", "ELB.22"}
    assert cited & set(left_out) == by_parameters


def test_a_page_is_made_of_what_the_rule_says(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_: Resource) -> Findings:
        yield from ()

    rule = Rule(
        name="a-rule",
        description="All is well.",
        fix="Mend it.",
        severity=Severity.LOW,
        mandatory=False,
        sources=(*checkov("CKV_1"), *project("a decision")),
        parameters={"also": Parameter("what else", ("a", "b")), "strict": Parameter("all", False)},  # noqa: FBT003 - a default
        types=("a:b:C",),
        check=check,
    )
    cases = [
        Case("a-rule", Verdict.FAIL, "absent", "a:b:C"),
        Case("a-rule", Verdict.FAIL, "wrong", "a:b:C", {"document": '{"a": 1}', "id": UNKNOWN}),
        Case("a-rule", Verdict.PASS, "another type", "a:b:D", {"a": 1}),
        Case("a-rule", Verdict.PASS, "right", "a:b:C", {"document": "{"}),
    ]
    monkeypatch.setattr(generate, "CASES", cases)
    monkeypatch.setattr(generate, "_module", lambda _: __name__)

    page = generate.page(rule)

    assert "\n\nDocs/policies is what the pack's rules and their cases say today.\n\n" in page
    assert "- Level: advisory\n- Severity: low\n- Judges: each resource\n- Types: `a:b:C`\n" in page
    assert "- Checkov: [CKV_1](https://www.checkov.io" in page
    assert "- Fargate policy pack: a decision\n" in page
    assert '| `also` | list of texts | `["a", "b"]` | what else |' in page
    assert "| `strict` | true or false | `false` | all |" in page
    assert '"document": {\n    "a": 1\n  },\n  "id": "(known after the deployment)"' in page
    assert (
        '## A passing example\n\nRight (inputs of `a:b:C`):\n\n```json\n{\n  "document": "{"'
        in page
    )
