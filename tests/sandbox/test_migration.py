"""A task at deployment on the real engine: what it comes before, and when it runs again."""

import json
from pathlib import Path

import pytest

from tests.sandbox.edges import reached
from tests.sandbox.project import Project

pytestmark = pytest.mark.engine

FILE = Path("examples/upgrade.yaml")
CONFIG = ("--config", str(FILE))
OLD, NEW = "python:3.12-slim", "python:3.13-slim"
STAND_IN = "sandbox/standins/aws/services/lambda_functions.py"
INVOKED = "def _invocation_id(facts: Facts) -> str:\n"
STACK = f"""
config:
  aws:region: us-east-1
  aws:defaultTags: {{tags: {{environment: example}}}}
  network: {{zones: 2, nat: single}}
  jobs:
    migrate:
      image: public.ecr.aws/docker/library/{OLD}
      atDeployment: {{}}
  services:
    other:
      image: public.ecr.aws/docker/library/python:3.11-slim
    shop:
      image: public.ecr.aws/docker/library/python:3.11-slim
      after: [migrate]
"""


def planned(project: Project) -> dict[str, str]:
    """Return what a preview would do, by the names of resources."""
    said = json.loads(project.sandbox("preview", "--json", *CONFIG).stdout)
    return {
        step["urn"].rpartition("::")[2]: step["op"]
        for step in said["steps"]
        if step["op"] != "same"
    }


def test_it_runs_before_services_that_wait_for_it_and_again_when_its_task_definition_changes(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    file = project.folder / FILE
    file.write_text(STACK)
    project.sandbox("up", *CONFIG)
    assert planned(project) == {}

    by_urn = {each["urn"]: each for each in project.export(*CONFIG).resources}
    named = {urn.rpartition("::")[2]: urn for urn in by_urn}
    assert named["migrate-run"] in reached(named["shop-service"], by_urn)
    assert named["migrate-run"] not in reached(named["other-service"], by_urn)

    file.write_text(STACK.replace("3.11", "3.10"))
    assert not [name for name in planned(project) if name.startswith("migrate")]

    file.write_text(STACK.replace(OLD, NEW))
    assert planned(project) == {
        "migrate-task": "replace",
        # It says which revision runs.
        "migrate-run-function": "update",
        "migrate-run": "replace",
    }
    project.sandbox("up", *CONFIG)
    assert planned(project) == {}

    file.write_text(STACK.replace(OLD, NEW).replace("atDeployment: {}", "atDeployment: {again: x}"))
    assert planned(project) == {"migrate-run": "replace"}
    project.sandbox("down", *CONFIG)
    assert project.cloud("upgrade") == []


def test_where_it_fails_the_deployment_fails_and_leaves_what_waits_for_it_alone(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    (project.folder / FILE).write_text(STACK)
    # The function raised an error: the provider's create fails, with the function's answer.
    failing = (
        "    from sandbox.standins.package import Rejected\n"
        '    raise Rejected("RunFailedError: the task ended with exit code 3")\n'
    )
    project.replace(STAND_IN, INVOKED, INVOKED + failing)

    assert planned(project)["migrate-run"] == "create", "a preview calls nothing"
    said = project.sandbox("up", *CONFIG, code=1)
    assert "RunFailedError: the task ended with exit code 3" in said.stdout + said.stderr
    made = {each["urn"].rpartition("::")[2] for each in project.export(*CONFIG).resources}
    assert "migrate-run-function" in made
    assert not {"migrate-run", "shop-service"} & made

    project.replace(STAND_IN, failing, "")
    project.sandbox("up", *CONFIG)
    made = {each["urn"].rpartition("::")[2] for each in project.export(*CONFIG).resources}
    assert {"migrate-run", "shop-service"} <= made
