"""Every stack file of the repository, deployed by the sandbox once for all tests that read it."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sandbox.standins.record import Entry
from tests.sandbox.project import ROOT, Deployment, Project

FILES = sorted([*(ROOT / "examples").glob("*.yaml"), *ROOT.glob("Pulumi.*.yaml")])


def read_config(file: Path) -> dict[str, Any]:
    """Return what a stack file says."""
    config: dict[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["config"]
    return config


def has_eks(file: Path) -> bool:
    """Say whether a stack file asks for an EKS cluster."""
    return bool(read_config(file).get("eks", {}).get("enabled"))


WITH_EKS = [file for file in FILES if has_eks(file)]


@dataclass(frozen=True)
class Deployed:
    """What the sandbox said and did with a stack file."""

    stack: str
    config: dict[str, Any]
    """What the stack file says."""
    exempt: frozenset[str]
    """Rules of the pack that are advice only, by the file beside the example."""
    first: dict[str, Any]
    """The preview before anything existed."""
    up: dict[str, Any]
    second: dict[str, Any]
    """The preview after `up`."""
    state: Deployment
    cloud: list[Entry]


class Deployments:
    """Deploys a stack file when it is first asked for, and keeps on disk what was said.

    Args:
        folder: where copies of the project and the sandbox's answers are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._projects: dict[Path, Project] = {}
        # All answers together are large, and tests ask for one file after the other.
        self.of = functools.lru_cache(maxsize=1)(self._of)

    def _of(self, file: Path) -> Deployed:
        stack = stack_name(file)
        answers = self._folder / f"{stack}.json"
        if file not in self._projects:
            self._projects[file] = Project(self._folder / stack)
            answers.write_text(json.dumps(_deploy(self._projects[file], file)), encoding="utf-8")
        said = json.loads(answers.read_text(encoding="utf-8"))
        levels = policy_levels(file)
        return Deployed(
            stack=stack,
            config=read_config(file),
            exempt=frozenset(json.loads(levels.read_text()) if levels.exists() else ()),
            first=said["first"],
            up=said["up"],
            second=said["second"],
            state=Deployment.read(said["state"]),
            cloud=self._projects[file].cloud(stack),
        )


def _deploy(project: Project, file: Path) -> dict[str, Any]:
    """Preview, deploy, preview again and export: what each of them printed."""
    config = ("--config", str(file.relative_to(ROOT)))
    levels = policy_levels(file)
    pack = ("--policy-pack-config", str(levels.relative_to(ROOT))) if levels.exists() else ()

    def said(verb: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(project.sandbox(verb, "--json", *config, *pack).stdout)
        return found

    first, up, second = said("preview"), said("up"), said("preview")
    return {"first": first, "up": up, "second": second, "state": project.export(*config).text}


def stack_name(file: Path) -> str:
    """Return the name that the sandbox gives to a stack file's stack."""
    return file.stem.removeprefix("Pulumi.")


def policy_levels(file: Path) -> Path:
    """Return the policy pack's configuration for an example that can't do without one."""
    return file.with_suffix(".policies.json")
