"""What each rule says of each case, asked through the pack's own protocol."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.policies.cases import open_groups, permissions, resources
from tests.policies.cases.all import CASES
from tests.policies.cases.case import Case, Verdict
from tests.policies.cases.trusts import ROLE
from tests.policies.protocol import ADVISORY, UNKNOWN, Analyzer, Findings, StackResource, secret

NEVER_UNDECIDED = {"topic-encrypted"}
"""Rules that need no value: it is enough that something is there."""

WRONG_SHAPES: tuple[object, ...] = (
    *(None, "", "text", 7, -0.5, True),
    *([], ["text"], [None], [[]]),
    *({}, {"a": "b"}),
)

ABOUT_THE_CONFIGURATION = {"exemptions", "exemptions-expired"}
"""Rules that no resource breaks."""

NAMES = re.compile(r"(?<=\S) \([A-Za-z_][\w.-]*\)(?=:|\.\w)|(?<=States)\.\w+(?=\.)")
"""Where messages name containers, variables, statements and states."""
BUDGET = re.compile(r"it costs more|the budget is \S+ USD.*?(?=\. Make)")
"""What a message says of a budget that is secret, and of another."""

each_case = pytest.mark.parametrize("case", CASES, ids=str)


Judge = Callable[[Case], Findings]
Policies = Mapping[str, Any]


@pytest.fixture(scope="session")
def policies(pack: Analyzer) -> Policies:
    """What the pack says of its rules, by name."""
    return {policy.name: policy for policy in pack.info().policies}


@pytest.fixture(scope="session")
def judged(pack: Analyzer) -> Judge:
    """What the pack says of a case, asked once."""
    answers: dict[int, Findings] = {}

    def judge(case: Case) -> Findings:
        if id(case) not in answers:
            answers[id(case)] = (
                pack.analyze_stack(case.stack)
                if case.stack
                else pack.analyze(case.kind, case.properties)
            )
        return answers[id(case)]

    return judge


@each_case
def test_a_rule_judges_as_it_should(judged: Judge, case: Case) -> None:
    found = judged(case)

    verdict = Verdict.PASS
    if found.undecided(case.rule):
        verdict = Verdict.UNDECIDED
    if found.violations(case.rule):
        verdict = Verdict.FAIL
    assert verdict is case.verdict, found.messages()


def test_no_rule_fails_to_judge_any_of_them(judged: Judge) -> None:
    assert [str(c) for c in CASES if "please report this" in judged(c).messages()] == []


def test_every_rule_has_cases_that_pass_fail_and_are_undecided(pack: Analyzer) -> None:
    seen = {(case.rule, case.verdict) for case in CASES}

    missing = [
        (policy.name, verdict.value)
        for policy in pack.info().policies
        for verdict in Verdict
        if policy.name not in ABOUT_THE_CONFIGURATION
        and (policy.name, verdict) not in seen
        and not (verdict is Verdict.UNDECIDED and policy.name in NEVER_UNDECIDED)
    ]
    assert missing == []


def test_every_case_is_about_a_rule_of_the_pack(pack: Analyzer) -> None:
    rules = {policy.name for policy in pack.info().policies}
    assert {case.rule for case in CASES} == rules - ABOUT_THE_CONFIGURATION


def test_no_case_is_there_twice() -> None:
    assert [title for title, times in Counter(map(_identity, CASES)).items() if times > 1] == []


def _identity(case: Case) -> tuple[str, str, str, str]:
    return (case.rule, case.verdict.value, case.kind, case.title)


@pytest.mark.parametrize("case", [c for c in CASES if c.verdict is Verdict.FAIL], ids=str)
def test_a_violation_has_the_rules_level_and_says_where_and_what_to_do(
    policies: Policies, judged: Judge, case: Case
) -> None:
    policy = policies[case.rule]

    for violation in judged(case).violations(case.rule):
        assert violation.enforcementLevel == policy.enforcementLevel
        assert violation.severity == policy.severity
        assert policy.remediation_steps in violation.message
        assert violation.message.startswith(policy.description + "\n")
        if case.stack:
            assert violation.urn in {resource.urn for resource in case.stack}


@pytest.mark.parametrize(
    ("rule", "of", "title", "says"),
    [
        (
            "container-log-group",
            "",
            "a log group that keeps for ever",
            "[0] (web).logConfiguration.options.awslogs-group: the log group logs has no retention",
        ),
        ("container-log-group", "", "another log group", "nothing in the stack gives the log"),
        ("container-log-group", "", "no group", "awslogs-group: names no log group"),
        ("container-log-group", "", "the group is made", "-create-group: a log group that is made"),
        (
            "container-log-group",
            "",
            "a proxy whose group nobody makes",
            "Configuration.logConfiguration.",
        ),
        ("container-log-group", "", "pods of the second output", "output.conf[1].log_group_name: "),
        ("container-log-group", "", "no output", "output.conf: has no section OUTPUT"),
        ("container-log-group", "", "no ConfigMap", "the stack has no ConfigMap aws-logging in"),
        (
            "container-log-group",
            "",
            "pods whose group is made",
            "output.conf[0].auto_create_group: without log_retention_days",
        ),
        ("cost-budget", "", "above the budget", "is what 1 task costs"),
        ("cost-nat-per-zone", "", "a regional one", "has a NAT gateway that spreads over zones"),
        ("eks-pod-exec-role", ROLE, "no source", "aws:SourceArn isn't demanded"),
        ("eks-pod-exec-role", ROLE, "another source", "doesn't have the form that"),
        ("eks-version", resources.CLUSTER, "absent", "isn't named"),
        ("eks-version", resources.CLUSTER, "in extended support", "isn't among the supported"),
        ("iam-exposure", "", "everything by rds-db:connect", "get credentials of any identity"),
        ("iam-no-admin", permissions.POLICY, "everything", "policy.Statement[0]: "),
        ("iam-no-admin", permissions.ROLE_POLICY, "a statement as a text", "must be an object"),
        ("k8s-pod-security", resources.DEPLOYMENT, "maybe root", "containers[0].securityContext."),
        ("sg-world", open_groups.GROUP, "ssh", "ingress[0].cidrBlocks[0]: "),
        ("task-role-unshared", "", "a role for two", "taskRoleArn: is the role of api too"),
        ("task-sg-from-alb", "", "by an older rule", "SecurityGroupRule: "),
        ("task-sg-from-alb", "", "from addresses", "SecurityGroupIngressRule: "),
        ("task-sg-from-alb", "", "inline", "ingress[0]: "),
        (
            "task-sg-from-alb",
            "",
            "by three groups",
            "admits a, which admits b, which admits open, which admits addresses and is no load",
        ),
        (
            "task-sg-from-alb",
            "",
            "pods from a group that addresses reach",
            "to the pods of job",
        ),
        (
            "task-sg-from-alb",
            "",
            "a job's group from a group that addresses reach",
            "to the tasks of job",
        ),
    ],
)
def test_a_violation_tells_apart_what_may_be_wrong(
    judged: Judge, rule: str, of: str, title: str, says: str
) -> None:
    (case,) = [each for each in CASES if (each.rule, each.kind, each.title) == (rule, of, title)]

    assert says in judged(case).messages()


@pytest.mark.parametrize("case", [c for c in CASES if c.verdict is Verdict.UNDECIDED], ids=str)
def test_what_a_preview_does_not_know_is_an_advisory_note(judged: Judge, case: Case) -> None:
    for note in judged(case).undecided(case.rule):
        assert note.enforcementLevel == ADVISORY
        assert UNKNOWN not in note.message
        assert note.message.endswith("can't be known during preview")


@pytest.mark.parametrize("case", [c for c in CASES if not c.stack and c.properties], ids=str)
def test_secrets_are_judged_like_other_values(pack: Analyzer, judged: Judge, case: Case) -> None:
    hidden = {key: secret(value) for key, value in case.properties.items()}

    found = pack.analyze(case.kind, hidden)

    assert _what(found) == _what(judged(case))
    assert not NAMES.search(found.messages())


@pytest.mark.parametrize("case", [c for c in CASES if c.stack], ids=str)
def test_secrets_in_a_stack_are_judged_like_other_values(
    pack: Analyzer, judged: Judge, case: Case
) -> None:
    def hidden(member: StackResource) -> StackResource:
        properties = {key: secret(value) for key, value in member.properties.items()}
        return replace(member, properties=properties)

    found = pack.analyze_stack([hidden(member) for member in case.stack])

    assert _what(found) == _what(judged(case))
    assert not NAMES.search(found.messages())


def _what(found: Findings) -> list[tuple[str, str, int, str]]:
    """Return what is found, without the places, which messages name less of what is secret."""
    return [
        (d.policyName, d.urn, d.enforcementLevel, BUDGET.sub("", _told(d.message)))
        for d in found.all
    ]


def _told(message: str) -> str:
    return message.partition("\n")[2].partition(": ")[2]


@each_case
def test_messages_repeat_no_value(policies: Policies, judged: Judge, case: Case) -> None:
    found = judged(case)

    static = "\n".join(
        f"{policy.name} {policy.description} {policy.remediation_steps}"
        for policy in policies.values()
    )
    said = found.messages()
    for value in _values(case.stack or case.properties):
        assert value in static or not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", said), value


def _values(given: Any) -> Iterator[str]:  # noqa: ANN401 - any shape of properties
    """Yield the texts in a resource that are long enough to be told from ordinary words.

    Without what names a thing (containers, variables, statements, services in the pack's own list).
    """
    if isinstance(given, StackResource):
        yield from _values(given.properties)
    elif isinstance(given, dict):
        named = {"name", "Name", "Sid", "Service"}
        yield from _values([value for key, value in given.items() if key not in named])
    elif isinstance(given, list | tuple):
        for item in given:
            yield from _values(item)
    elif isinstance(given, str) and isinstance(decoded := _decoded(given), dict | list):
        yield from _values(decoded)
    elif isinstance(given, str) and len(given) > 7:
        yield given


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@pytest.mark.parametrize("kind", sorted({case.kind for case in CASES if case.kind}))
def test_misshapen_properties_never_break_a_rule(pack: Analyzer, kind: str) -> None:
    keys = {key for case in CASES if case.kind == kind for key in case.properties}

    for wrong in WRONG_SHAPES:
        found = pack.analyze(kind, dict.fromkeys(keys, wrong))
        assert "please report this" not in found.messages()
