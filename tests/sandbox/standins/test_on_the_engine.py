"""The stand-ins under the real engine: the children of the remote components, secrets, errors."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes
import pytest
from pulumi import automation

from sandbox.standins.aws.catalogue import KINDS
from sandbox.standins.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[3]
RECORDED = json.loads((ROOT / "tests/sandbox/data/remote-components.json").read_text())
CANARY = "canary-4f1c"
LABELLED = {"InternetGateway", "NatGateway", "Role", "RouteTable", "Subnet", "Vpc"}
TRUST = '{"Version":"2012-10-17","Statement":[]}'
PRIVATE, PUBLIC = "kubernetes.io/role/internal-elb", "kubernetes.io/role/elb"


def _run(program: Callable[[], object]) -> None:
    program()


class Engine:
    """A stack of the real engine on stand-ins of its own.

    Args:
        folder: where everything is kept.
        cli: folder of the Pulumi CLI.
    """

    def __init__(self, folder: Path, cli: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.standins", "--record", str(folder / "record.db")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        ports = json.loads(self._process.stdout.readline())
        for name in ("home", "state", "work"):
            (folder / name).mkdir()
        self._environment = {
            "PATH": f"{cli}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{k}:{v}" for k, v in ports.items()),
        }

    def stack(self, program: Callable[[], object], region: str = "us-east-1") -> automation.Stack:
        stack = automation.create_or_select_stack(
            "dev",
            project_name="standins",
            program=lambda: _run(program),
            opts=automation.LocalWorkspaceOptions(
                work_dir=str(self.folder / "work"), env_vars=self._environment
            ),
        )
        stack.set_config("aws:region", automation.ConfigValue(region))
        return stack

    def resources(self) -> list[dict[str, Any]]:
        """The state as it lies on the disk, secrets encrypted."""
        found: list[dict[str, Any]] = json.loads(self.state())["checkpoint"]["latest"]["resources"]
        return found

    def state(self) -> str:
        return next((self.folder / "state").glob("**/dev.json")).read_text()

    def close(self) -> int:
        assert self._process.stdin
        self._process.stdin.close()
        return self._process.wait(10)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    found = os.environ.get("PULUMI_CLI") or shutil.which("pulumi")
    if not found:
        pytest.fail("no Pulumi CLI: put it on PATH, or set PULUMI_CLI to its path")
    cli = Path(found).resolve().parent
    monkeypatch.setenv("PATH", f"{cli}{os.pathsep}{os.environ['PATH']}")
    started = Engine(tmp_path, cli)
    yield started
    started.close()
    # A program that fails leaves a coroutine of the SDK's unfinished. Python prints a traceback
    # when it ends it, and Python 3.11 can't do that in the midst of printing another one.
    gc.collect()


def vpc(
    strategy: str,
    *,
    opts: pulumi.ResourceOptions | None = None,
    ipv4_ipam_pool_id: str | None = None,
) -> awsx.ec2.Vpc:
    return awsx.ec2.Vpc(
        "vpc",
        cidr_block="10.0.0.0/16",
        ipv4_ipam_pool_id=ipv4_ipam_pool_id,
        number_of_availability_zones=3,
        nat_gateways=awsx.ec2.NatGatewayConfigurationArgs(
            strategy=awsx.ec2.NatGatewayStrategy(strategy)
        ),
        subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
        subnet_specs=[
            awsx.ec2.SubnetSpecArgs(
                type=awsx.ec2.SubnetType.PUBLIC, cidr_mask=24, tags={PUBLIC: "1"}
            ),
            awsx.ec2.SubnetSpecArgs(
                type=awsx.ec2.SubnetType.PRIVATE, cidr_mask=19, tags={PRIVATE: "1"}
            ),
        ],
        vpc_endpoint_specs=[
            awsx.ec2.VpcEndpointSpecArgs(
                service_name="com.amazonaws.us-east-1.s3", vpc_endpoint_type="Gateway"
            )
        ],
        vpc_endpoint_strategy=awsx.ec2.VpcEndpointStrategy.AUTO,
        tags={"team": "x"},
        opts=opts,
    )


def cluster(**changes: object) -> eks.Cluster:
    arguments: dict[str, Any] = {
        "authentication_mode": eks.AuthenticationMode.API,
        "bootstrap_self_managed_addons": False,
        "coredns_addon_options": eks.CoreDnsAddonOptionsArgs(enabled=False),
        "enabled_cluster_log_types": ["api", "audit"],
        "endpoint_private_access": True,
        "endpoint_public_access": False,
        "kube_proxy_addon_options": eks.KubeProxyAddonOptionsArgs(enabled=False),
        "name": "plat-dev",
        "private_subnet_ids": ["subnet-a", "subnet-b"],
        "skip_default_node_group": True,
        "skip_default_security_groups": True,
        "use_default_vpc_cni": True,
        "version": "1.34",
        "vpc_id": "vpc-1",
    }
    return eks.Cluster("k", **{**arguments, **changes})


def decided_cluster() -> None:
    role = aws.iam.Role("eks", name="eks", assume_role_policy=TRUST)
    scope = aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster")
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    admin = eks.AccessEntryArgs(
        principal_arn="arn:aws:iam::123456789012:role/Admin",
        access_policies={
            "a": eks.AccessPolicyAssociationArgs(access_scope=scope, policy_arn=policy)
        },
    )
    made = cluster(service_role=role, access_entries={"admin": admin})
    pulumi.export("endpoint", made.eks_cluster.endpoint)
    pulumi.export("group", made.cluster_security_group_id)
    pulumi.export("issuer", made.oidc_issuer)
    pulumi.export("url", made.oidc_provider_url)
    pulumi.export("kubeconfig", made.kubeconfig_json.apply(json.loads))


def cluster_with_its_own_role() -> None:
    made = vpc("Single")
    cluster(
        bootstrap_self_managed_addons=True,
        encryption_config_key_arn="arn:aws:kms:us-east-1:123456789012:key/abc",
        endpoint_public_access=True,
        public_access_cidrs=["203.0.113.0/24"],
        public_subnet_ids=made.public_subnet_ids,
        private_subnet_ids=made.private_subnet_ids,
    )


def registered(resources: list[dict[str, Any]], component: str) -> dict[tuple[str, str], Any]:
    """A component and what is under it, by type and name, ids replaced by labels."""
    labels = {
        r["id"]: f"<{r['type'].split(':')[-1]} {r['urn'].split('::')[-1]}>"
        for r in resources
        if r.get("id") and r["type"].split(":")[-1] in LABELLED
    } | {
        r["outputs"]["arn"]: f"<{r['type'].split(':')[-1]} arn>"
        for r in resources
        if r["type"] == "aws:iam/role:Role"
    }
    return {
        (r["type"], r["urn"].split("::")[-1]): {
            "parent": _parent(r["parent"]),
            "inputs": {key: _labelled(v, labels) for key, v in r.get("inputs", {}).items()},
        }
        for r in resources
        if component in r["urn"].split("::")[2]
    }


def _parent(urn: str) -> str:
    type_, name = urn.rsplit("::", 2)[1].rsplit("$", 1)[-1], urn.rsplit("::", 1)[-1]
    return "stack" if type_ == "pulumi:pulumi:Stack" else f"{type_}::{name}"


def _labelled(value: object, labels: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {key: _labelled(item, labels) for key, item in value.items()}
    if isinstance(value, list):
        return [_labelled(item, labels) for item in value]
    return labels.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("recording", "component", "program"),
    [
        ("vpc None", "awsx:ec2:Vpc", lambda: vpc("None")),
        ("vpc Single", "awsx:ec2:Vpc", lambda: vpc("Single")),
        ("vpc OnePerAz", "awsx:ec2:Vpc", lambda: vpc("OnePerAz")),
        ("eks as decided", "eks:index:Cluster", decided_cluster),
        ("eks with its own role", "eks:index:Cluster", cluster_with_its_own_role),
    ],
)
def test_a_component_registers_what_the_real_one_was_recorded_to_register(
    recording: str, component: str, program: Callable[[], object], engine: Engine
) -> None:
    engine.stack(program).up()
    found = registered(engine.resources(), component)
    wanted = {(child["type"], child["name"]): child for child in RECORDED[recording]}
    provider = ("pulumi:providers:kubernetes", "k-eks-k8s")
    if provider not in wanted:  # the first recording left providers out
        found.pop(provider, None)
    assert set(found) == set(wanted)
    for key, child in wanted.items():
        assert found[key]["parent"] == child["parent"], key
        inputs, recorded = found[key]["inputs"], child["inputs"]
        if recorded.get("roleArn", "").startswith("04da6b54"):  # unknown in the recorded preview
            recorded = {**recorded, "roleArn": "<Role arn>"}
        assert {name: inputs.get(name) for name in recorded} == recorded, key
        filled_in = {"__defaults", "allocationId", "name", "kubeconfig", "version", "__internal"}
        defaults = KINDS[key[0]].defaults if key[0] in KINDS else {}
        assert set(inputs) - set(recorded) <= filled_in | set(defaults), key


def test_the_outputs_of_a_cluster_are_what_programs_read(engine: Engine) -> None:
    outputs = {key: out.value for key, out in engine.stack(decided_cluster).up().outputs.items()}
    assert outputs["endpoint"].endswith(".gr7.us-east-1.eks.amazonaws.com")
    assert outputs["group"].startswith("sg-0")
    assert outputs["url"] == f"https://{outputs['issuer']}"
    command = outputs["kubeconfig"]["users"][0]["user"]["exec"]
    assert command["command"] == "aws"
    assert command["args"][:6] == [
        "--region", "us-east-1", "eks", "get-token", "--cluster-name", "plat-dev",
    ]  # fmt: skip
    assert outputs["kubeconfig"]["clusters"][0]["cluster"]["server"] == outputs["endpoint"]


def test_a_second_preview_shows_no_change_and_a_destroy_leaves_nothing(engine: Engine) -> None:
    def program() -> None:
        made = vpc("Single")
        pulumi.export("routes", made.routes.apply(len))
        pulumi.export("layout", made.subnet_layout.apply(lambda specs: [s.type for s in specs]))
        pulumi.export("isolated", made.isolated_subnet_ids)

    stack = engine.stack(program)
    preview = stack.preview()
    assert set(preview.change_summary) == {"create"}
    outputs = stack.up().outputs
    assert outputs["routes"].value == 6
    assert outputs["layout"].value == ["Public", "Private"]
    assert outputs["isolated"].value == []
    record = Record(engine.folder / "record.db")
    assert len(record.entries()) == 29
    assert set(stack.preview().change_summary) == {"same"}
    assert set(stack.refresh().summary.resource_changes or {}) == {"same"}
    stack.destroy()
    assert record.entries() == []


def test_a_secret_input_is_encrypted_in_the_state_and_in_no_record(engine: Engine) -> None:
    def program() -> None:
        secret = pulumi.Output.secret(CANARY)
        aws.sqs.Queue("orders", name="orders", tags={"note": secret})
        text = pulumi.Output.json_dumps(
            [{"name": "web", "image": "nginx", "environment": [{"name": "A", "value": secret}]}]
        )
        aws.ecs.TaskDefinition(
            "web",
            family="web",
            container_definitions=text,
            cpu="256",
            memory="512",
            network_mode="awsvpc",
            requires_compatibilities=["FARGATE"],
        )
        provider = kubernetes.Provider("k", kubeconfig="{}")
        kubernetes.core.v1.ConfigMap(
            "settings", data={"a": secret}, opts=pulumi.ResourceOptions(provider=provider)
        )

    engine.stack(program).up()
    assert "orders" in engine.state()
    leaks = [
        path.name
        for path in engine.folder.rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    ]
    assert leaks == []


def test_a_transform_of_the_program_reaches_the_children(engine: Engine) -> None:
    def private(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != "aws:ec2/subnet:Subnet":
            return None
        return pulumi.ResourceTransformResult(
            {**args.props, "mapPublicIpOnLaunch": False}, args.opts
        )

    engine.stack(lambda: vpc("None", opts=pulumi.ResourceOptions(transforms=[private]))).up()
    subnets = [r for r in engine.resources() if r["type"] == "aws:ec2/subnet:Subnet"]
    assert len(subnets) == 6
    assert {s["inputs"]["mapPublicIpOnLaunch"] for s in subnets} == {False}


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (lambda: vpc("None", ipv4_ipam_pool_id="x"), "vpc: ipv4IpamPoolId is not modelled"),
        (lambda: cluster(instance_type="m7g.large"), "k: instanceType is not modelled"),
        (lambda: cluster(skip_default_node_group=False), "k: skipDefaultNodeGroup must be True"),
        (lambda: cluster(create_oidc_provider=True), "k: createOidcProvider must be off"),
        (lambda: cluster(kube_proxy_addon_options=None), "kubeProxyAddonOptions must have enabled"),
        (lambda: cluster(vpc_id=None), "k: vpcId must be given"),
        (
            lambda: cluster(public_access_cidrs=["203.0.113.0/24"]),
            "k: publicAccessCidrs can only be given when endpointPublicAccess is True",
        ),
        (aws.ec2.get_ami, "no answer to the lookup aws:ec2/getAmi:getAmi"),
        (
            lambda: aws.cloudwatch.LogGroup("logs", name="/a", retention_in_days=13),
            "resource 'logs' has a problem: retentionInDays: must be one of 0, 1, 3",
        ),
    ],
)
def test_an_error_names_what_is_wrong_without_a_traceback_of_the_stand_in(
    program: Callable[[], object], message: str, engine: Engine
) -> None:
    said: list[str] = []

    def listen(event: automation.EngineEvent) -> None:
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            said.append(event.diagnostic_event.message)

    with pytest.raises(automation.CommandError):
        engine.stack(program).preview(on_event=listen)
    assert message in "\n".join(said)
    assert not re.search(r'(?<!tests/)sandbox/standins/[^"]*", line', "\n".join(said))


def test_a_changed_region_replaces_every_resource(engine: Engine) -> None:
    def program() -> None:
        aws.sqs.Queue("orders", name="orders")

    engine.stack(program).up()
    summary = engine.stack(program, region="eu-west-1").preview().change_summary
    assert summary.get(automation.OpType.REPLACE) == 1


def test_an_unknown_kubeconfig_is_no_obstacle_to_a_preview(engine: Engine) -> None:
    def program() -> None:
        provider = kubernetes.Provider("k", kubeconfig=cluster().kubeconfig_json)
        opts = pulumi.ResourceOptions(provider=provider)
        kubernetes.core.v1.Namespace("apps", metadata={"name": "apps"}, opts=opts)

    stack = engine.stack(program)
    assert set(stack.preview().change_summary) == {"create"}
    stack.up()
    assert set(stack.preview().change_summary) == {"same"}


def test_the_stand_ins_end_when_their_parent_does(engine: Engine) -> None:
    assert engine.close() == 0
