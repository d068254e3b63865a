"""The workflows of a fork: what runs on a pull request, with which rights."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(
        (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")
    )
    return loaded


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit(file: Path) -> None:
    used = re.findall(r"uses: (\S+)", file.read_text(encoding="utf-8"))
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_may_only_read_the_repository(file: Path) -> None:
    assert workflow(file.name)["permissions"] == {"contents": "read"}
    assert "pull_request" in workflow(file.name)["on"]


def test_a_pull_request_runs_all_tests_and_previews_both_stacks_in_the_sandbox() -> None:
    jobs = workflow("checks.yml")["jobs"]
    assert "make test" in commands(jobs["test"])
    preview = jobs["sandbox-preview"]
    assert "make preview STACK=${{ matrix.stack }}" in commands(preview)
    stacks = sorted(file.name.split(".")[1] for file in ROOT.glob("Pulumi.*.yaml"))
    assert sorted(preview["strategy"]["matrix"]["stack"]) == stacks


def test_another_ci_runs_the_same_tests_by_a_script() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_a_fork_with_a_role_previews_against_its_account_with_the_pack() -> None:
    job = workflow("aws-preview.yml")["jobs"]["preview"]
    assert "vars.AWS_ROLE_ARN != ''" in job["if"]
    assert "head.repo.full_name == github.repository" in job["if"], "no credentials for strangers"
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert re.search(r"pulumi preview .*--policy-pack policies", commands(job))


def test_the_preview_against_aws_runs_the_cli_that_the_sandbox_builds() -> None:
    (version,) = re.findall(
        r"^require github.com/pulumi/pulumi/pkg/v3 v(\S+)$",
        (ROOT / "sandbox" / "cli-module" / "go.mod").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    job = workflow("aws-preview.yml")["jobs"]["preview"]
    assert job["env"]["PULUMI_VERSION"] == version
    assert '--version "$PULUMI_VERSION"' in commands(job)
