"""What counts as production where nobody says otherwise."""

import pytest
from fargate_policies.core.rule import Resource
from fargate_policies.core.values import Place
from fargate_policies.models.production import PARAMETERS, in_production

DEFAULTS = {key: parameter.default for key, parameter in PARAMETERS.items()}


def is_production(stack: str, tags: dict[str, str] | None = None) -> bool | None:
    urn = f"urn:pulumi:{stack}::shop::aws:ecs/service:Service::web"
    given = Place({"tags": tags or {}}, "")
    return in_production(Resource("aws:ecs/service:Service", "web", urn, given), DEFAULTS)


@pytest.mark.parametrize("stack", ["prod", "production", "prod-eu", "shop-prod", "PROD"])
def test_stacks_of_production(stack: str) -> None:
    assert is_production(stack)


@pytest.mark.parametrize("stack", ["dev", "product", "shop-production-test", "nonprod"])
def test_stacks_of_something_else(stack: str) -> None:
    assert is_production(stack) is False


@pytest.mark.parametrize("key", ["environment", "env", "stage", "Stage"])
def test_tags_of_production(key: str) -> None:
    assert is_production("dev", {key: "Production"})
    assert is_production("dev", {key: "test"}) is False
