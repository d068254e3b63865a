"""Names of stack outputs: other stacks read them by StackReference, so they never change."""

import pytest

from tests.unit.support.programs import EVERY_STACK, STACKS, platform

FULL = {
    "vpcId",
    "privateSubnetIds",
    "ecsClusterName",
    "eksClusterName",
    "loadBalancerUrl",
    "queueUrls",
}
NAMES = FULL | {
    "isolatedSubnetIds",
    "topicArns",
    "bucketNames",
    "tableNames",
    "eventBusArns",
    "jobFailuresTopicArn",
}


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("stack", STACKS)
def test_a_full_stack_exports_exactly_these_names(stack: str, *, preview: bool) -> None:
    assert set(platform(stack, preview=preview).exports) == FULL


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_no_stack_exports_another_name(stack: str) -> None:
    assert set(platform(stack, preview=False).exports) <= NAMES


def test_names_are_camel_case() -> None:
    assert all(name.isalnum() and name[0].islower() for name in NAMES)
