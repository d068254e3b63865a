"""Access to an EKS cluster: one entry for each role, and what its lists together allow."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.eks.access import access
from components.settings import EksSettings
from tests.unit.support import programs
from tests.unit.support.engine import Recorder, Registration

ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
PREFIX = "arn:aws:eks::aws:cluster-access-policy/"


def role(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


def cluster(**settings: object) -> None:
    programs.eks(programs.network(), **settings)


def known(**settings: object) -> Recorder:
    return programs.run(lambda: cluster(**settings), preview=False)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    settings: dict[str, Any] = {
        "adminRoleArns": [role("Admin")],
        "viewerRoleArns": [role("Auditor")],
        "namespaces": {
            "shop": {"editorRoleArns": [role("Shop")], "viewerRoleArns": [role("Office")]},
            "office": {"editorRoleArns": [role("Office")], "viewerRoleArns": [role("Auditor")]},
        },
    }
    return programs.run(lambda: cluster(**settings), preview=preview)


def granted(run: Recorder) -> dict[str, dict[str, Any]]:
    """Return policies by role, each with its scope."""
    found: dict[str, dict[str, Any]] = {}
    for association in run.of(ASSOCIATION):
        name = association.inputs["principalArn"].rpartition("/")[2]
        policy = association.inputs["policyArn"].removeprefix(PREFIX)
        found.setdefault(name, {})[policy] = association.inputs["accessScope"]
    return found


def test_a_role_has_one_entry_whatever_lists_name_it(run: Recorder) -> None:
    principals = sorted(entry.inputs["principalArn"] for entry in run.of(ENTRY))
    assert principals == [role(name) for name in ("Admin", "Auditor", "Office", "Shop")]
    assert {entry.inputs["type"] for entry in run.of(ENTRY)} == {"STANDARD"}


def test_administrators_have_the_cluster_and_a_team_its_namespace(run: Recorder) -> None:
    assert granted(run) == {
        "Admin": {"AmazonEKSClusterAdminPolicy": {"type": "cluster"}},
        "Auditor": {"AmazonEKSViewPolicy": {"type": "cluster"}},
        "Office": {
            "AmazonEKSEditPolicy": {"type": "namespace", "namespaces": ["office"]},
            "AmazonEKSViewPolicy": {"type": "namespace", "namespaces": ["shop"]},
        },
        "Shop": {"AmazonEKSEditPolicy": {"type": "namespace", "namespaces": ["shop"]}},
    }


def test_who_may_only_see_sees_no_secret() -> None:
    run = known(
        viewerRoleArns=[role("Auditor")], namespaces={"shop": {"viewerRoleArns": [role("Shop")]}}
    )
    policies = {policy for found in granted(run).values() for policy in found}
    # AmazonEKSAdminViewPolicy shows everything, Secrets too.
    assert policies == {"AmazonEKSViewPolicy"}


def test_a_policy_in_two_namespaces_is_one_association() -> None:
    team = {"viewerRoleArns": [role("Team")]}
    run = known(namespaces={"shop": team, "office": team})
    assert granted(run)["Team"] == {
        "AmazonEKSViewPolicy": {"type": "namespace", "namespaces": ["office", "shop"]}
    }


def test_a_policy_comes_after_its_entry(run: Recorder) -> None:
    for association in run.of(ASSOCIATION):
        entry = one(run, association.inputs["principalArn"])
        assert entry.urn in association.dependencies


def test_what_replaces_an_entry_or_policy_comes_after_the_old_one_is_gone(run: Recorder) -> None:
    # The old one has the same identity: deleted last, it would take the new one with it.
    for found in (*run.of(ENTRY), *run.of(ASSOCIATION)):
        assert found.delete_before_replace, found.name


def test_an_entrys_name_stays_when_its_role_moves_to_another_list() -> None:
    viewer = known(viewerRoleArns=[role("Team")])
    admin = known(adminRoleArns=[role("Team")])
    assert viewer.one(ENTRY).urn == admin.one(ENTRY).urn


def one(run: Recorder, principal: str) -> Registration:
    (found,) = [entry for entry in run.of(ENTRY) if entry.inputs["principalArn"] == principal]
    return found


ROLES = st.lists(st.sampled_from([role("A"), role("B")]), unique=True)


@given(viewers=ROLES, shop=ROLES, office=ROLES)
def test_whoever_sees_the_cluster_sees_it_wholly_whatever_else_names_him(
    viewers: list[str], shop: list[str], office: list[str]
) -> None:
    settings = programs.section(
        EksSettings,
        {
            "viewerRoleArns": viewers,
            "namespaces": {"shop": {"viewerRoleArns": shop}, "office": {"viewerRoleArns": office}},
        },
    )
    found = access(settings)
    assert set(found) == {*viewers, *shop, *office}
    for name, policies in found.items():
        (scope,) = policies.values()
        named = [space for space, who in (("office", office), ("shop", shop)) if name in who]
        assert scope == (() if name in viewers else tuple(named))
