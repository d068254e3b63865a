"""The pack's server answers as the SDK's, and converts a resource once, if any rule is about it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi_policy as sdk
import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core import conversion, server
from fargate_policies.core.adapter import to_policy
from fargate_policies.core.rule import Resource, Rule
from fargate_policies.core.sources import project
from fargate_policies.core.values import Findings, Violation
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import policy as implementation

from tests.policies.cases.all import CASES
from tests.policies.cases.case import Case
from tests.policies.protocol import (
    DISABLED,
    MANDATORY,
    PACK_FOLDER,
    REMEDIATE,
    Analyzer,
    StackResource,
    direct,
    in_process,
)

SUBNET = "aws:ec2/subnet:Subnet"
PUBLIC = {"mapPublicIpOnLaunch": True}


TYPES = {rule.name: rule.types for rule in RULES}


@pytest.fixture(scope="module")
def ours() -> Analyzer:
    """All rules as the pack serves them."""
    return direct(
        conversion.ConvertingOnce("test", "0.0.1", [to_policy(rule) for rule in RULES], TYPES)
    )


@pytest.fixture(scope="module")
def theirs() -> Analyzer:
    """All rules as the SDK would serve them."""
    return in_process([to_policy(rule) for rule in RULES])


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What is converted, by the pack or the SDK, without what holds nothing."""
    seen: list[dict[str, Any]] = []
    convert: Any = vars(implementation)["deserialize_properties"]
    unpack: Any = vars(conversion)["unpacked"]

    def counting(properties: dict[str, Any], *more: Any) -> dict[str, Any]:  # noqa: ANN401 - the SDK's
        if properties:
            seen.append(properties)
        result: dict[str, Any] = convert(properties, *more)
        return result

    def unpacking(properties: Any) -> dict[str, Any]:  # noqa: ANN401 - protobuf's
        unpacked: dict[str, Any] = unpack(properties)
        seen.append(unpacked)
        return unpacked

    monkeypatch.setattr(implementation, "deserialize_properties", counting)
    monkeypatch.setattr(conversion, "unpacked", unpacking)
    return iter([seen])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_answers_as_the_sdk_does(ours: Analyzer, theirs: Analyzer, case: Case) -> None:
    def asked(one: Analyzer) -> list[object]:
        if case.stack:
            return list(one.analyze_stack(case.stack).all)
        return list(one.analyze(case.kind, case.properties).all)

    assert asked(ours) == asked(theirs)


def test_it_says_of_itself_what_the_sdk_says(ours: Analyzer, theirs: Analyzer) -> None:
    assert ours.info() == theirs.info()


def test_each_resource_is_converted_once(
    ours: Analyzer, converted: Iterator[list[dict[str, Any]]]
) -> None:
    seen = next(converted)
    ours.analyze(SUBNET, PUBLIC)
    assert seen == [PUBLIC]
    seen.clear()
    ours.analyze_stack([StackResource(SUBNET, name, PUBLIC) for name in ("a", "b", "c")])
    assert seen == [PUBLIC] * 3


def test_a_resource_that_no_rule_is_about_is_not_even_converted(
    ours: Analyzer, theirs: Analyzer, converted: Iterator[list[dict[str, Any]]]
) -> None:
    seen, name = next(converted), {"name": "it"}
    assert not ours.analyze("aws:acm/certificate:Certificate", name).all
    assert not ours.remediate("aws:acm/certificate:Certificate", name).rules
    assert not seen
    assert not theirs.analyze("aws:acm/certificate:Certificate", name).all


@pytest.mark.parametrize("corrected", [(), ("subnet-public-ip",), ("logs-retention",)])
def test_it_corrects_as_the_sdk_does_and_converts_for_that_only_what_is_corrected(
    corrected: tuple[str, ...], converted: Iterator[list[dict[str, Any]]]
) -> None:
    seen = next(converted)
    policies = [to_policy(rule) for rule in RULES]
    ours = direct(conversion.ConvertingOnce("test", "0.0.1", policies, TYPES))
    theirs = in_process(policies)
    for one in (ours, theirs):
        one.configure({rule: (REMEDIATE, {}) for rule in corrected})
    given = ours.remediate(SUBNET, PUBLIC)
    assert seen == ([PUBLIC] if "subnet-public-ip" in corrected else [])
    expected = theirs.remediate(SUBNET, PUBLIC)
    assert (given.rules, given.properties) == (expected.rules, expected.properties)


def test_what_is_demanded_but_not_corrected_is_not_converted_to_be_corrected(
    converted: Iterator[list[dict[str, Any]]],
) -> None:
    seen, one = next(converted), direct(server.Servicer("test", RULES))
    one.configure({"subnet-public-ip": (MANDATORY, {})})
    assert one.remediate(SUBNET, PUBLIC).rules == []
    assert seen == []


def test_levels_and_parameters_reach_the_rules() -> None:
    one = direct(server.Servicer("test", RULES))
    one.configure(
        {"subnet-public-ip": (DISABLED, {}), "logs-retention": (MANDATORY, {"requireKms": True})}
    )
    assert not one.analyze(SUBNET, PUBLIC).violations("subnet-public-ip")
    found = one.analyze("aws:cloudwatch/logGroup:LogGroup", {}).violations("logs-retention")
    assert {violation.enforcementLevel for violation in found} == {MANDATORY}
    assert "kms" in found[0].message.lower()


def test_the_stacks_tags_reach_the_policies() -> None:
    seen: list[dict[str, str]] = []

    def look(args: Any, _report: sdk.ReportViolation) -> None:  # noqa: ANN401 - of either kind
        seen.append(dict(args.stack_tags))

    policies = [
        sdk.ResourceValidationPolicy("one", "One.", validate=look),
        sdk.StackValidationPolicy("stack", "All.", validate=look),
    ]
    servicer = conversion.ConvertingOnce("test", "0.0.1", policies, {"one": [SUBNET]})
    servicer.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(tags={"a": "b"}), None)
    servicer.Analyze(analyzer_pb2.AnalyzeRequest(type=SUBNET), None)
    servicer.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(), None)
    assert seen == [{"a": "b"}] * 2


def test_resources_that_are_judged_at_the_same_time_are_not_mixed_up() -> None:
    meeting = threading.Barrier(4, timeout=30)

    class Meeting(conversion.ConvertingOnce):
        def _take(self, args: Any, report: sdk.ReportViolation) -> None:  # noqa: ANN401 - of either kind
            super()._take(args, report)
            meeting.wait()  # until each call has taken its resource

    def check(resource: Resource) -> Findings:
        yield Violation(f"{resource.name} is {resource.at('is').text}")

    rule = Rule(
        name="a-rule",
        description="A rule.",
        fix="Mend it.",
        severity=sdk.Severity.LOW,
        mandatory=False,
        sources=project("a test"),
        types=(SUBNET,),
        check=check,
    )
    one = direct(Meeting("test", "0.0.1", [to_policy(rule)], {rule.name: rule.types}))
    names = ["a", "b", "c", "d"]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda name: one.analyze(SUBNET, {"is": name}, name), names))

    for name, each in zip(names, found, strict=True):
        assert f"{name} is {name}" in each.messages()


def test_nothing_of_a_request_is_kept_that_would_crash_the_end_of_the_process() -> None:
    code = (
        "from fargate_policies.catalogue import RULES;"
        "from fargate_policies.core.server import Servicer;"
        "from pulumi.runtime.proto import analyzer_pb2 as calls;"
        "one = Servicer('test', RULES);"
        f"one.Analyze(calls.AnalyzeRequest(type='{SUBNET}'), None);"
        f"one.AnalyzeStack(calls.AnalyzeStackRequest(resources=[{{'type': '{SUBNET}'}}]), None)"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=PACK_FOLDER, check=False)
    assert ended.returncode == 0


def test_the_pack_is_served_by_it() -> None:
    assert issubclass(server.Servicer, conversion.ConvertingOnce)
