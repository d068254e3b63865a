"""Secrets on EKS on the real engine: what another content replaces, and that all of it goes."""

import json
from pathlib import Path

import pytest

from tests.sandbox.project import Project

pytestmark = pytest.mark.engine

EXAMPLE = Path("examples/secrets-on-eks.yaml")
FILE = ("--config", str(EXAMPLE))
COPY = "kubernetes:external-secrets.io/v1:ExternalSecret"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def planned(project: Project) -> set[tuple[str, str]]:
    """Return what a preview would do: operations and what with, by type and name."""
    said = json.loads(project.sandbox("preview", "--json", *FILE).stdout)
    return {
        (step["op"], "::".join(step["urn"].split("$")[-1].split("::")[-2:]))
        for step in said["steps"]
        if step["op"] != "same"
    }


def test_another_content_is_another_secret_and_starts_new_pods(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.sandbox("up", *FILE)
    file = project.folder / EXAMPLE
    file.write_text(file.read_text().replace("database:user\n", "database:username\n"))
    assert planned(project) == {
        ("replace", f"{COPY}::shop-secretsmanager-us-east-1-secret"),
        ("update", f"{DEPLOYMENT}::shop-deployment"),
    }

    project.sandbox("up", *FILE)
    assert planned(project) == set()
    project.sandbox("down", *FILE)
    assert project.cloud("secrets-on-eks") == []
