"""What a configuration may say, and what becomes of a wrong one: it is refused as a whole."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import grpc
import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.configuration import problems, settings
from fargate_policies.core.exemptions import KEY, Exemption
from fargate_policies.core.rule import AnyRule
from fargate_policies.core.server import Servicer
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.policies.cases.routes import VPC
from tests.policies.protocol import (
    ADVISORY,
    DISABLED,
    MANDATORY,
    PACK_FOLDER,
    REMEDIATE,
    Analyzer,
    StackResource,
    direct,
    urn,
)
from tests.policies.test_any_input import quick
from tests.policies.variation import values

SERVICE = "aws:ecs/service:Service"
PUBLIC = {"networkConfiguration": {"assignPublicIp": True}}
ROOT_STACK = StackResource("pulumi:pulumi:Stack", "fargate-dev", {})
LONG_AGO, FAR_OFF = "2000-01-31", "9999-12-31"
LEVELS = {
    "advisory": ADVISORY,
    "mandatory": MANDATORY,
    "remediate": REMEDIATE,
    "disabled": DISABLED,
}
PRESETS = sorted((PACK_FOLDER / "config").glob("*.json"))


def exemption(resource: object = "legacy-*", expires: object = FAR_OFF, **more: object) -> Any:  # noqa: ANN401 - any JSON
    return {"resource": resource, "reason": "moves in spring", "expires": expires, **more}


def without(key: str) -> Any:  # noqa: ANN401 - any JSON
    return {k: v for k, v in exemption().items() if k != key}


def exempt(pack: Analyzer, *exemptions: object, rule: str = "ecs-no-public-ip") -> None:
    pack.configure({rule: (MANDATORY, {KEY: list(exemptions)})})


def is_public(pack: Analyzer, name: str) -> bool:
    return bool(pack.analyze(SERVICE, PUBLIC, name).violations("ecs-no-public-ip"))


@pytest.mark.parametrize(
    ("rule", "parameters", "says"),
    [
        ("ecs-image-sauce", {}, "ecs-image-sauce: there is no such rule; did you mean ecs-image-s"),
        ("x", {}, "x: there is no such rule"),
        ("all", {"registries": []}, "all: takes a level only"),
        ("ecs-image-source", {"registries": "a"}, "registries must be of type array"),
        ("ecs-image-source", {"registries": [1]}, "registries must be of type array"),
        ("ecs-image-source", {"registry": []}, "has no parameter registry; its parameters: regist"),
        ("ecs-awsvpc", {"mode": []}, "ecs-awsvpc: has no parameter mode; its parameters: none"),
        ("tg-ip", {"requireTls": "yes"}, "requireTls must be of type boolean"),
        ("logs-retention", {"days": 31}, "days must be one of 1, 3, 5"),
        ("logs-retention", {"days": True}, "days must be one of 1, 3, 5"),
        ("ecs-awsvpc", {KEY: {}}, "exemptions must be a list"),
        ("ecs-awsvpc", {KEY: ["web"]}, "exemptions[0] must be an object"),
        ("ecs-awsvpc", {KEY: [exemption(), {}]}, "exemptions[1].reason is missing"),
        ("ecs-awsvpc", {KEY: [without("resource")]}, "exemptions[0].resource is missing"),
        ("ecs-awsvpc", {KEY: [without("reason")]}, "exemptions[0].reason is missing"),
        ("ecs-awsvpc", {KEY: [without("expires")]}, "exemptions[0].expires is missing"),
        ("ecs-awsvpc", {KEY: [exemption(reason=" ")]}, ".reason must be a text that isn't empty"),
        ("ecs-awsvpc", {KEY: [exemption("")]}, ".resource must be a text that isn't empty"),
        ("ecs-awsvpc", {KEY: [exemption(expires="2026-02-30")]}, "must be a day as 2026-12-31"),
        ("ecs-awsvpc", {KEY: [exemption(expires="31.12.2026")]}, "must be a day as 2026-12-31"),
        ("ecs-awsvpc", {KEY: [exemption(expires="20261231")]}, "must be a day as 2026-12-31"),
        ("ecs-awsvpc", {KEY: [exemption(expires=20261231)]}, ".expires must be a text"),
        ("ecs-awsvpc", {KEY: [exemption(until="x")]}, "unknown key; it has resource, reason, exp"),
        ("exemptions", {KEY: [exemption()]}, "exemptions: has no parameter exemptions"),
        ("exemptions-expired", {KEY: []}, "exemptions-expired: has no parameter exemptions"),
    ],
)
def test_a_wrong_configuration_is_refused(
    configurable_pack: Analyzer, rule: str, parameters: dict[str, Any], says: str
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        configurable_pack.configure({rule: (ADVISORY, parameters)})

    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert says in str(refused.value.details())


@pytest.mark.parametrize(
    ("value", "sound"),
    [
        ([], True),
        ([exemption(), exemption("*")], True),
        ([exemption("a")], True),
        (exemption(), False),
        (["web"], False),
        ([None], False),
        *(([exemption(**{key: 1})], False) for key in ("reason", "expires")),
        *(([exemption(**{key: None})], False) for key in ("reason", "expires")),
        ([exemption("")], False),
        ([{**exemption(), "resource": 1}], False),
        ([exemption(reason=" ")], False),
        ([exemption(until="x")], False),
        *(([without(key)], False) for key in ("resource", "reason", "expires")),
    ],
    ids=str,
)
def test_the_published_schema_of_exemptions_takes_what_the_pack_takes(
    value: object, *, sound: bool
) -> None:
    schema = json_format.MessageToDict(
        direct(Servicer("test", RULES)).info().policies[0].configSchema.properties
    )[KEY]
    assert Draft7Validator(schema).is_valid(value) is sound
    assert (problems(RULES, {RULES[0].name: {KEY: value}}) == []) is sound
    described = [schema, *schema["items"]["properties"].values()]
    assert all(each["description"] for each in described)


def test_an_empty_day_is_said_once() -> None:
    wrong = {RULES[0].name: {KEY: [exemption(expires=" ")]}}
    assert len(problems(RULES, wrong)) == 1


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong: Any = {"nowhere": {}, "tg-ip": {"requireTls": 1, "tls": 1}}
    assert len(problems(RULES, wrong)) == 3


@quick
@given(rule=st.sampled_from(RULES), data=st.data())
def test_any_configuration_is_refused_or_can_be_read(rule: AnyRule, data: st.DataObject) -> None:
    fields = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("resource", "reason", "expires"), st.one_of(st.text(), values))
    )
    keys = st.sampled_from([*rule.schemas, "other"])
    parameters = st.dictionaries(keys, st.one_of(values, st.lists(fields, max_size=2)), max_size=3)
    drawn = data.draw(parameters)

    if not problems(RULES, {rule.name: drawn}):
        assert set(settings(rule, drawn)) == {*rule.parameters, KEY}


def test_a_level_for_all_rules_is_no_rule(configurable_pack: Analyzer) -> None:
    configurable_pack.configure({"all": (DISABLED, {})})


def test_every_rule_publishes_its_parameters_and_exemptions_as_json_schemas(pack: Analyzer) -> None:
    published = {
        policy.name: json_format.MessageToDict(policy.configSchema.properties)
        for policy in pack.info().policies
    }

    for rule in RULES:
        schemas = published[rule.name]
        own = {KEY} if rule.can_be_exempted_from else set()
        assert set(schemas) == {*rule.parameters, *own}
        assert all(schema["description"] for schema in schemas.values())
    item = published["ecs-awsvpc"][KEY]["items"]
    assert item["required"] == ["resource", "reason", "expires"]
    assert item["additionalProperties"] is False
    assert item["properties"]["expires"]["format"] == "date"
    assert published["logs-retention"]["days"]["type"] == "integer"
    assert 365 in published["logs-retention"]["days"]["enum"]


@pytest.mark.parametrize("pattern", ["legacy-*", "*::legacy-web", urn(SERVICE, "legacy-web")])
def test_a_rule_is_not_demanded_of_what_is_exempt_by_name_or_urn(
    configurable_pack: Analyzer, pattern: str
) -> None:
    assert is_public(configurable_pack, "legacy-web")

    exempt(configurable_pack, exemption(pattern))

    assert not is_public(configurable_pack, "legacy-web")
    assert is_public(configurable_pack, "web")


def test_an_exemption_is_of_one_rule(configurable_pack: Analyzer) -> None:
    exempt(configurable_pack, exemption("it"), rule="ecs-platform")

    found = configurable_pack.analyze(SERVICE, {**PUBLIC, "platformVersion": "1.3.0"})

    assert found.violations("ecs-no-public-ip")
    assert not found.violations("ecs-platform")


def test_what_is_exempt_is_not_remedied(configurable_pack: Analyzer) -> None:
    def remedied(*exemptions: object) -> list[str]:
        configurable_pack.configure({"ecs-no-public-ip": (REMEDIATE, {KEY: list(exemptions)})})
        return configurable_pack.remediate(SERVICE, PUBLIC, "legacy-web").rules

    assert remedied() == ["ecs-no-public-ip"]
    assert remedied(exemption()) == []
    assert remedied(exemption(expires=LONG_AGO)) == ["ecs-no-public-ip"]


def test_a_rule_about_stacks_is_not_demanded_of_what_is_exempt(configurable_pack: Analyzer) -> None:
    stack = [VPC, StackResource(VPC.type, "legacy", VPC.properties)]

    def about() -> set[str]:
        found = configurable_pack.analyze_stack(stack).violations("vpc-hygiene")
        return {violation.urn for violation in found}

    assert about() == {each.urn for each in stack}
    exempt(configurable_pack, exemption("legacy"), rule="vpc-hygiene")
    assert about() == {VPC.urn}


def test_what_is_exempt_is_shown_with_reason_and_last_day(configurable_pack: Analyzer) -> None:
    legacy = StackResource(SERVICE, "legacy-web", {})
    stack = [ROOT_STACK, legacy, StackResource(SERVICE, "web", {})]
    assert not configurable_pack.analyze_stack(stack).violations("exemptions")

    exempt(configurable_pack, exemption())

    [note] = configurable_pack.analyze_stack(stack).violations("exemptions")
    assert note.enforcementLevel == ADVISORY
    assert note.urn == legacy.urn
    assert "ecs-no-public-ip is not demanded until 9999-12-31: moves in spring" in note.message
    assert not configurable_pack.analyze_stack(stack).violations("exemptions-expired")


def test_exemptions_are_read_once_however_many_resources_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[object] = []
    of_the_pack = Exemption.read

    def counting(rule: str, value: Mapping[str, Any]) -> Exemption:
        read.append(value)
        return of_the_pack(rule, value)

    monkeypatch.setattr(Exemption, "read", counting)
    one = direct(Servicer("test", RULES))
    exempt(one, exemption(), exemption("other"))
    for name in ("legacy-a", "legacy-b", "web"):
        assert is_public(one, name) == (name == "web")
        one.remediate(SERVICE, PUBLIC, name)
    assert one.analyze_stack([ROOT_STACK, StackResource(SERVICE, "legacy-a", {})]).all

    assert read == [exemption(), exemption("other")]


def test_a_configuration_replaces_the_one_before_while_resources_are_judged() -> None:
    one = direct(Servicer("test", RULES))
    freed = {"ecs-no-public-ip": (MANDATORY, {KEY: [exemption("it")]})}

    def judged(_: int) -> int:
        found = one.analyze(SERVICE, PUBLIC)
        assert "please report this" not in found.messages()
        return len(found.violations("ecs-no-public-ip"))

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(judged, range(40))
        for number in range(40):
            one.configure(freed if number % 2 else {})

    assert set(answers) <= {0, 1}
    assert judged(0) == 0
    one.configure({})
    assert judged(0) == 1


def test_an_expired_exemption_exempts_nothing_and_is_a_violation(
    configurable_pack: Analyzer,
) -> None:
    exempt(configurable_pack, exemption(expires=LONG_AGO))

    assert is_public(configurable_pack, "legacy-web")
    stack = [ROOT_STACK, StackResource(SERVICE, "legacy-web", {})]
    found = configurable_pack.analyze_stack(stack)
    [violation] = found.violations("exemptions-expired")
    assert violation.enforcementLevel == MANDATORY
    assert "ecs-no-public-ip: the exemption of legacy-* ended on 2000-01-31" in violation.message
    assert not found.violations("exemptions")


def test_the_level_of_what_shows_exemptions_stays_the_configured_one(
    configurable_pack: Analyzer,
) -> None:
    configurable_pack.configure(
        {
            "ecs-awsvpc": (MANDATORY, {KEY: [exemption(expires=LONG_AGO)]}),
            "exemptions-expired": (ADVISORY, {}),
        }
    )

    [found] = configurable_pack.analyze_stack([ROOT_STACK]).violations("exemptions-expired")
    assert found.enforcementLevel == ADVISORY


def test_an_exemption_holds_until_its_last_day_is_over_in_utc() -> None:
    one = Exemption("a", "b", "c", date(2026, 1, 31))
    west = timezone(timedelta(hours=-5))
    east = timezone(timedelta(hours=9))

    assert not one.has_expired(datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    assert one.has_expired(datetime(2026, 2, 1, 0, 0, tzinfo=UTC))
    assert one.has_expired(datetime(2026, 1, 31, 19, 0, tzinfo=west))
    assert not one.has_expired(datetime(2026, 2, 1, 8, 59, tzinfo=east))


def test_there_are_presets_for_development_production_and_audits() -> None:
    assert [file.stem for file in PRESETS] == ["audit", "dev", "prod"]


def levels(file: Path) -> dict[str, str]:
    """Return the level that a preset gives to rules."""
    preset = json.loads(file.read_text())
    named = {
        name: value if isinstance(value, str) else value.get("enforcementLevel")
        for name, value in preset.items()
    }
    return {name: level for name, level in named.items() if level}


@pytest.mark.parametrize("file", PRESETS, ids=lambda file: file.stem)
def test_a_preset_is_taken_by_the_pack(configurable_pack: Analyzer, file: Path) -> None:
    preset = json.loads(file.read_text())
    rules = {}
    for name, value in preset.items():
        parameters = {} if isinstance(value, str) else dict(value)
        parameters.pop("enforcementLevel", None)
        assert KEY not in parameters, "an exemption is a stack's own"
        rules[name] = (LEVELS[levels(file).get(name, "advisory")], parameters)

    configurable_pack.configure(rules)


def test_development_corrects_what_production_refuses() -> None:
    for preset, corrected in (("dev", ["ecs-no-public-ip"]), ("prod", [])):
        one = direct(Servicer("test", RULES))
        document = json.loads((PACK_FOLDER / "config" / f"{preset}.json").read_text())
        levels = {
            rule: given.get("enforcementLevel") if isinstance(given, dict) else given
            for rule, given in document.items()
        }
        one.configure({rule: (LEVELS[level], {}) for rule, level in levels.items() if level})
        assert one.remediate(SERVICE, PUBLIC).rules == corrected
        assert {each.enforcementLevel for each in one.analyze(SERVICE, PUBLIC).all} == {MANDATORY}


def test_an_audit_stops_nothing_and_leaves_nothing_out() -> None:
    assert set(levels(PACK_FOLDER / "config" / "audit.json").values()) == {"advisory"}
    assert "all" in levels(PACK_FOLDER / "config" / "audit.json")


def test_production_demands_all_that_is_demanded_elsewhere() -> None:
    production = levels(PACK_FOLDER / "config" / "prod.json")
    assert set(production.values()) <= {"mandatory", "remediate"}
    development = levels(PACK_FOLDER / "config" / "dev.json")
    for rule in RULES:
        demanded = development.get(rule.name, "mandatory" if rule.mandatory else "advisory")
        if demanded not in {"advisory", "disabled"}:
            assert rule.mandatory or rule.name in production, rule.name
