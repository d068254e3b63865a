"""Fixed names and ARNs: known, unique, and within AWS's limits."""

import pulumi
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components import Environment
from components.environment import shortened
from components.settings import IamSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT

names = st.text("abcdefgh-", min_size=1, max_size=120)
limits = st.integers(10, 100)


@given(names, limits)
def test_a_shortened_name_is_within_its_limit_and_always_the_same(name: str, limit: int) -> None:
    found = shortened(name, limit)
    assert len(found) <= limit
    assert found == shortened(name, limit)


@given(names, names, limits)
def test_different_names_stay_different(one: str, other: str, limit: int) -> None:
    assume(one != other)
    assert shortened(one, limit) != shortened(other, limit)


@given(st.text("ab", min_size=40, max_size=60), st.text("ab", min_size=1, max_size=9), limits)
def test_long_names_with_one_beginning_stay_different(stem: str, end: str, limit: int) -> None:
    assert shortened(stem + end, limit) != shortened(stem, limit)


@given(names, limits)
def test_a_name_within_the_limit_stays_as_it_is(name: str, limit: int) -> None:
    assert (shortened(name, limit) == name) == (len(name) <= limit)


def test_names_that_are_unique_in_an_account_hold_the_region() -> None:
    assert ENVIRONMENT.global_name("web", "task") == "platform-test-eu-west-1-web-task"
    assert ENVIRONMENT.regional_name("web") == "platform-test-web"


@pytest.mark.parametrize("limit", [64, 80, 100])
def test_names_of_a_long_project_keep_to_the_limit(limit: int) -> None:
    long = Environment(
        project="a-project-with-a-name-that-goes-on-and-on-and-on",
        stack="a-stack-with-another-long-name-of-its-own",
        account="111122223333",
        partition="aws",
        region="ap-southeast-1",
    )
    found = {long.global_name("web", purpose, limit=limit) for purpose in ("task", "execution")}
    assert len(found) == 2
    assert all(len(name) <= limit for name in found)


def test_arns_are_of_the_partition_region_and_account() -> None:
    china = Environment("platform", "test", "444455556666", "aws-cn", "cn-north-1")

    def program() -> None:
        pulumi.export("queue", china.arn("sqs", pulumi.Output.from_input("orders")))
        pulumi.export("policy", china.aws_managed_policy("AmazonEKSClusterPolicy"))

    assert programs.run(program, preview=False).exports == {
        "queue": "arn:aws-cn:sqs:cn-north-1:444455556666:orders",
        "policy": "arn:aws-cn:iam::aws:policy/AmazonEKSClusterPolicy",
    }


def test_where_a_stack_lives_is_asked_of_aws_and_pulumi() -> None:
    found: list[Environment] = []
    programs.run(lambda: found.append(Environment.lookup(IamSettings())), preview=True)
    assert found == [ENVIRONMENT]
