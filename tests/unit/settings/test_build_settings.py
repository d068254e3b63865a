"""Builds that can't work because of what is on the disk."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from components.settings import build
from components.settings.build import BuildSettings


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = (tmp_path / "project").resolve()
    (project / "web").mkdir(parents=True)
    (project / "web" / "Dockerfile").write_text("FROM --platform=linux/arm64 scratch\n")
    monkeypatch.setattr(build, "PROJECT_FOLDER", project)
    return project / "web"


def problem(name: str = "web") -> str:
    with pytest.raises(ValidationError) as raised:
        BuildSettings(context=name)
    return str(raised.value)


def test_a_context_that_can_be_built_is_taken_with_or_without_dot_and_slash(context: Path) -> None:
    assert [BuildSettings(context=path).folder for path in ("web", "./web/")] == [context] * 2
    assert BuildSettings(context="web").dockerfile_path == "web/Dockerfile"
    assert BuildSettings(context="web").fixed_platform == "linux/arm64"


def test_a_link_out_of_the_project_is_refused(context: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "Dockerfile").write_text("FROM scratch\n")
    (context.parent / "linked").symlink_to(tmp_path / "outside")
    assert "linked is a link to a place outside of the project" in problem("linked")


def test_a_link_to_nothing_is_refused_unless_it_is_ignored(context: Path) -> None:
    (context / "data").symlink_to("nowhere")
    assert "data is a link that leads nowhere" in problem()
    (context / ".dockerignore").write_text("data\n")
    assert BuildSettings(context="web").folder == context


def test_an_ignore_file_that_is_not_valid_is_named(context: Path) -> None:
    (context / ".dockerignore").write_text("a\n[b\n")
    assert ".dockerignore: [b isn't a pattern" in problem()


def test_a_dockerfile_that_is_no_text_is_refused(context: Path) -> None:
    (context / "Dockerfile").write_bytes(b"FROM \xff")
    assert "dockerfile Dockerfile: isn't UTF-8 text" in problem()
