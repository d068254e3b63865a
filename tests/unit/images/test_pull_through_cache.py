"""Public images by way of a cache in ECR: references, repositories and rights."""

import re

import pytest

from components import EksService
from components.images.images import registry_of
from tests.unit.support import programs
from tests.unit.support.documents import containers, statements
from tests.unit.support.engine import Recorder

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
REPOSITORY = "arn:aws:ecr:eu-west-1:111122223333:repository/"
CREDENTIAL_ARN = (
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf"
)
CACHE = {
    "public.ecr.aws": {},
    "quay.io": {},
    "registry.k8s.io": {},
    "docker.io": {"credentialArn": CREDENTIAL_ARN},
    "ghcr.io": {"credentialArn": CREDENTIAL_ARN},
}
RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("nginx:1.29", ("docker.io", "library/nginx:1.29")),
        ("grafana/grafana:12", ("docker.io", "grafana/grafana:12")),
        ("docker.io/nginx:1.29", ("docker.io", "library/nginx:1.29")),
        ("quay.io/team/tool:1", ("quay.io", "team/tool:1")),
        ("localhost:5000/tool:1", ("localhost:5000", "tool:1")),
        (f"nginx@sha256:{'a' * 64}", ("docker.io", f"library/nginx@sha256:{'a' * 64}")),
    ],
)
def test_an_image_is_split_into_registry_and_path_as_docker_does(
    image: str, parts: tuple[str, str]
) -> None:
    assert registry_of(image) == parts


def test_there_is_a_rule_for_each_registry_with_its_credentials_where_it_has_a_login(
    *, preview: bool
) -> None:
    run = programs.run(lambda: programs.network(pullThroughCache=CACHE), preview=preview)
    rules = {rule.inputs["upstreamRegistryUrl"]: rule.inputs for rule in run.of(RULE)}
    assert {url: rule.get("credentialArn") for url, rule in rules.items()} == {
        "public.ecr.aws": None,
        "quay.io": None,
        "registry.k8s.io": None,
        "registry-1.docker.io": CREDENTIAL_ARN,
        "ghcr.io": CREDENTIAL_ARN,
    }
    prefixes = [rule["ecrRepositoryPrefix"] for rule in rules.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert "platform-test/ecr-public" in prefixes
    for prefix in prefixes:
        assert len(prefix) <= 30
        assert re.fullmatch(r"[a-z0-9]+(-+[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*", prefix)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.platform("existing-vpc", preview=preview)


def test_a_public_image_is_pulled_by_the_caches_reference(run: Recorder) -> None:
    (shop,) = containers(run, "shop-task")
    (proxy,) = containers(run, "proxy-task")
    assert shop["image"] == (f"{REGISTRY}/platform-test/ecr-public/docker/library/python:3.13-slim")
    assert proxy["image"] == f"{REGISTRY}/platform-test/docker-hub/nginxinc/nginx-unprivileged:1.29"


def test_an_execution_role_may_fill_and_read_exactly_its_images_repository(run: Recorder) -> None:
    by_action = {
        action: statement["Resource"]
        for statement in statements(run, "shop-execution-policy")
        for action in statement["Action"]
    }
    exact = [f"{REPOSITORY}platform-test/ecr-public/docker/library/python"]
    for action in (
        "ecr:BatchGetImage",
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:GetDownloadUrlForLayer",
    ):
        assert by_action[action] == exact, action
    assert by_action["ecr:GetAuthorizationToken"] == ["*"]


def test_a_service_depends_on_the_rule_that_its_image_comes_by(run: Recorder) -> None:
    rule = run.one(RULE, "network-cache-ecr-public")
    assert run.depends(run.one("aws:ecs/service:Service", "shop-service"), rule)
    assert run.depends(run.named("shop-execution-policy"), rule)


def test_the_pods_execution_role_may_fill_the_cache_and_nothing_beside_it(*, preview: bool) -> None:
    cache: dict[str, object] = {"public.ecr.aws": {}, "quay.io": {}}
    run = programs.run(
        lambda: programs.eks(programs.network(pullThroughCache=cache)), preview=preview
    )
    (fill,) = statements(run, "eks-pod-images-policy")
    assert fill["Action"] == ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]
    assert fill["Resource"] == [
        f"{REPOSITORY}platform-test/ecr-public/*",
        f"{REPOSITORY}platform-test/quay/*",
    ]
    profile = run.one("aws:eks/fargateProfile:FargateProfile", "eks-profile-kube-system")
    assert run.depends(profile, run.named("eks-pod-images-policy"))


def test_a_pods_image_is_pulled_by_the_caches_reference_too() -> None:
    def program() -> None:
        network = programs.network(pullThroughCache={"public.ecr.aws": {}})
        cluster = programs.eks(network)
        EksService(
            "web",
            programs.service(runtime="eks"),
            cluster=cluster,
            controller=programs.controller(cluster),
        )

    run = programs.run(program, preview=False)
    deployment = run.one("kubernetes:apps/v1:Deployment")
    (container,) = deployment.inputs["spec"]["template"]["spec"]["containers"]
    assert container["image"] == (
        f"{REGISTRY}/platform-test/ecr-public/docker/library/python:3.13-slim"
    )


def test_without_a_cache_an_image_is_pulled_from_where_it_says_it_is() -> None:
    run = programs.platform("dev", preview=False)
    (web,) = containers(run, "web-task")
    assert web["image"] == programs.IMAGE
    assert not run.of(RULE)
