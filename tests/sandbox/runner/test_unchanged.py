from typing import Any

import pytest

from sandbox import unchanged
from sandbox.layout import Layout
from sandbox.outcome import Outcome
from sandbox.state import Resource, State

URN = "urn:pulumi:dev::tiny::aws:sqs/queue:Queue::jobs"
OTHER = "urn:pulumi:dev::tiny::aws:sqs/queue:Queue::other"
PROVIDER = "urn:pulumi:dev::tiny::pulumi:providers:aws::default"


def resource(urn: str, type_: str = "aws:sqs/queue:Queue") -> Resource:
    return Resource(urn, type_, "jobs", "q", "", True, False)  # noqa: FBT003 - a record's fields


BEFORE = State(resources=(resource(URN), resource(PROVIDER, "pulumi:providers:aws")), outputs={})
OLD: dict[str, Any] = {
    "urn": URN,
    "id": "q",
    "inputs": {"list": [2, 1]},
    "outputs": {"arn": "a"},
    "dependencies": ["a", "b"],
    "propertyDependencies": {"name": ["x", "y"]},
    "modified": "yesterday",
}


@pytest.fixture
def deployed(layout: Layout) -> Layout:
    layout.project_copy.write_text("name: tiny\n", encoding="utf-8")
    layout.stack_copy.write_text("config: {}\n", encoding="utf-8")
    unchanged.note(layout)
    return layout


def planned(op: str = "same", **new: object) -> Outcome:
    kept = {key: value for key, value in OLD.items() if key not in {"id", "outputs"}}
    step = {"op": op, "urn": URN, "oldState": OLD, "newState": kept | new}
    return Outcome("preview", digest={"steps": [step]})


def test_a_preview_that_keeps_everything_needs_no_update(deployed: Layout) -> None:
    assert not unchanged.would_change(planned(modified="today"), BEFORE, deployed)


def test_the_order_of_dependencies_does_not_matter(deployed: Layout) -> None:
    same = planned(dependencies=["b", "a"], propertyDependencies={"name": ["y", "x"]})
    assert not unchanged.would_change(same, BEFORE, deployed)


@pytest.mark.parametrize(
    "changed",
    [
        planned("update"),
        planned("create"),
        planned(protect=True),
        planned(parent="urn:other"),
        planned(dependencies=["a"]),
        planned(inputs={"list": [1, 2]}),
    ],
    ids=["update", "create", "protect", "parent", "dependencies", "order of inputs"],
)
def test_anything_else_needs_one(deployed: Layout, changed: Outcome) -> None:
    assert unchanged.would_change(changed, BEFORE, deployed)


def test_changed_outputs_need_one(deployed: Layout) -> None:
    outcome = planned()
    outcome.outputs_change = True
    assert unchanged.would_change(outcome, BEFORE, deployed)


def test_secret_outputs_need_one(deployed: Layout) -> None:
    before = State(resources=BEFORE.resources, outputs={}, has_secret_output=True)
    assert unchanged.would_change(planned(), before, deployed)


def test_open_operations_need_one(deployed: Layout) -> None:
    before = State(resources=BEFORE.resources, outputs={}, pending=(("creating", URN),))
    assert unchanged.would_change(planned(), before, deployed)


def test_a_resource_without_a_step_needs_one(deployed: Layout) -> None:
    before = State(resources=(*BEFORE.resources, resource(OTHER)), outputs={})
    assert unchanged.would_change(planned(), before, deployed)


def test_a_changed_configuration_needs_one(deployed: Layout) -> None:
    """It may change a default provider, which a preview does not show."""
    deployed.stack_copy.write_text("config: {aws:region: eu-west-1}\n", encoding="utf-8")
    assert unchanged.would_change(planned(), BEFORE, deployed)


def test_a_first_deployment_needs_one(layout: Layout) -> None:
    assert unchanged.would_change(planned(), BEFORE, layout)


def test_no_value_of_the_configuration_is_noted(deployed: Layout) -> None:
    deployed.stack_copy.write_text("config: {a: canary}\n", encoding="utf-8")
    unchanged.note(deployed)
    assert "canary" not in deployed.deployed.read_text(encoding="utf-8")
