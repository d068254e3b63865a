"""The Pulumi CLI for tests that drive the real engine: found, or built, once per session."""

import functools
import os
import signal
from collections.abc import Iterator

import pytest

from sandbox import pulumi_cli
from sandbox.console import Console
from sandbox.pulumi_cli import PulumiCli
from tests.sandbox.deployments import Deployments


@functools.cache
def find_once() -> PulumiCli:
    # Copies of the project that tests make share this cache instead of building a CLI each.
    os.environ["SANDBOX_CLI_CACHE"] = str(pulumi_cli.cache_folder())
    found = pulumi_cli.find(Console())
    os.environ["PULUMI_CLI"] = str(found.path)
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Get the CLI before the first engine test, whose own time limit is shorter than a build."""
    if item.get_closest_marker("engine"):
        find_once()


@pytest.fixture(scope="session", autouse=True)
def _interrupts_reach_child_processes() -> Iterator[None]:
    """Undo that a shell's background job, as CI may be one, and all its children ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def cli() -> PulumiCli:
    """The Pulumi CLI that the sandbox uses."""
    return find_once()


@pytest.fixture(scope="session")
def deployments(tmp_path_factory: pytest.TempPathFactory) -> Deployments:
    """The repository's stack files, each deployed once for all tests of the session."""
    return Deployments(tmp_path_factory.mktemp("deployments"))
