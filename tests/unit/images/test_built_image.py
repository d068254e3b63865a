"""An image built from a folder: its repository, its tag, who may pull it, when it is pushed."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker_build as docker
import pytest

from components import BuiltImage, EcsService, EksService
from components.settings import ServiceSettings, build
from components.settings.build import BuildSettings
from tests.unit.support import cloud, programs
from tests.unit.support.documents import containers, statements
from tests.unit.support.engine import UNKNOWN, Recorder, Registration, deploy

IMAGE = "docker-build:index:Image"
REPOSITORY = "aws:ecr/repository:Repository"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
CONTEXT = "services/web"


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with one context, in place of this one."""
    project = tmp_path_factory.mktemp("project")
    context = project / CONTEXT
    context.mkdir(parents=True)
    (context / "Dockerfile").write_text("FROM scratch AS app\nCOPY app /app\n")
    (context / "app").write_text("1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(build, "PROJECT_FOLDER", project)
        yield context


def settings(**given: object) -> BuildSettings:
    return programs.section(BuildSettings, {"context": CONTEXT, **given})


def service(runtime: str = "ecs", **given: object) -> ServiceSettings:
    return ServiceSettings.model_validate_json(
        json.dumps({"runtime": runtime, "build": {"context": CONTEXT}, **given})
    )


def built(architecture: str = "x86_64", **given: object) -> BuiltImage:
    return BuiltImage(
        "web", settings(**given), architecture=architecture, environment=cloud.ENVIRONMENT
    )


def image(architecture: str = "x86_64", **given: object) -> Registration:
    return programs.run(partial(built, architecture, **given), preview=False).one(IMAGE)


def on_ecs() -> None:
    network = programs.network()
    EcsService("web", service(), cluster=programs.ecs(network))


@pytest.fixture(scope="module")
def run(folder: Path, *, preview: bool) -> Recorder:
    del folder
    return programs.run(on_ecs, preview=preview)


def test_the_first_preview_knows_the_image_that_the_task_runs(run: Recorder) -> None:
    (container,) = containers(run, "web-task")
    assert re.fullmatch(rf"{REGISTRY}/platform-test-web:[0-9a-f]{{16}}", container["image"])
    assert run.one(IMAGE).inputs["tags"] == [container["image"]]


def test_the_task_definition_comes_after_the_push_and_depends_on_the_repository(
    run: Recorder,
) -> None:
    assert run.one(IMAGE).urn in run.one(TASK).dependencies
    assert run.one(REPOSITORY).urn in run.one(TASK).sources["containerDefinitions"]
    assert run.one(REPOSITORY).urn in run.one(IMAGE).sources["tags"]


def test_the_execution_role_may_pull_from_exactly_this_repository(run: Recorder) -> None:
    policy = statements(run, "web-execution-policy")
    (read,) = [found for found in policy if "ecr:BatchGetImage" in found["Action"]]
    assert read["Resource"] == ["arn:aws:ecr:eu-west-1:111122223333:repository/platform-test-web"]
    role_policy = run.one("aws:iam/rolePolicy:RolePolicy", "web-execution-policy")
    assert run.one(REPOSITORY).urn in role_policy.sources["policy"]


def test_a_pod_runs_the_image_and_starts_after_the_push(*, preview: bool) -> None:
    def on_eks() -> None:
        cluster = programs.eks(programs.network(), enabled=True)
        EksService("web", service("eks"), cluster=cluster, controller=programs.controller(cluster))

    run = programs.run(on_eks, preview=preview)
    deployment = run.one("kubernetes:apps/v1:Deployment", "web-deployment")
    (container,) = deployment.inputs["spec"]["template"]["spec"]["containers"]
    assert container["image"] == run.one(IMAGE).inputs["tags"][0] != UNKNOWN
    assert run.one(IMAGE).urn in deployment.dependencies


def test_tags_are_immutable_images_scanned_and_encrypted_and_the_repository_can_go(
    run: Recorder,
) -> None:
    repository = run.one(REPOSITORY).inputs
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    assert repository["forceDelete"] is True


def test_the_repository_keeps_30_images_however_many_manifests_each_has(run: Recorder) -> None:
    policy = run.one("aws:ecr/lifecyclePolicy:LifecyclePolicy")
    untagged, oldest = json.loads(policy.inputs["policy"])["rules"]
    assert untagged["selection"]["tagStatus"] == "untagged"
    assert oldest["selection"] == {
        "tagStatus": "tagged",
        "tagPatternList": ["*"],
        "countType": "imageCountMoreThan",
        "countNumber": 30,
    }
    assert oldest["rulePriority"] > untagged["rulePriority"]
    assert policy.inputs["repository"] == "platform-test-web"


def test_a_repositorys_name_is_lower_case() -> None:
    environment = dataclasses.replace(cloud.ENVIRONMENT, stack="Prod")

    def program() -> None:
        BuiltImage("web", settings(), architecture="x86_64", environment=environment)

    run = programs.run(program, preview=False)
    assert run.one(REPOSITORY).inputs["name"] == "platform-prod-web"


def test_layers_are_compressed_with_zstd_those_of_the_base_image_too(run: Recorder) -> None:
    (export,) = run.one(IMAGE).inputs["exports"]
    chosen = export["registry"]
    assert (chosen["compression"], chosen["forceCompression"]) == ("zstd", True)
    assert chosen["ociMediaTypes"] is True
    assert chosen["compressionLevel"] > 0, "docker-build ignores all of it at level 0"
    assert chosen["push"] is True
    assert run.one(IMAGE).inputs["push"] is False, "a second export"


def test_a_preview_builds_nothing_and_the_state_holds_no_path_of_this_machine(
    run: Recorder,
) -> None:
    inputs = run.one(IMAGE).inputs
    assert inputs["buildOnPreview"] is False
    assert inputs["context"] == {"location": CONTEXT}
    assert inputs["dockerfile"] == {"location": f"{CONTEXT}/Dockerfile"}


@pytest.mark.parametrize(
    ("architecture", "platform"), [("x86_64", "linux/amd64"), ("arm64", "linux/arm64")]
)
def test_the_image_is_for_the_services_architecture(architecture: str, platform: str) -> None:
    assert image(architecture).inputs["platforms"] == [platform]


def test_target_and_arguments_are_as_the_settings_say() -> None:
    inputs = image(target="app", arguments={"B": "2", "A": "1"}).inputs
    assert inputs["target"] == "app"
    assert inputs["buildArgs"] == {"A": "1", "B": "2"}


def test_whatever_decides_the_image_is_in_its_tag(folder: Path) -> None:
    def tag(architecture: str = "x86_64", **given: object) -> str:
        text: str = image(architecture, **given).inputs["tags"][0]
        return text

    tags = [tag(), tag("arm64"), tag(target="app"), tag(arguments={"A": "1"})]
    (folder / "app").write_text("2")
    tags.append(tag())
    (folder / "app").write_text("1")
    assert len(set(tags)) == len(tags)
    assert tag() == tags[0]


def test_another_content_is_another_resource_and_the_old_image_stays(folder: Path) -> None:
    first = image()
    (folder / "app").write_text("2")
    second = image()
    (folder / "app").write_text("1")
    assert first.name != second.name
    assert first.retained


@pytest.mark.parametrize("has_it", [True, False])
def test_an_image_that_the_repository_has_is_not_pushed_again(*, has_it: bool) -> None:
    tag = image().inputs["tags"][0].rpartition(":")[2] if has_it else "another"

    def lookup(token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        match token:
            case "aws:ecr/getRepositories:getRepositories":
                return {"names": ["other", "platform-test-web"]}
            case "aws:ecr/getImages:getImages":
                assert arguments["repositoryName"] == "platform-test-web"
                return {"imageIds": [{"imageDigest": "sha256:1", "imageTag": tag}]}
        return cloud.lookup(token, arguments)

    answers = dataclasses.replace(cloud.CLOUD, lookup=lookup)
    resource = deploy(built, answers, preview=False).one(IMAGE)
    (export,) = resource.inputs["exports"]
    assert ("registry" in export) is not has_it
    assert export.get("raw") == ("type=cacheonly" if has_it else None)
    # What was decided when the image was made holds: it is in the repository ever after.
    assert resource.ignore_changes == ("exports",)


def test_a_stack_that_builds_nothing_asks_ecr_for_nothing() -> None:
    def lookup(token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        assert not token.startswith("aws:ecr/")
        return cloud.lookup(token, arguments)

    def program() -> None:
        EcsService("web", programs.service(), cluster=programs.ecs(programs.network()))

    run = deploy(program, dataclasses.replace(cloud.CLOUD, lookup=lookup), preview=False)
    assert not run.of(IMAGE)
    assert not run.of(REPOSITORY)


def test_the_registrys_password_is_a_secret(run: Recorder) -> None:
    (login,) = run.one(IMAGE).inputs["registries"]
    assert (login["address"], login["username"]) == (REGISTRY, "AWS")

    def program() -> None:
        pushed = built().image.ready[0]
        assert isinstance(pushed, docker.Image)
        pulumi.export("secret", pulumi.Output.from_input(pushed.registries.is_secret()))

    assert programs.run(program, preview=False).exports["secret"] is True


def test_a_context_that_breaks_after_the_settings_were_read_is_named(folder: Path) -> None:
    valid = settings()
    (folder / ".dockerignore").write_text("[")
    try:
        with pytest.raises(pulumi.RunError, match=r"^web\.build: \.dockerignore: \["):
            programs.run(
                lambda: BuiltImage(
                    "web", valid, architecture="x86_64", environment=cloud.ENVIRONMENT
                ),
                preview=False,
            )
    finally:
        (folder / ".dockerignore").unlink()
