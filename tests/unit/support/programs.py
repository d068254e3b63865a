"""Programs under test: the whole page for a stack file, and the parts that components need."""

import functools
import json
import re
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML

from components import (
    EcsCluster,
    EksCluster,
    LoadBalancer,
    LoadBalancerController,
    Network,
)
from components.settings import (
    EcsSettings,
    EksSettings,
    LoadBalancerSettings,
    NetworkSettings,
    ServiceSettings,
    Settings,
)
from components.settings.base import Model
from sandbox.standins.aws.kinds import ACCOUNT as SANDBOX_ACCOUNT
from tests.unit.support.cloud import CLOUD, ENVIRONMENT
from tests.unit.support.engine import PROJECT, Answers, Recorder, deploy

ROOT = Path(__file__).parents[3]
Section = TypeVar("Section", bound=Model)
EXAMPLES = ROOT / "examples"
STACKS = ("dev", "prod")
EVERY_STACK = (*STACKS, *sorted(file.stem for file in EXAMPLES.glob("*.yaml")))
IMAGE = "public.ecr.aws/docker/library/python:3.13-slim"


def declared() -> dict[str, Any]:
    """Return what the project file declares of each of the program's own keys.

    Others have a namespace, such as the pulumi:tags that `pulumi new` writes there.
    """
    config = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    return {key: schema for key, schema in config.items() if ":" not in key}


def stack_file(text: str) -> dict[str, Any]:
    """Return the settings of a stack file, read as YAML 1.2 and without providers' own keys."""
    config = YAML(typ="safe").load(text)["config"]
    return {key: value for key, value in config.items() if ":" not in key}


def read_stack(stack: str) -> dict[str, Any]:
    """Return the settings of one of the repository's stack files, an example's by its name.

    Its images in ECR are in the region where the programs under test are, and what is in the
    sandbox's account is in theirs.
    """
    file = ROOT / f"Pulumi.{stack}.yaml"
    text = (file if file.exists() else EXAMPLES / f"{stack}.yaml").read_text()
    text = text.replace(f":{SANDBOX_ACCOUNT}:", f":{ENVIRONMENT.account}:")
    return stack_file(re.sub(r"(?<=\.dkr\.ecr\.)[a-z0-9-]+", ENVIRONMENT.region, text))


@functools.cache
def platform(stack: str, *, preview: bool) -> Recorder:
    """Run the page, `__main__.py`, with a stack's file."""
    return page(read_stack(stack), preview=preview)


def page(given: Mapping[str, Any], *, preview: bool, answers: Answers = CLOUD) -> Recorder:
    """Run the page, `__main__.py`, with what a stack file says."""
    config = {f"{PROJECT}:{key}": json.dumps(value) for key, value in given.items()}
    return deploy(
        lambda: runpy.run_path(str(ROOT / "__main__.py")), answers, preview=preview, config=config
    )


def run(program: Callable[[], object], *, preview: bool) -> Recorder:
    """Run a program that builds components itself."""
    return deploy(program, CLOUD, preview=preview)


def service(**settings: object) -> ServiceSettings:
    """Return a service's settings as a stack file gives them; only an image is needed."""
    return ServiceSettings.model_validate_json(json.dumps({"image": IMAGE, **settings}))


def settings(**given: object) -> Settings:
    """Return a stack's settings as a stack file gives them."""
    return Settings.parse(given)


def section(model: type[Section], given: Mapping[str, object]) -> Section:
    """Return one section's settings as a stack file gives them."""
    return model.model_validate_json(json.dumps(given))


def network(**given: object) -> Network:
    """Build a network."""
    return Network("network", section(NetworkSettings, given), environment=ENVIRONMENT)


def ecs(inside: Network, **given: object) -> EcsCluster:
    """Build an ECS cluster."""
    return EcsCluster("ecs", section(EcsSettings, given), network=inside)


def eks(inside: Network, **given: object) -> EksCluster:
    """Build an EKS cluster."""
    return EksCluster("eks", section(EksSettings, given), network=inside)


def controller(cluster: EksCluster) -> LoadBalancerController:
    """Build the load balancer controller."""
    return LoadBalancerController("alb-controller", cluster=cluster)


def balancer(inside: Network, **given: object) -> LoadBalancer:
    """Build a load balancer; one for named blocks unless something else is given."""
    chosen = given or {"allowedCidrs": ["203.0.113.0/24"]}
    return LoadBalancer("public", section(LoadBalancerSettings, chosen), network=inside)
