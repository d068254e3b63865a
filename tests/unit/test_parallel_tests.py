"""Tests of one deployed stack file run in one process, wherever they are."""

import pytest

from tests.conftest import OF_EACH_STACK, OF_ONE_STACK, group
from tests.sandbox.project import ROOT

FOLDER = "tests/sandbox"


@pytest.mark.parametrize(
    ("nodeid", "shared"),
    [
        (f"{FOLDER}/test_examples.py::test_it_deploys[dev]", "dev"),
        (f"{FOLDER}/test_order.py::test_logging[both-runtimes]", "both-runtimes"),
        (f"{FOLDER}/test_order.py::test_logging[jobs-x]", "jobs"),
        (f"{FOLDER}/test_order.py::test_logging[job-failures]", "job-failures"),
        (f"{FOLDER}/test_both_runtimes.py::test_nothing_differs[worker]", "both-runtimes"),
        (f"{FOLDER}/test_examples.py::test_the_closed_list", f"{FOLDER}/test_examples.py"),
        (f"{FOLDER}/test_story.py::TestLife::test_x[dev]", f"{FOLDER}/test_story.py"),
    ],
)
def test_a_test_shares_a_process_with_those_of_its_stack_or_module(
    nodeid: str, shared: str
) -> None:
    assert group(nodeid) == shared


def test_each_module_that_asks_for_a_deployment_is_known() -> None:
    asking = {
        file.name
        for file in (ROOT / FOLDER).rglob("test_*.py")
        if "deployments: Deployments" in file.read_text(encoding="utf-8")
    }
    assert asking == {*OF_EACH_STACK, *OF_ONE_STACK}
