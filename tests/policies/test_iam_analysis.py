"""What the pack makes of IAM patterns and of many documents."""

import json
import time
from typing import Any

import pytest
from fargate_policies.core.rule import Member, Stack
from fargate_policies.core.values import Place
from fargate_policies.iam_analysis.actions import expand, resource_patterns, with_access_level
from fargate_policies.iam_analysis.escalation import METHODS, escalations
from fargate_policies.iam_analysis.exposure import categories, exposures
from fargate_policies.iam_analysis.identities import identities
from fargate_policies.iam_analysis.permissions import can_match, covers, is_unnamed, overlap
from fargate_policies.models.iam_document import concerns, is_everything, matches
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policies.protocol import urn

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
patterns = st.text("ab*?", max_size=6)


@settings(max_examples=500)
@given(general=patterns, special=patterns, text=st.text("ab", max_size=8))
def test_a_pattern_that_covers_another_matches_all_that_the_other_matches(
    general: str, special: str, text: str
) -> None:
    if covers(general, special) and matches(special, text):
        assert matches(general, text)


@pytest.mark.parametrize(
    ("general", "special"), [("*", "a*"), ("a*", "a*"), ("a*c", "a?b*c"), ("a*", "ab"), ("?", "?")]
)
def test_patterns_that_cover_others_are_found(general: str, special: str) -> None:
    assert covers(general, special)


@pytest.mark.parametrize(
    ("general", "special"), [("a?", "a*"), ("a?*", "a*"), ("a*", "*"), ("a", "a*")]
)
def test_patterns_that_miss_a_part_do_not_cover(general: str, special: str) -> None:
    assert not covers(general, special)


@settings(max_examples=500)
@given(one=patterns, other=patterns, text=st.text("ab", max_size=8))
def test_patterns_that_match_the_same_text_overlap(one: str, other: str, text: str) -> None:
    if matches(one, text) and matches(other, text):
        assert overlap(one, other)
        assert overlap(other, one)


@settings(max_examples=500)
@given(pattern=patterns, text=st.text("ab", max_size=8))
def test_a_text_overlaps_with_the_patterns_that_match_it_only(pattern: str, text: str) -> None:
    assert overlap(pattern, text) == overlap(text, pattern) == matches(pattern, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a*", "b*"), ("*a", "*b"), ("a?", "a"), ("a*b", "a"), ("role/*", "user/*"), ("", "?")],
)
def test_patterns_without_a_common_text_do_not_overlap(one: str, other: str) -> None:
    assert not overlap(one, other)
    assert not overlap(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a*", "*b"), ("?", "a"), ("a?", "?b"), ("ac", "a*c"), ("a*c", "ab*"), ("*", ""), ("A", "a")],
)
def test_patterns_with_a_common_text_overlap(one: str, other: str) -> None:
    assert overlap(one, other)
    assert overlap(other, one)


@pytest.mark.parametrize(
    ("resource", "answer"),
    [
        ("*", True),
        ("arn:aws:iam::*", True),
        ("arn:aws:*:111122223333:role/app", True),
        ("arn:aws:iam::111122223333:role/app-*", True),
        ("ARN:aws:iam::*:*/app", True),
        ("arn:aws:iam::111122223333:user/*", False),
        ("arn:aws:sqs:*:*:role/app", False),
        ("arn:aws:sqs:*", False),
    ],
)
def test_a_resource_is_of_a_kind(resource: str, *, answer: bool) -> None:
    assert can_match(resource, "arn:*:iam::*:role/*") is answer


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:iam::1111*",
        "arn:aws:iam::111122223333:*",
        "arn:aws:iam::111122223333:r*",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:lambda:eu-west-1:111122223333:function:*",
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::*:role/*-app",
        "arn:aws:s3:::*",
        "arn:aws:sqs:*:*:*",
        "arn:aws:sqs:eu-west-1:111122223333:?*",
        "arn:aws:*",
    ],
)
def test_resources_that_name_nothing(resource: str) -> None:
    assert is_unnamed(resource)


@pytest.mark.parametrize(
    "resource",
    [
        "orders",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:role/app-*",
        "arn:aws:iam::*:role/app-*",
        "arn:*:lambda:*:*:function:orders",
        "arn:aws:sns:eu-west-1:111122223333:orders-*",
        "arn:aws:lambda:eu-west-1:111122223333:function:orders",
        "arn:aws:s3:::orders/*",
        "arn:aws:s3:::orders-*",
        "arn:aws:sqs:eu-west-1:111122223333:orders*",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-??????",
    ],
)
def test_resources_that_name_at_least_how_names_begin(resource: str) -> None:
    assert not is_unnamed(resource)


@pytest.mark.parametrize(
    ("resource", "service", "answer"),
    [
        ("*", "kms", True),
        ("arn:*", "kms", True),
        ("arn:aws:k*", "kms", True),
        ("arn:aws:kms:*", "kms", True),
        ("arn:*:s3:::one", "kms", True),
        ("arn:aws:km?:eu-west-1:111122223333:key/a", "kms", True),
        ("arn:aws:kms:eu-west-1:111122223333:key/a", "kms", True),
        ("arn:aws:s3:::one/*", "kms", False),
        ("arn:aws:s*", "kms", False),
        ("arn:aws:s3", "kms", False),
        ("arn:aws:km", "kms", False),
        ("arn:aws:km:*", "kms", False),
        ("", "kms", False),
    ],
)
def test_a_wildcard_may_reach_into_a_service(resource: str, service: str, *, answer: bool) -> None:
    assert concerns(resource, service) is answer


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [("*", True), ("*:*", True), ("?*", True), ("a*", False), ("", False), (":", False)],
)
def test_a_pattern_of_wildcards_alone_is_everything(pattern: str, *, answer: bool) -> None:
    assert is_everything(pattern) is answer


def test_actions_are_those_of_the_reference_whatever_their_case() -> None:
    assert expand("SQS:sendm*") == {"sqs:SendMessage"}
    assert expand("sqs:Sing") == expand("nothing") == expand("") == frozenset()
    assert len(expand("*")) > 15_000


def test_what_an_action_can_be_restricted_to_is_known() -> None:
    assert resource_patterns("iam:PassRole") == ("arn:*:iam::*:role/*",)
    assert resource_patterns("ecr:GetAuthorizationToken") == ()
    assert resource_patterns("sqs:Sing") == ()
    assert resource_patterns("ssm:SendCommand") == ("arn:*:ssm:*:*:document/*",)


def test_every_action_of_the_pack_is_in_the_reference() -> None:
    named = {action for method in METHODS for action in method.actions}
    named = named.union(*categories().values())
    assert {action for action in named if expand(action) != {action}} == set()


def test_who_manages_permissions_is_found_among_those_who_write() -> None:
    managing = with_access_level("Permissions management")
    assert {"sqs:AddPermission", "kms:PutKeyPolicy", "iam:PutRolePolicy"} <= managing
    assert "sqs:SendMessage" not in managing


def test_a_thousand_documents_are_analysed_within_five_seconds() -> None:
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": ["sqs:Send*", "s3:Get*"], "Resource": "arn:aws:s3:::a/*"},
        {"Effect": "Allow", "Action": "logs:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
    ]
    members: list[Member] = []
    for number in range(500):
        name = f"role-{number}"
        members.append(_member(ROLE, name, {"name": name}))
        for part in ("a", "b"):
            # Every document is another one, so that nothing is answered from memory.
            body = {"Statement": [*statements, {**statements[0], "Sid": f"{part}{number}"}]}
            given = {"role": name, "policy": json.dumps(body)}
            members.append(_member(ROLE_POLICY, f"{name}-{part}", given))

    began = time.monotonic()
    found = list(identities(Stack(tuple(members))))
    escalating = [identity for identity in found if any(escalations(identity))]
    exposing = [identity for identity in found if any(exposures(identity))]

    assert time.monotonic() - began < 5
    assert len(found) == len(exposing) == 500
    assert escalating == []


def _member(kind: str, name: str, properties: dict[str, str]) -> Member:
    return Member(kind, name, urn(kind, name), lambda: Place(properties, ""), {})
