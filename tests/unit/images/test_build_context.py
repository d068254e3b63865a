"""An image's hash changes exactly when what the image holds may change."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.images.build_context import content_hash, context_files

NAMES = st.lists(st.sampled_from(["a", "b", "c.py", "d e", "ü"]), min_size=1, max_size=3).map(
    "/".join
)
FILES = st.dictionaries(
    NAMES,
    st.tuples(st.binary(max_size=8), st.sampled_from([0o600, 0o644, 0o755])),
    max_size=4,
).filter(lambda files: not any(other.startswith(f"{name}/") for name in files for other in files))
RECIPES = st.dictionaries(st.sampled_from(["target", "platform"]), st.sampled_from(["x", "y"]))
Files = Mapping[str, tuple[bytes, int]]


def write(folder: Path, files: Files, dockerfile: bytes = b"FROM scratch\n") -> Path:
    for name, (content, mode) in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
    (folder / "Dockerfile").write_bytes(dockerfile)
    return folder / "Dockerfile"


def hashed(files: Files, recipe: Mapping[str, str], dockerfile: bytes = b"FROM scratch\n") -> str:
    with tempfile.TemporaryDirectory() as folder:
        return content_hash(Path(folder), write(Path(folder), files, dockerfile), recipe)


@settings(max_examples=50)
@given(FILES, FILES, RECIPES, RECIPES)
def test_two_contents_have_one_hash_exactly_if_they_are_the_same(
    first: Files, second: Files, recipe: Mapping[str, str], other: Mapping[str, str]
) -> None:
    same = (first, recipe) == (second, other)
    assert (hashed(first, recipe) == hashed(second, other)) is same
    assert hashed(first, recipe) == hashed(first, recipe)


@settings(max_examples=50)
@given(FILES, st.binary(max_size=8), st.binary(max_size=8))
def test_another_dockerfile_is_another_image(files: Files, first: bytes, second: bytes) -> None:
    assert (hashed(files, {}, first) == hashed(files, {}, second)) is (first == second)


@settings(max_examples=50)
@given(FILES, FILES)
def test_what_is_ignored_never_counts(files: Files, ignored: Files) -> None:
    kept = {f"kept/{name}": file for name, file in files.items()}
    left_out = {f"left/{name}": file for name, file in ignored.items()}
    rules = {".dockerignore": (b"left\n", 0o644)}
    assert hashed({**kept, **rules}, {}) == hashed({**kept, **left_out, **rules}, {})


def test_times_owners_and_place_of_the_folder_do_not_count(tmp_path: Path) -> None:
    hashes = set()
    for name, time in (("one", 1), ("two", 2_000_000_000)):
        dockerfile = write_in(tmp_path / name, {"a": (b"1", 0o644)})
        os.utime(tmp_path / name / "a", (time, time))
        hashes.add(content_hash(tmp_path / name, dockerfile, {}))
    assert len(hashes) == 1


def write_in(folder: Path, files: Files) -> Path:
    folder.mkdir()
    return write(folder, files)


def test_the_dockerfile_counts_even_where_it_is_ignored(tmp_path: Path) -> None:
    dockerfile = write(tmp_path, {".dockerignore": (b"*\n", 0o644)})
    before = content_hash(tmp_path, dockerfile, {})
    dockerfile.write_bytes(b"FROM busybox\n")
    assert context_files(tmp_path, dockerfile) == []
    assert content_hash(tmp_path, dockerfile, {}) != before


def test_the_dockerfiles_own_ignore_file_comes_before_the_contexts(tmp_path: Path) -> None:
    own = {"Dockerfile.dockerignore": (b"a\n", 0o644), ".dockerignore": (b"b\n", 0o644)}
    dockerfile = write(tmp_path, {**own, "a": (b"", 0o644), "b": (b"", 0o644)})
    assert "b" in context_files(tmp_path, dockerfile)
    assert "a" not in context_files(tmp_path, dockerfile)


@pytest.mark.parametrize("target", ["a", "elsewhere", "folder", "../outside"])
def test_a_link_counts_by_where_it_leads_and_what_is_there(tmp_path: Path, target: str) -> None:
    (tmp_path / "outside").write_bytes(b"1")
    dockerfile = write_in(tmp_path / "x", {"a": (b"1", 0o644), "folder/b": (b"1", 0o644)})
    link = tmp_path / "x" / "link"
    hashes = [content_hash(tmp_path / "x", dockerfile, {})]
    link.symlink_to(target)
    hashes.append(content_hash(tmp_path / "x", dockerfile, {}))
    (tmp_path / "outside").write_bytes(b"2")
    hashes.append(content_hash(tmp_path / "x", dockerfile, {}))
    distinct = 3 if target == "../outside" else 2
    assert len(set(hashes)) == distinct
