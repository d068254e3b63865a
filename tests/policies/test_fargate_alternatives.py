"""What Fargate doesn't have is refused with what there is instead."""

import pytest

from tests.policies.cases import pods
from tests.policies.cases.case import Verdict
from tests.policies.protocol import Analyzer

INSTEAD = {
    "a DaemonSet": "what would be a DaemonSet as a container of each pod",
    "EBS": "In place of EBS, ask for ephemeral-storage up to 175 GiB, or mount an EFS file system",
    "a volume made for the pod": "In place of EBS",
    "claims made for each pod": "In place of EBS",
    "ARM": "x86_64 only; ECS on Fargate has ARM",
    "Spot": "no Spot; ECS has Fargate Spot",
    "Spot in Karpenter's words": "no Spot; ECS has Fargate Spot",
    "a GPU": "For a GPU, run the pod on nodes of EC2",
}
"""What a violation of k8s-fargate says, by the title of the case."""


@pytest.mark.parametrize(("title", "instead"), INSTEAD.items())
def test_a_violation_names_what_there_is_instead(pack: Analyzer, title: str, instead: str) -> None:
    (case,) = [each for each in pods.CASES if each.title == title and each.stack]
    (violation,) = pack.analyze_stack(case.stack).violations("k8s-fargate")
    assert instead in violation.message


def test_each_kind_of_thing_that_it_lacks_is_among_them() -> None:
    refused = {
        case.title
        for case in pods.CASES
        if case.rule == "k8s-fargate" and case.verdict is Verdict.FAIL
    }
    assert {title for title in refused if not title.startswith(tuple(INSTEAD))} == set()
