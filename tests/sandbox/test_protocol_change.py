"""Another protocol on the real engine: what is made anew, and that AWS would take it."""

import json
from pathlib import Path

import pytest

from tests.sandbox.project import Project

pytestmark = pytest.mark.engine

FILE = Path("examples/prices.yaml")
CONFIG = ("--config", str(FILE))
STACK = """
config:
  aws:region: us-east-1
  aws:defaultTags: {tags: {environment: example}}
  network: {zones: 2, nat: single}
  loadBalancer:
    certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/12345678
    allowedCidrs: [203.0.113.0/24]
    deletionProtection: false
  services:
    prices:
      image: public.ecr.aws/docker/library/python:3.13-slim
      port: 8080
      protocol: http
      callers: [shop]
      route: {path: /shop.Prices/*}
    shop:
      image: public.ecr.aws/docker/library/python:3.13-slim
"""


def planned(project: Project) -> dict[str, str]:
    """Return what a preview would do, by the names of resources."""
    said = json.loads(project.sandbox("preview", "--json", *CONFIG).stdout)
    return {
        step["urn"].rpartition("::")[2]: step["op"]
        for step in said["steps"]
        if step["op"] != "same"
    }


def test_a_service_and_its_target_group_are_made_anew_and_its_callers_start_new_tasks(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    file = project.folder / FILE
    file.write_text(STACK)
    project.sandbox("up", *CONFIG)
    assert planned(project) == {}

    file.write_text(STACK.replace("protocol: http", "protocol: grpc"))
    assert planned(project) == {
        "prices-tg": "replace",
        "prices-rule": "update",
        "prices-task": "replace",
        # Service Connect keeps the protocol of a port until its service is deleted.
        "prices-service": "replace",
        # Scaling goes with the service that it is of.
        "prices-scaling": "replace",
        "prices-scaling-cpu": "replace",
        "shop-service": "update",
    }
    project.sandbox("up", *CONFIG)
    assert planned(project) == {}
    project.sandbox("down", *CONFIG)
    assert project.cloud("prices") == []
