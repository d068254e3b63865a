"""The order in which `down` deletes an EKS cluster and what runs on it, as the cloud saw it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import product

import pytest

from tests.sandbox.cluster import BINDING, GROUPS, WORKLOADS, Cluster, at, name
from tests.sandbox.edges import Resource
from tests.sandbox.project import Deployment, Project

pytestmark = pytest.mark.engine

PROFILE = "aws:eks/fargateProfile:FargateProfile"
RULE = "aws:lb/listenerRule:ListenerRule"
ADDON = "aws:eks/addon:Addon"
CONFIG = "examples/eks-teams.yaml"

WATCH = """
CREATE TABLE deleted (position INTEGER PRIMARY KEY, urn TEXT NOT NULL);
CREATE TRIGGER watch AFTER DELETE ON entries
BEGIN INSERT INTO deleted (urn) VALUES (OLD.urn); END;
"""
"""Has the stand-in cloud's record keep the order in which its entries go."""


class Downfall:
    """A cluster that was deployed and deleted.

    Args:
        before: the deployment.
        order: URNs of its resources in the order in which they went.
    """

    def __init__(self, before: Deployment, order: list[str]) -> None:
        self.before = before
        self.cluster = Cluster(before.resources)
        self.order = order

    def wrong(self, first: Sequence[Resource], later: Sequence[Resource]) -> list[str]:
        """Return what went in the wrong order: each as `LATER before FIRST`."""
        return [
            f"{name(after)} before {name(one)}"
            for one, after in product(first, later)
            if self.order.index(one["urn"]) > self.order.index(after["urn"])
        ]


@pytest.fixture(scope="module")
def down(tmp_path_factory: pytest.TempPathFactory) -> Downfall:
    """A stack with two namespaces that came up and went down."""
    project = Project(tmp_path_factory.mktemp("project"))
    project.sandbox("up", "--config", CONFIG)
    before = project.export("--config", CONFIG)
    record = project.folder / ".sandbox" / "eks-teams" / "cloud.db"
    with closing(sqlite3.connect(record)) as database:
        database.executescript(WATCH)
        project.sandbox("down", "--config", CONFIG)
        rows = database.execute("SELECT urn FROM deleted ORDER BY position").fetchall()
    return Downfall(before, [urn for (urn,) in rows])


def test_all_that_was_there_goes(down: Downfall) -> None:
    assert len(down.before.managed()) == len(down.order)


def test_pods_go_before_what_takes_them_out_of_the_load_balancer(down: Downfall) -> None:
    workloads = down.cluster.of(*WORKLOADS)
    bindings = down.cluster.of(BINDING)
    assert workloads
    assert bindings
    assert down.wrong(workloads, [*bindings, *down.cluster.of(GROUPS)]) == []


def test_bindings_go_before_the_controller_that_undoes_them(down: Downfall) -> None:
    # A binding has a finalizer of the controller: without it, the namespace never goes.
    controllers = down.cluster.controllers()
    assert controllers
    assert down.wrong(down.cluster.of(BINDING), [*controllers, *down.cluster.of(RULE)]) == []


def test_the_controller_goes_before_what_it_runs_on_and_what_it_may_do(down: Downfall) -> None:
    (controller,) = down.cluster.controllers()
    (account,) = [
        each
        for each in down.cluster.of("kubernetes:core/v1:ServiceAccount")
        if at(each, "metadata", "name") == at(controller, "values", "serviceAccount", "name")
    ]
    role = down.cluster.role(account)
    after = [account, role, *down.cluster.role_policies(role)]
    after += [*down.cluster.of(PROFILE, ADDON), down.cluster.logging(), *down.cluster.ways_out()]
    assert down.wrong([controller], after) == []


def test_profiles_go_one_after_the_other_and_before_the_role_of_their_pods(down: Downfall) -> None:
    profiles = down.cluster.of(PROFILE)
    assert len(profiles) >= 3
    roles = {at(each, "podExecutionRoleArn") for each in profiles}
    (role,) = [r for r in down.cluster.of("aws:iam/role:Role") if r["outputs"]["arn"] in roles]
    assert down.wrong(profiles, [role, *down.cluster.role_policies(role)]) == []
    for one, other in product(profiles, profiles):
        if down.cluster.follows(one, other):
            assert down.wrong([one], [other]) == []


def test_the_control_plane_goes_after_all_that_is_in_it(down: Downfall) -> None:
    objects = [r for r in down.before.resources if r["type"].startswith("kubernetes:")]
    inside = [*objects, *down.cluster.of(PROFILE, ADDON)]
    assert down.wrong(inside, down.cluster.of("aws:eks/cluster:Cluster")) == []
