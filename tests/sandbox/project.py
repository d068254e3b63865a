"""A copy of the project that a test may change and deploy, as a fork on another machine would."""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.standins.record import Entry, Record

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Deployment:
    """What `sandbox export` prints."""

    text: str
    resources: list[dict[str, Any]] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Deployment":
        """Parse an export."""
        deployment = json.loads(text)["deployment"]
        return cls(
            text,
            deployment.get("resources") or [],
            deployment.get("pending_operations") or [],
        )

    def of(self, type_: str) -> list[dict[str, Any]]:
        """Return the resources of a type."""
        return [resource for resource in self.resources if resource["type"] == type_]

    def managed(self) -> list[tuple[str, str]]:
        """Return type and id of everything that exists in the cloud, by the state."""
        return sorted(
            (resource["type"], resource["id"])
            for resource in self.resources
            if resource.get("custom")
            and not resource.get("delete")
            and not resource["type"].startswith("pulumi:providers:")
        )


class Project:
    """A copy of the project's files in a folder of its own.

    Args:
        folder: where to copy to; a git repository with everything committed is made there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        copy_project(folder)
        self._git("init", "--quiet")
        self._git("add", "--all")
        self._git(
            "-c", "user.name=test", "-c", "user.email=test@example.com",
            "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "copy",
        )  # fmt: skip

    def sandbox(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run `python -m sandbox` in the copy and check its exit code (None: any)."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if code is not None:
            assert done.returncode == code, done.stdout + done.stderr
        return done

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `python -m sandbox` in the copy without waiting for it."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of the sandbox."""
        return [sys.executable, "-m", "sandbox", *arguments]

    def export(self, *arguments: str) -> Deployment:
        """Return the stack's state, as the CLI exports it."""
        return Deployment.read(self.sandbox("export", *arguments).stdout)

    def cloud(self, stack: str = "dev") -> list[Entry]:
        """Return what exists by the stand-ins' own record."""
        file = self.folder / ".sandbox" / stack / "cloud.db"
        return Record(file).entries() if file.exists() else []

    def cli_pid(self, stack: str = "dev") -> int:
        """Return the pid of the CLI that works on a stack, or was the last to do so."""
        lock = self.folder / ".sandbox" / stack / "cli.lock"
        return int(json.loads(lock.read_text(encoding="utf-8"))["pid"])

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit a file as a person would; the text must be there once."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} has {text.count(old)} of {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def restore(self) -> None:
        """Undo all edits."""
        self._git("checkout", "--quiet", ".")

    def changes(self) -> str:
        """Return what `git status` sees."""
        return self._git("status", "--porcelain")

    def _git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout


def copy_project(folder: Path) -> None:
    """Copy the project's files, without what git ignores, into `folder`."""
    for name in files(ROOT):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)


def files(root: Path) -> list[Path]:
    """Return the files below a folder, relative to it, without what git ignores there.

    An empty repository elsewhere answers: a project that `pulumi new` or a plain copy made has none
    of its own, or is a folder of another project's.
    """
    with tempfile.TemporaryDirectory() as empty:
        repository = ["git", f"--git-dir={empty}", f"--work-tree={root}"]
        subprocess.run([*repository, "init", "--quiet"], check=True)
        listed = subprocess.run(
            [*repository, "ls-files", "-z", "--others", "--exclude-standard"],
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    return [Path(name) for name in listed.split("\0") if (root / name).is_file()]
