"""The policy pack's configuration on the real engine: presets, refusals, exemptions."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.errors import Exit
from tests.sandbox.project import Project

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi_aws as aws

aws.ec2.Subnet(
    "legacy-subnet",
    vpc_id="vpc-0123456789abcdef0",
    cidr_block="10.0.0.0/24",
    map_public_ip_on_launch=True,
)
"""
RULE = "subnet-public-ip"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of one subnet, which breaks a mandatory rule."""
    project = Project(tmp_path_factory.mktemp("project"))
    (project.folder / "__main__.py").write_text(PROGRAM)
    stack = {"aws:region": "us-east-1"}
    (project.folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": stack}))
    return project


def preview(project: Project, code: int, **rules: Any) -> str:  # noqa: ANN401 - JSON
    """Preview under a configuration, and return what was said."""
    given = {name.replace("_", "-"): value for name, value in rules.items()}
    (project.folder / "rules.json").write_text(json.dumps(given))
    done = project.sandbox("preview", "--policy-pack-config", "rules.json", code=code)
    return done.stdout + done.stderr


def exemption(expires: str) -> dict[str, Any]:
    given = {"resource": "legacy-*", "reason": "moves in spring", "expires": expires}
    return {"exemptions": [given]}


def test_a_rule_that_does_not_exist_stops_the_operation(project: Project) -> None:
    said = preview(project, Exit.FAILED, subnet_public_ips="advisory")
    assert f"subnet-public-ips: there is no such rule; did you mean {RULE}?" in said


def test_a_parameter_that_does_not_exist_stops_the_operation(project: Project) -> None:
    said = preview(project, Exit.FAILED, subnet_public_ip={"adresses": []})
    assert f"{RULE}: has no parameter adresses" in said


def test_a_malformed_exemption_stops_the_operation(project: Project) -> None:
    given = exemption("9999-12-31")["exemptions"][0]
    for wrong, says in (
        ({**given, "reason": " "}, "exemptions.0.reason"),
        ({**given, "expires": "soon"}, "exemptions.0.expires"),
        ({"resource": "legacy-*", "reason": "moves in spring"}, "expires is required"),
    ):
        said = preview(project, Exit.FAILED, subnet_public_ip={"exemptions": [wrong]})
        assert f"{RULE}: " in said
        assert says in said


def test_an_exemption_lets_a_resource_pass_and_is_shown(project: Project) -> None:
    assert f"mandatory {RULE}" in preview(project, Exit.POLICY)

    said = preview(project, Exit.OK, subnet_public_ip=exemption("9999-12-31"))

    assert f"mandatory {RULE}" not in said
    assert "advisory exemptions" in said
    assert f"{RULE} is not demanded until 9999-12-31: moves in spring" in said


def test_an_expired_exemption_is_a_violation(project: Project) -> None:
    said = preview(project, Exit.POLICY, subnet_public_ip=exemption("2000-01-31"))

    assert f"mandatory {RULE}" in said
    assert "mandatory exemptions-expired" in said
    assert "the exemption of legacy-* ended on 2000-01-31" in said


def test_an_audit_stops_nothing(project: Project) -> None:
    preset = ("--policy-pack-config", "policies/config/audit.json")
    said = project.sandbox("preview", *preset, code=Exit.OK).stdout
    assert f"advisory {RULE}" in said
    assert "0 mandatory violations, 1 advisory" in said


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_platforms_stacks_pass_under_their_presets(tmp_path: Path, stack: str) -> None:
    preset = ("--policy-pack-config", f"policies/config/{stack}.json")
    said = Project(tmp_path).sandbox("preview", "--config", f"Pulumi.{stack}.yaml", *preset).stdout
    assert "0 mandatory violations" in said
