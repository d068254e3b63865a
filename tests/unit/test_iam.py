"""Roles: all within the stack's permissions boundary, none with more than IAM takes."""

import pulumi
import pytest

from components.iam import INLINE_POLICY_LIMIT, allow, create_role, document
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.programs import ROOT, read_stack

ROLE = "aws:iam/role:Role"
BOUNDARY = "arn:aws:iam::111122223333:policy/workload-boundary"


def test_every_role_of_a_full_stack_is_within_the_boundary(*, preview: bool) -> None:
    given = {**read_stack("dev"), "iam": {"permissionBoundary": BOUNDARY}}
    run = programs.page(given, preview=preview)
    assert len(run.of(ROLE)) >= 8
    assert {role.inputs.get("permissionsBoundary") for role in run.of(ROLE)} == {BOUNDARY}


def test_without_a_boundary_roles_have_none() -> None:
    run = programs.platform("dev", preview=False)
    assert not any("permissionsBoundary" in role.inputs for role in run.of(ROLE))


def role_with(characters: int) -> None:
    """Create a role whose policy has so many characters."""
    parent = pulumi.ComponentResource("test:index:Parent", "parent")
    resource = "arn:aws:s3:::" + "x" * characters
    create_role(
        "web",
        fixed_name="web",
        trust=document([]),
        environment=ENVIRONMENT,
        parent=parent,
        statements=[allow(["s3:GetObject"], [resource])],
    )


def test_a_policy_that_iam_would_not_take_says_so_in_the_preview() -> None:
    with pytest.raises(pulumi.RunError) as raised:
        programs.run(lambda: role_with(INLINE_POLICY_LIMIT), preview=True)
    assert str(raised.value).startswith("web: its policy has 103")
    assert str(raised.value).endswith(
        "and a role's policies may have 10240: grant less, or split the service"
    )


def test_every_role_of_this_project_is_made_in_one_place() -> None:
    makers = [
        file.relative_to(ROOT).as_posix()
        for file in sorted((ROOT / "components").rglob("*.py"))
        if "aws.iam.Role(" in file.read_text(encoding="utf-8")
    ]
    assert makers == ["components/iam.py"]
