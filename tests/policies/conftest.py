"""The pack as the engine runs it: a program of its own that is spoken to over gRPC."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policies.protocol import PACK_FOLDER, Analyzer, RunningPack


@pytest.fixture(scope="session")
def pack() -> Iterator[Analyzer]:
    """The pack with its default configuration."""
    with RunningPack(PACK_FOLDER) as running:
        yield running.analyzer


@pytest.fixture
def configurable_pack() -> Iterator[Analyzer]:
    """A pack of the test's own, whose configuration it may change."""
    with RunningPack(PACK_FOLDER) as running:
        yield running.analyzer


@pytest.fixture
def renamed_pack(tmp_path: Path) -> Iterator[Analyzer]:
    """The pack in a folder of another name with nothing beside it, as publishing leaves it."""
    folder = tmp_path / "pulumi-analyzer-fargate-v0.1.0"
    shutil.copytree(PACK_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    with RunningPack(folder) as running:
        yield running.analyzer
