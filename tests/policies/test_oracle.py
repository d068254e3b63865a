"""The pack beside cloudsplaining: every difference has a cause, and the page says what is so."""

from collections.abc import Mapping
from typing import Any

import pytest

from docs.policy_oracle import generate
from tests.policies.cases.case import allow
from tests.policies.cases.escalations import IAM, PASS_ANY, deny
from tests.policies.oracle import differences as oracle
from tests.policies.oracle import published
from tests.policies.oracle.comparison import Comparison, compare, verdicts
from tests.policies.oracle.differences import CAUSES, NOT_KNOWN, UnexplainedError, differences
from tests.policies.oracle.published import Policy
from tests.policies.oracle.tools import OUR_WAYS, Way, ours, theirs

PUT = "iam:PutRolePolicy"
RUN = allow("ecs:RunTask", "*")
PASS = allow("iam:PassRole", "*")


def policy(*statements: Mapping[str, Any]) -> Policy:
    return Policy("policy", {"Statement": list(statements)})


@pytest.fixture(scope="module")
def of_aws() -> Comparison:
    return compare("AWS", published.of_aws())


def test_no_difference_about_aws_policies_is_unexplained(of_aws: Comparison) -> None:
    assert of_aws.policies > 1_500
    assert of_aws.agreement > 0.95


def test_the_pack_finds_every_way_that_cloudsplaining_finds_in_aws_policies(
    of_aws: Comparison,
) -> None:
    assert of_aws.by_cloudsplaining > 150
    assert [each for each in of_aws.differences if not each.by_pack] == []


def test_the_pack_finds_every_way_that_cloudsplaining_finds_in_its_example() -> None:
    compared = compare("example", published.of_the_example())
    assert compared.by_cloudsplaining > 300
    assert [each for each in compared.differences if not each.by_pack] == []


def test_the_pack_knows_every_way_of_cloudsplaining_or_asks_for_more() -> None:
    compared = compare("ways", published.of_ways())
    assert compared.policies == 59
    [difference] = [each for each in compared.differences if not each.by_pack]
    assert difference.policy == "PassExistingRoleToNewDataPipeline"
    assert difference.causes == ("more actions",)


def test_the_pack_is_right_about_the_roles_whose_answer_is_known() -> None:
    wrong = [role.name for role in verdicts() if role.by_pack != role.escalates]
    assert wrong == ["fp5-nonExploitableConditionConstraint-role"]


def test_cloudsplaining_misses_what_two_policies_do_together() -> None:
    [role] = [role for role in verdicts() if role.name == "fn1-privesc3-partial-role"]
    assert (role.by_pack, role.by_cloudsplaining) == (True, False)


@pytest.mark.parametrize(
    ("given", "causes"),
    [
        (policy(allow("ssm:StartSession", "*")), (NOT_KNOWN,)),
        (
            policy(allow(PUT, "*", Condition={"Bool": {"aws:SecureTransport": "true"}})),
            ("condition",),
        ),
        (policy(allow(PUT, f"{IAM}:role/*")), ("resource",)),
        (
            policy({"Effect": "Allow", "Action": PUT, "NotResource": f"{IAM}:role/admin"}),
            ("resource",),
        ),
        (policy(allow(PUT, "*"), deny(PUT, f"{IAM}:role/admin")), ("denial",)),
        (policy(PASS, RUN), ("more actions",)),
        (policy(PASS_ANY, RUN), ("condition", "more actions")),
    ],
    ids=["unknown way", "condition", "resource", "not resource", "denial", "actions", "two"],
)
def test_what_the_searches_differ_over_is_found(given: Policy, causes: tuple[str, ...]) -> None:
    [difference] = differences(given)
    assert difference.by_pack
    assert difference.causes == causes


@pytest.mark.parametrize(
    "given",
    [
        policy(allow(PUT, "*")),
        policy(PASS, allow(["ecs:RegisterTaskDefinition", "ecs:RunTask"], "*")),
        policy(allow("iam:*", "*"), deny("iam:*")),
        policy(allow("sqs:SendMessage")),
    ],
    ids=["one action", "more actions than needed", "denied", "harmless"],
)
def test_where_the_searches_agree_there_is_no_difference(given: Policy) -> None:
    assert bool(ours(given.document)) == bool(theirs(given.document))
    assert list(differences(given)) == []


def test_a_statement_alone_is_changed_like_a_list_of_them() -> None:
    given = Policy("policy", {"Statement": allow(PUT, f"{IAM}:role/*")})
    assert [each.causes for each in differences(given)] == [("resource",)]


def test_a_way_that_only_cloudsplaining_knows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "OUR_WAYS", OUR_WAYS - {Way({"iam:putrolepolicy"})})
    monkeypatch.setattr(oracle, "ours", lambda *_: frozenset())
    with pytest.raises(
        UnexplainedError, match=r"policy: only cloudsplaining finds iam:putrolepolicy"
    ):
        list(differences(policy(allow(PUT, "*"))))


def test_a_difference_that_no_change_settles_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "theirs", lambda _: frozenset())
    with pytest.raises(UnexplainedError, match=r"policy: only the pack finds iam:putrolepolicy"):
        list(differences(policy(allow(PUT, "*"))))


def test_the_page_explains_every_cause_that_it_names() -> None:
    text = generate.PAGE.read_text(encoding="utf-8")
    for cause in (*CAUSES, NOT_KNOWN):
        assert f"\n| {cause} | the pack | " in text


def test_the_page_is_current() -> None:
    text = generate.PAGE.read_text(encoding="utf-8")
    if generate.releases() not in text:
        pytest.skip("other releases are installed than the page is about")
    assert text == generate.page(), "write it with `make policy-docs`"


def test_the_page_lists_the_ways_that_cloudsplaining_does_not_know() -> None:
    text = generate.PAGE.read_text(encoding="utf-8")
    _, _, rest = text.partition("The ways that cloudsplaining doesn't know:\n\n")
    listed, _, _ = rest.partition("\n\n")
    assert listed.splitlines() == [f"- {way}" for way in generate.unknown()]
    assert "- `ssm:StartSession`" in listed
    assert "- `iam:PutRolePolicy`" not in listed
