"""Finds the Pulumi CLI: on PATH, in the cache, by its installer, or by building it from source.

The cache is ``.sandbox/cli``; the environment variable SANDBOX_CLI_CACHE names another one, which
several clones may share.
"""

import contextlib
import fcntl
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from semver import VersionInfo

from sandbox import cli_build, environment
from sandbox.console import Console
from sandbox.errors import NoCliError
from sandbox.layout import ROOT

# From this version on, an error in an after-hook fails the update; Pulumi.yaml requires it too.
MINIMUM = VersionInfo(3, 238, 0)
INSTALLER = "https://get.pulumi.com/install.sh"
_LANGUAGE_HOST = "pulumi-language-python"
_SECONDS_TO_REACH = 5
_SECONDS_TO_INSTALL = 600
_SECONDS_BETWEEN_LOOKS = 1
_SECONDS_TO_ANSWER = 60
_CACHED = re.compile(r"(?P<way>installed|built)-v(?P<version>\d+\.\d+\.\d+)-(?P<platform>.+)")
_INSTALL = "import sys; from pulumi.automation import PulumiCommand as P; P.install(sys.argv[1])"


@dataclass(frozen=True)
class PulumiCli:
    """A Pulumi CLI that the sandbox can use.

    Attributes:
        path: The executable.
        version: Its version, `MINIMUM` or later.
        how: How it was found, in words.
    """

    path: Path
    version: VersionInfo
    how: str

    def has_language_host(self) -> bool:
        """Whether the CLI finds Pulumi's language host for Python: official ones bring it."""
        beside = self.path.resolve().parent / _LANGUAGE_HOST
        return beside.exists() or shutil.which(_LANGUAGE_HOST) is not None


class _UnusableError(Exception):
    """Why one of the four ways gave no CLI."""


def find(console: Console) -> PulumiCli:
    """Find the CLI, or get it.

    Args:
        console: Told which CLI is used, and the progress of getting it.

    Raises:
        NoCliError: None of the four ways worked; the message says why each did not.
    """
    cache = cache_folder()
    tried: list[str] = []
    for way in (_on_path, _in_cache, _fetched):
        try:
            cli = way(cache, console, tried)
        except _UnusableError as error:
            tried.append(str(error))
        else:
            console.say(f"Pulumi CLI v{cli.version}, {cli.how}: {cli.path}")
            return cli
    reasons = "\n".join(f"  - {reason}" for reason in tried)
    raise NoCliError(
        f"No Pulumi CLI (v{MINIMUM} or later) was found, and none could be had:\n{reasons}\n"
        "Install it by hand (https://www.pulumi.com/docs/install/) and put it on PATH, or make "
        "one of these work."
    )


def cache_folder() -> Path:
    """The folder that installed and built CLIs are kept in."""
    return Path(os.environ.get("SANDBOX_CLI_CACHE") or ROOT / ".sandbox" / "cli").absolute()


def _on_path(cache: Path, _: Console, __: list[str]) -> PulumiCli:
    found = shutil.which("pulumi")
    if not found:
        raise _UnusableError("on PATH: there is no `pulumi`")
    try:
        return PulumiCli(Path(found), _version(Path(found), cache), "found on PATH")
    except _UnusableError as error:
        raise _UnusableError(f"on PATH: {error}") from None


def _in_cache(cache: Path, _: Console, __: list[str]) -> PulumiCli:
    found = []
    for folder in cache.glob("*-v*"):
        match = _CACHED.fullmatch(folder.name)
        path = folder / "bin" / "pulumi"
        if match and match["platform"] == _platform() and os.access(path, os.X_OK):
            version = VersionInfo.parse(match["version"])
            if version >= MINIMUM:
                found.append((version, path, match["way"]))
    if not found:
        raise _UnusableError(f"in the cache: {cache} holds none")
    version, path, way = max(found)
    return PulumiCli(path, version, f"{way} earlier")


def _fetched(cache: Path, console: Console, tried: list[str]) -> PulumiCli:
    cache.mkdir(parents=True, exist_ok=True)
    with _locked(cache, console):
        with contextlib.suppress(_UnusableError):
            return _in_cache(cache, console, tried)  # another run has got it meanwhile
        try:
            return _installed(cache, console)
        except _UnusableError as error:
            tried.append(f"by the official installer: {error}")
        try:
            return _built(cache, console)
        except cli_build.BuildError as error:
            raise _UnusableError(f"by building it: {error}") from None


def _installed(cache: Path, console: Console) -> PulumiCli:
    try:
        request = urllib.request.Request(INSTALLER, method="HEAD")
        urllib.request.urlopen(request, timeout=_SECONDS_TO_REACH).close()  # noqa: S310 - a constant https address
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise _UnusableError(f"{INSTALLER} cannot be reached ({reason})") from None
    console.say(f"Installing the Pulumi CLI with {INSTALLER} (about a minute).")
    draft = cache / "installing"
    shutil.rmtree(draft, ignore_errors=True)
    # A process group of its own, so that the installer's children can be ended with it.
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _INSTALL, str(draft)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    try:
        said = _wait(process, console)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        console.done()
    if process.returncode:
        raise _UnusableError(f"it failed: {(said.strip() or 'no message').splitlines()[-1]}")
    return _keep(draft, cache, "installed")


def _wait(process: "subprocess.Popen[str]", console: Console) -> str:
    """Wait for the installer, which tells nothing until it ends, and show that it is at work."""
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < _SECONDS_TO_INSTALL:
        try:
            return process.communicate(timeout=_SECONDS_BETWEEN_LOOKS)[0]
        except subprocess.TimeoutExpired:
            console.progress(f"installing the Pulumi CLI: {int(seconds)} s")
    raise _UnusableError(f"it did not finish in {_SECONDS_TO_INSTALL} s")


def _built(cache: Path, console: Console) -> PulumiCli:
    draft = cli_build.build(cache / "building", console)
    cli = _keep(draft, cache, "built")
    shutil.rmtree(cache / "building", ignore_errors=True)
    return cli


def _keep(draft: Path, cache: Path, way: str) -> PulumiCli:
    """Move a finished CLI to its place in the cache, in one step."""
    try:
        version = _version(draft / "bin" / "pulumi", cache)
    except _UnusableError as error:
        raise _UnusableError(f"what it gave is unusable: {error}") from None
    final = cache / f"{way}-v{version}-{_platform()}"
    shutil.rmtree(final, ignore_errors=True)
    draft.rename(final)
    return PulumiCli(final / "bin" / "pulumi", version, f"just {way}")


def _version(path: Path, cache: Path) -> VersionInfo:
    variables = environment.clean(os.environ) | {
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_HOME": str(cache.parent / "home"),
    }
    try:
        answer = subprocess.run(  # noqa: S603 - the CLI in question
            [path, "version"],
            check=True,
            capture_output=True,
            env=variables,
            text=True,
            timeout=_SECONDS_TO_ANSWER,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        raise _UnusableError(f"{path} does not run ({_reason(error)})") from None
    try:
        version = VersionInfo.parse(answer.removeprefix("v"))
    except ValueError:
        raise _UnusableError(f"{path} does not tell its version, it says {answer!r}") from None
    if version < MINIMUM:
        raise _UnusableError(f"{path} is v{version}, older than v{MINIMUM}")
    return version


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"exit code {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no answer in {_SECONDS_TO_ANSWER} s"
    return getattr(error, "strerror", None) or str(error)


def _platform() -> str:
    return f"{platform.system()}-{platform.machine()}".lower()


@contextlib.contextmanager
def _locked(cache: Path, console: Console) -> Iterator[None]:
    with (cache / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.say("Waiting for another run that is getting the Pulumi CLI.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
