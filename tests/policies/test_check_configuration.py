"""The pack without an engine and its configuration: all holds there as it does under the engine."""

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree as ET

import pytest
from check.cli import main
from check.configuration import configured
from check.engine_output import read
from check.errors import InputError
from check.evaluation import EXEMPT, Finding, Level, evaluate
from fargate_policies.catalogue import RULES
from fargate_policies.core.configuration import problems
from fargate_policies.core.exemptions import KEY
from fargate_policies.core.rule import StackRule
from google.protobuf import json_format

from tests.policies.cases.all import CASES
from tests.policies.cases.case import Case
from tests.policies.printed import export, of_case, preview, state
from tests.policies.protocol import (
    ADVISORY,
    MANDATORY,
    PACK_FOLDER,
    UNKNOWN,
    Analyzer,
    Findings,
    StackResource,
)
from tests.policies.test_configuration import (
    FAR_OFF,
    LEVELS,
    LONG_AGO,
    PRESETS,
    PUBLIC,
    ROOT_STACK,
    SERVICE,
    exemption,
)

ROOT = state("pulumi:pulumi:Stack", "fargate-dev", {}, custom=False)
OPEN = (ROOT, state(SERVICE, "legacy-web", PUBLIC), state(SERVICE, "web", PUBLIC))
BY_NAME = {rule.name: rule for rule in RULES}
OF_STACKS = {rule.name for rule in RULES if isinstance(rule, StackRule)}
OWN = {
    "all": "advisory",
    "environments": ["a/b"],
    "ecs-readonly-root": "remediate",
    "ecs-image-source": {"enforcementLevel": "mandatory", "registries": ["*.example.com"]},
    "iam-no-admin": "disabled",
    "logs-retention": {"requireKms": True, "days": 365.0},
    "ecs-exec-guard": {"productionStacks": ["DEV"]},
    "ecs-no-public-ip": {"enforcementLevel": "mandatory", KEY: [exemption("it")]},
    "vpc-hygiene": {KEY: [exemption("*")]},
    "queue-safe": {KEY: [exemption("*", LONG_AGO), exemption("o*")]},
}
"""A configuration of each kind of thing that may be configured."""
CONFIGURATIONS = {file.stem: file.read_text(encoding="utf-8") for file in PRESETS} | {
    "own": json.dumps(OWN)
}

Document = Mapping[str, Any]


class Run(Protocol):
    """Checks a stack with a configuration; returns the exit code and what was said."""

    def __call__(self, document: object, form: str = "text") -> tuple[int, str, str]: ...


def configure(pack: Analyzer, document: Document) -> None:
    """Configure the pack as the engine does: defaults, then `all`, then what is named."""
    policies = {policy.name: policy for policy in pack.info().policies}
    named = {
        name: value if isinstance(value, dict) else {"enforcementLevel": value}
        for name, value in document.items()
        if name not in {"all", "environments"}
    }
    rules = {}
    for name, policy in policies.items():
        schemas = json_format.MessageToDict(policy.configSchema.properties)
        parameters = {key: each["default"] for key, each in schemas.items() if "default" in each}
        given = dict(named.get(name, {}))
        level = given.pop("enforcementLevel", document.get("all"))
        rules[name] = (LEVELS[level] if level else policy.enforcementLevel, parameters | given)
    pack.configure(rules)


def judged(pack: Analyzer, case: Case) -> Findings:
    return (
        pack.analyze_stack(case.stack) if case.stack else pack.analyze(case.kind, case.properties)
    )


Said = tuple[str, str, str, str]


def live(found: Findings, case: Case) -> list[Said]:
    """Return what the pack says, notes cut down to the properties that they name."""
    said: list[Said] = []
    for each in found.all:
        _, undecided, note = each.message.partition(" during preview: ")
        if undecided:
            what = note.removesuffix(" can't be known during preview")
            said.append((each.policyName, Level.UNDECIDED.value, "", what))
        else:
            level = {MANDATORY: "mandatory", ADVISORY: "advisory"}[each.enforcementLevel]
            urn = each.urn if case.stack else ""
            said.append((each.policyName, level, urn, each.message.partition("\n")[2]))
    return sorted(said)


def printed(found: list[Finding], case: Case) -> list[Said]:
    """Return the same of findings without an engine, which judges of both kinds at once."""
    said: list[Said] = []
    for each in found:
        if each.exemption or (each.rule.name in OF_STACKS) != bool(case.stack):
            continue
        undecided = each.level is Level.UNDECIDED
        message = each.message.removesuffix(" can't be known from this preview")
        urn = each.urn if case.stack and not undecided else ""
        said.append((each.rule.name, each.level.value, urn, message))
    return sorted(said)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_any_case_is_judged_as_the_configured_pack_judges_it(
    configurable_pack: Analyzer, name: str
) -> None:
    text = CONFIGURATIONS[name]
    configure(configurable_pack, json.loads(text))
    configuration = configured(RULES, text)

    differing = [
        str(case)
        for case in CASES
        if printed(evaluate(RULES, read(preview(*of_case(case))), configuration), case)
        != live(judged(configurable_pack, case), case)
    ]

    assert differing == []


def test_exemptions_are_shown_and_expire_as_under_the_engine(configurable_pack: Analyzer) -> None:
    document = {
        "ecs-no-public-ip": {KEY: [exemption("legacy-*"), exemption("web", LONG_AGO)]},
        "exemptions-expired": "advisory",
    }
    configure(configurable_pack, document)
    stack = [ROOT_STACK, *(StackResource(SERVICE, name, PUBLIC) for name in ("legacy-web", "web"))]
    case = Case("exemptions", stack=stack, verdict=CASES[0].verdict, title="")
    told = {"exemptions", "exemptions-expired"}

    found = evaluate(RULES, read(export(*OPEN)), configured(RULES, json.dumps(document)))

    of_the_pack = [each for each in live(judged(configurable_pack, case), case) if each[0] in told]
    assert len(of_the_pack) == 2
    ours = [each for each in printed(found, case) if each[0] in told]
    # The engine names the stack where a violation names nothing.
    assert [(*each[:2], *each[3:]) for each in ours] == [
        (*each[:2], *each[3:]) for each in of_the_pack
    ]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Check the open services with a configuration; return the exit code and what was said."""

    def checked(document: object, form: str = "text") -> tuple[int, str, str]:
        stack, config = tmp_path / "stack.json", tmp_path / "config.json"
        stack.write_text(export(*OPEN), encoding="utf-8")
        text = document if isinstance(document, str) else json.dumps(document)
        config.write_text(text, encoding="utf-8")
        code = main([str(stack), "--policy-pack-config", str(config), "--format", form])
        said = capsys.readouterr()
        return code, said.out, said.err

    return checked


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", 1),
        ("{}", 1),
        ({"all": "advisory"}, 0),
        ({"all": "advisory", "ecs-no-public-ip": "mandatory"}, 1),
        ({"all": "advisory", "ecs-no-public-ip": "remediate"}, 1),
        ({"all": "disabled"}, 0),
        ({"all": "advisory", "ecs-no-public-ip": {"enforcementLevel": "mandatory"}}, 1),
        (
            {
                "all": "advisory",
                "ecs-no-public-ip": {"enforcementLevel": "mandatory", KEY: [exemption("*")]},
            },
            0,
        ),
        ({"all": "advisory", "exemptions-expired": "mandatory"}, 0),
        (
            {
                "all": "advisory",
                "exemptions-expired": "mandatory",
                "ecs-awsvpc": {KEY: [exemption("none", LONG_AGO)]},
            },
            1,
        ),
        ({"ecs-no-public-ap": "advisory"}, 2),
    ],
)
def test_the_configuration_decides_the_exit_code(run: Run, document: object, code: int) -> None:
    assert run(document)[0] == code


def test_what_is_disabled_is_neither_judged_nor_counted(run: Run) -> None:
    code, said, _ = run({"all": "disabled", "ecs-no-public-ip": "advisory"})
    assert code == 0
    assert said.endswith("\n1 rules: 0 mandatory, 2 advisory, 0 undecided, 0 exempt.\n")


def test_what_the_engine_alone_reads_of_a_configuration_is_no_rule(run: Run) -> None:
    code, _, error = run({"all": "advisory", "environments": ["team/base"]})
    assert (code, error) == (0, "")


def test_what_is_disabled_is_named_in_each_form(run: Run) -> None:
    off = {"all": "advisory", "ecs-platform": "disabled", "alb-waf": "disabled"}
    names = ["ecs-platform", "alb-waf"]
    assert "\nDisabled: ecs-platform, alb-waf.\n\n" in run(off)[1]
    assert "Disabled" not in run({"all": "advisory"})[1]
    document = json.loads(run(off, "json")[1])
    assert (document["disabled"], document["rules"]) == (names, len(RULES) - 2)
    [sarif] = json.loads(run(off, "sarif")[1])["runs"]
    [invocation] = sarif["invocations"]
    assert invocation["executionSuccessful"] is True
    for name, override in zip(names, invocation["ruleConfigurationOverrides"], strict=True):
        assert override["configuration"] == {"enabled": False}
        assert override["descriptor"]["id"] == name
        assert sarif["tool"]["driver"]["rules"][override["descriptor"]["index"]]["id"] == name
    assert len(sarif["tool"]["driver"]["rules"]) == len(RULES)
    suite = ET.fromstring(run(off, "junit")[1])[0]  # noqa: S314 - our own text
    skipped = {
        test.attrib["classname"]: test.attrib["name"]
        for test in suite
        if (skip := test.find("skipped")) is not None
        and skip.attrib["message"] == "disabled by the configuration"
    }
    assert skipped == {rule.name: rule.description for rule in RULES if rule.name in names}


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit"])
def test_what_is_exempt_is_listed_with_reason_and_last_day(run: Run, form: str) -> None:
    shown = run({"ecs-no-public-ip": {KEY: [exemption("legacy-*")]}}, form)[1]
    assert shown.count("moves in spring") == 2, "by the rule about exemptions, and where it frees"
    assert FAR_OFF in shown


def test_what_is_exempt_is_judged_by_the_rules_own_parameters() -> None:
    containers = json.dumps([{"name": "web", "image": "quay.io/web:1"}])
    task = state("aws:ecs/taskDefinition:TaskDefinition", "t", {"containerDefinitions": containers})
    for registries, exempt in ((["quay.io"], 0), (["ghcr.io"], 1)):
        given = {"registries": registries, KEY: [exemption("t")]}
        configuration = configured(RULES, json.dumps({"ecs-image-source": given}))
        found = evaluate(RULES, read(export(task)), configuration)
        of_rule = [each for each in found if each.rule.name == "ecs-image-source"]
        assert [each.kind for each in of_rule] == [EXEMPT] * exempt


def test_only_what_would_be_found_is_exempt() -> None:
    def exempt(*states: Any) -> list[Finding]:  # noqa: ANN401 - any JSON
        text = json.dumps({"ecs-no-public-ip": {KEY: [exemption("legacy-*")]}})
        found = evaluate(RULES, read(export(*states)), configured(RULES, text))
        return [each for each in found if each.kind == EXEMPT]

    [finding] = exempt(*OPEN)
    assert finding.resource == f"{SERVICE} legacy-web"
    assert finding.rule is BY_NAME["ecs-no-public-ip"]
    assert exempt(ROOT, state(SERVICE, "legacy-web", {"launchType": "FARGATE"})) == []


def test_what_a_rule_says_of_no_resource_is_not_exempt_by_the_stacks_name() -> None:
    service = state(SERVICE, "web", {"networkConfiguration": UNKNOWN, "launchType": "FARGATE"})

    def kinds(resource: str) -> set[str]:
        text = json.dumps({"all": "disabled", "tasks-private": {
            "enforcementLevel": "mandatory", KEY: [exemption(resource)]
        }})  # fmt: skip
        found = evaluate(RULES, read(preview(ROOT, service)), configured(RULES, text))
        return {each.kind for each in found}

    assert kinds("none") == {"undecided"}
    assert kinds("fargate-dev") == {"undecided"}
    assert kinds("*") == {"exempt"}


def test_production_is_told_by_the_stacks_name_in_what_was_printed() -> None:
    everywhere = {"all": "disabled", "ecs-exec-guard": "mandatory"}
    entered = export(state(SERVICE, "web", {"enableExecuteCommand": True}))

    def found(text: str) -> list[Finding]:
        return evaluate(RULES, read(text), configured(RULES, json.dumps(everywhere)))

    assert found(entered) == []
    assert found(entered.replace("urn:pulumi:dev::", "urn:pulumi:prod::"))


@pytest.mark.parametrize(
    "given",
    [
        {"ecs-image-sauce": {}},
        {"all": {"registries": []}},
        {"ecs-image-source": {"registries": "a"}},
        {"ecs-awsvpc": {"mode": []}, "tg-ip": {"requireTls": "yes", "tls": True}},
        {"logs-retention": {"days": 31}},
        {"ecs-awsvpc": {KEY: [exemption(), {}]}},
        {"exemptions": {KEY: [exemption()]}},
    ],
    ids=str,
)
def test_a_wrong_configuration_is_refused_in_the_packs_own_words(
    run: Run,
    given: Any,  # noqa: ANN401 - any JSON
) -> None:
    said = problems(RULES, given)
    assert said
    assert run(given) == (2, "", f"error: The configuration is wrong: {'; '.join(said)}.\n")


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"ecs-awsvpc": "warning"}, "ecs-awsvpc: must be a level or an object"),
        ({"ecs-awsvpc": ["mandatory"]}, "levels: advisory, mandatory, remediate, disabled"),
        ({"ecs-awsvpc": None}, "ecs-awsvpc: must be a level"),
        ({"ecs-awsvpc": {"enforcementLevel": 1}}, "ecs-awsvpc: must be a level"),
        ({"all": {"enforcementLevel": "none"}}, "all: must be a level"),
        ({"nowhere": "none", "tg-ip": 1}, "nowhere: must be a level"),
        ({"nowhere": "none", "tg-ip": 1}, "nowhere: there is no such rule"),
        ("[]", "not an object of rules"),
        ("{'a': 1}", "not one JSON document (line 1"),
        ("[" * 200_000, "too deep"),
        ("1" * 5_000, "a number too long"),
        ({"a\x1b[31m\n": "mandatory"}, "a\ufffd[31m\ufffd: there is no such rule"),
    ],
    ids=range(12),
)
def test_what_is_no_configuration_gets_one_message(run: Run, document: object, says: str) -> None:
    code, shown, said = run(document)
    assert (code, shown) == (2, "")
    assert says in said
    assert said.startswith("error: The configuration ")
    assert said.count("\n") == 1


def test_everything_that_is_wrong_with_it_is_said_at_once() -> None:
    with pytest.raises(InputError) as refused:
        configured(RULES, json.dumps({"tg-ip": 1, "nowhere": {}, "ecs-awsvpc": {"mode": []}}))
    for name in ("tg-ip", "nowhere", "ecs-awsvpc"):
        assert f"{name}: " in str(refused.value)


def test_a_configuration_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(export(*OPEN).encode())))
    missing = tmp_path / "none.json"
    assert main(["-", "--policy-pack-config", str(missing)]) == 2
    assert f"{missing} can't be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("preset", ["dev", "prod", "audit"])
def test_it_takes_the_presets(tmp_path: Path, preset: str) -> None:
    stack = tmp_path / "stack.json"
    stack.write_text(export(*OPEN), encoding="utf-8")
    config = PACK_FOLDER / "config" / f"{preset}.json"
    assert main([str(stack), "--policy-pack-config", str(config)]) == (preset != "audit")
