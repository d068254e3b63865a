"""The stand-in for docker-build checks and compares as the real provider does, and pushes nothing.

What is asserted of checks and differences was observed on the real provider, v0.0.22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.standins.crud import CrudServicer
from sandbox.standins.docker_build.provider import DockerBuild
from sandbox.standins.wire import UNKNOWN
from tests.sandbox.standins.conftest import Client

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.standins.record import Record

IMAGE = "urn:pulumi:dev::p::docker-build:index:Image::web"
TAG = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1"
PUSHED: dict[str, Any] = {
    "context": {"location": "web"},
    "exports": [{"registry": {"compression": "zstd", "compressionLevel": 3}}],
    "platforms": ["linux/amd64"],
    "push": False,
    "registries": [{"address": "example.com", "username": "AWS", "password": "one"}],
    "tags": [TAG],
}
NONE, SOME = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the engine runs in, with a context in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Dockerfile").write_text("# syntax=1\nARG A\nFROM scratch\n")
    (tmp_path / "web" / "app").write_text("1")
    return tmp_path


@pytest.fixture
def docker(record: Record, folder: Path) -> Client:
    del folder
    return Client(CrudServicer(DockerBuild(record)))


def test_defaults_and_the_contexts_own_dockerfile_are_filled_in(docker: Client) -> None:
    inputs, failures = docker.check(IMAGE, PUSHED)
    assert failures == []
    assert inputs["dockerfile"] == {"location": "web/Dockerfile"}
    assert (inputs["buildOnPreview"], inputs["network"]) == (True, "default")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"context": {"location": "nope"}}, "context.location: must be a folder"),
        ({"dockerfile": {"location": "web/Nope"}}, "dockerfile.location: must be a file that"),
        ({"dockerfile": {"inline": "HELLO x"}}, "dockerfile.inline: must begin with an instr"),
        ({"dockerfile": {"inline": "COPY a b"}}, "dockerfile.inline: must begin with FROM"),
        ({"dockerfile": {"inline": "FROM a", "location": "web/Dockerfile"}}, "not both"),
        ({"zzz": 1}, "zzz: no such property"),
        ({"tags": ["A B"]}, "tags[0]: must be a reference"),
        ({"tags": []}, "exports[0]: at least one tag is needed"),
        ({"push": None}, "push: must be given"),
        ({"platforms": ["linuxx"]}, "platforms[0]: must be an operating system"),
        ({"exports": [{"registry": {}, "docker": {}}]}, "exports[0]: must be of one type"),
        ({"exports": [{"registry": {"compression": "br"}}]}, "compression: must be one of gzip"),
    ],
)
def test_what_the_real_provider_refuses_is_refused(
    docker: Client, change: dict[str, Any], says: str
) -> None:
    _, failures = docker.check(IMAGE, {**PUSHED, **change})
    assert [failure for failure in failures if says in failure]


@pytest.mark.parametrize(
    "change",
    [
        {"tags": [UNKNOWN]},
        {"context": {"location": UNKNOWN}},
        {"context": {"location": "https://github.com/example/web.git"}},
        {"dockerfile": {"inline": "FROM scratch"}},
        {"exports": [{"raw": "type=cacheonly"}], "tags": []},
    ],
)
def test_what_the_real_provider_takes_is_taken(docker: Client, change: dict[str, Any]) -> None:
    assert docker.check(IMAGE, {**PUSHED, **change})[1] == []


def test_another_type_is_refused(docker: Client) -> None:
    with pytest.raises(Exception, match="docker-build:index:Index is not modelled"):
        docker.check(IMAGE.replace("Image", "Index"), {})


def test_a_preview_knows_no_digest_and_the_update_does(docker: Client) -> None:
    inputs, _ = docker.check(IMAGE, PUSHED)
    id_, state = docker.create(IMAGE, inputs, preview=True)
    assert (id_, state["ref"], state["digest"], state["contextHash"]) == ("", *[UNKNOWN] * 3)
    id_, state = docker.create(IMAGE, inputs)
    assert id_ == state["digest"]
    assert state["digest"].startswith("sha256:")
    assert state["ref"] == f"{TAG}@{state['digest']}"


def test_an_image_that_is_pushed_nowhere_has_no_digest(docker: Client) -> None:
    given = {**PUSHED, "exports": [{"raw": "type=cacheonly"}]}
    id_, state, _ = docker.deploy(IMAGE, **given)
    assert (id_, state["digest"], state["ref"]) == ("web", "", TAG)


def test_another_password_is_no_change_and_another_user_is_one(docker: Client) -> None:
    _, state, inputs = docker.deploy(IMAGE, **PUSHED)
    (login,) = PUSHED["registries"]
    for change, expected in (({"password": "two"}, NONE), ({"username": "me"}, SOME)):
        news = {**inputs, "registries": [{**login, **change}]}
        assert docker.diff(IMAGE, inputs, news, state=state).changes == expected


def test_a_changed_file_of_the_context_is_a_new_build_and_never_a_replacement(
    docker: Client, folder: Path
) -> None:
    id_, state, inputs = docker.deploy(IMAGE, **PUSHED)
    (folder / "web" / "app").write_text("2")
    diff = docker.diff(IMAGE, inputs, inputs, state=state)
    assert (list(diff.diffs), list(diff.replaces)) == (["contextHash"], [])
    assert docker.update(IMAGE, id_, state, inputs, preview=True)["digest"] == UNKNOWN
    updated = docker.update(IMAGE, id_, state, inputs)
    assert updated["digest"] != state["digest"]
    assert docker.diff(IMAGE, inputs, inputs, state=updated).changes == NONE


def test_with_an_ignore_file_what_no_build_may_see_is_no_change(
    docker: Client, folder: Path
) -> None:
    (folder / "web" / ".dockerignore").write_text("app\n")
    _, state, inputs = docker.deploy(IMAGE, **PUSHED)
    (folder / "web" / "app").write_text("2")
    assert docker.diff(IMAGE, inputs, inputs, state=state).changes == NONE
    (folder / "web" / "Dockerfile").write_text("FROM busybox\n")
    assert docker.diff(IMAGE, inputs, inputs, state=state).changes == SOME


def test_ecr_gives_another_password_each_time_and_lists_what_was_made(aws: Client) -> None:
    login = "aws:ecr/getAuthorizationToken:getAuthorizationToken"
    first, second = aws.invoke(login), aws.invoke(login)
    assert (first["userName"], first["password"] != second["password"]) == ("AWS", True)
    repositories = "aws:ecr/getRepositories:getRepositories"
    assert aws.invoke(repositories)["names"] == []
    aws.deploy("urn:pulumi:dev::p::aws:ecr/repository:Repository::web", name="team/web")
    assert aws.invoke(repositories)["names"] == ["team/web"]
    images = "aws:ecr/getImages:getImages"
    assert aws.invoke(images, repositoryName="team/web")["imageIds"] == []
    with pytest.raises(Exception, match="RepositoryNotFoundException: other"):
        aws.invoke(images, repositoryName="other")
