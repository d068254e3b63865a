"""The pack as a whole: what it is made of, how it is described, configured and shipped."""

import importlib
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.adapter import to_policy
from fargate_policies.core.rule import Resource, Rule
from fargate_policies.core.sources import project
from fargate_policies.core.values import Findings
from pulumi_policy import Severity
from ruamel.yaml import YAML

from tests.policies.protocol import (
    ADVISORY,
    MANDATORY,
    PACK_FOLDER,
    UNKNOWN,
    Analyzer,
    RunningPack,
    in_process,
)

SERVICE = "aws:ecs/service:Service"
PUBLIC = {"networkConfiguration": {"assignPublicIp": True}}

PROD = {"environment": "prod"}

MANDATORY_RULES = [
    "ecs-awsvpc",
    "ecs-capabilities",
    "ecs-efs",
    "ecs-env-secrets",
    "ecs-exec-audited",
    "ecs-exec-guard",
    "ecs-fargate-only",
    "ecs-logging",
    "batch-fargate",
    "ecs-namespaces",
    "ecs-no-public-ip",
    "ecs-nonroot",
    "ecs-readonly-root",
    "ecs-unprivileged",
    "ecs-volumes",
    "roles-distinct",
    "trust-deputy",
    "trust-no-public",
    "trust-oidc",
    "iam-assume-scoped",
    "iam-exec-command",
    "iam-kms-decrypt",
    "iam-managed-denylist",
    "iam-no-admin",
    "iam-no-users",
    "iam-not-elements",
    "iam-passrole",
    "iam-privesc",
    "iam-service-wildcard",
    "eks-endpoint",
    "eks-logs",
    "eks-no-pod-identity",
    "eks-pod-exec-role",
    "eks-profile",
    "eks-secrets-kms",
    "k8s-fargate",
    "k8s-job-ttl",
    "k8s-env-secrets",
    "k8s-pod-baseline",
    "k8s-pod-groups",
    "k8s-pod-security",
    "k8s-rbac",
    "k8s-readonly-root",
    "ecs-ebs",
    "efs-safe",
    "bucket-private",
    "alb-https",
    "lambda-invoke",
    "queue-safe",
    "resource-policy-public",
    "sg-world",
    "subnet-public-ip",
    "task-sg-from-alb",
    "tasks-private",
    "exec-role-minimal",
    "event-target-role",
    "exemptions-expired",
]
ADVISORY_RULES = [
    "alb-hardening",
    "alb-waf",
    "container-log-group",
    "cost-budget",
    "cost-nat-per-zone",
    "cost-spot-safe",
    "ecr-kms-hygiene",
    "ecs-exec-readonly-conflict",
    "ecs-image-source",
    "ecs-insights",
    "ecs-platform",
    "eks-version",
    "exemptions",
    "iam-boundary",
    "iam-exposure",
    "iam-resource-star",
    "k8s-image-source",
    "k8s-pod-restricted",
    "k8s-sa-token",
    "logs-retention",
    "sg-egress",
    "task-role-unshared",
    "tg-ip",
    "topic-encrypted",
    "vpc-hygiene",
]


def test_these_rules_are_mandatory_and_these_are_advice(pack: Analyzer) -> None:
    levels = {policy.name: policy.enforcementLevel for policy in pack.info().policies}

    assert levels == {
        **dict.fromkeys(MANDATORY_RULES, MANDATORY),
        **dict.fromkeys(ADVISORY_RULES, ADVISORY),
    }


def test_names_are_unique(pack: Analyzer) -> None:
    names = [policy.name for policy in pack.info().policies]

    assert len(names) == len(set(names))


def test_every_rule_stands_in_a_file_of_its_name_and_every_such_file_is_in_the_pack() -> None:
    package = PACK_FOLDER / "fargate_policies"
    files = {
        path.stem.replace("_", "-"): path
        for path in package.glob("*/*.py")
        if path.parent.name not in {"core", "iam_analysis", "models"} and path.stem != "__init__"
    }

    assert set(files) == {rule.name for rule in RULES}
    for rule in RULES:
        module = ".".join(files[rule.name].relative_to(PACK_FOLDER).with_suffix("").parts)
        assert importlib.import_module(module).RULE is rule


def test_metadata_names_the_controls_that_a_rule_answers(pack: Analyzer) -> None:
    policies = {policy.name: policy for policy in pack.info().policies}

    public_ip = policies["ecs-no-public-ip"]
    assert list(public_ip.tags) == [
        "AWS Security Hub: ECS.2",
        "AWS Security Hub: ECS.16",
        "Checkov: CKV_AWS_333",
    ]
    assert public_ip.framework.name == "AWS Security Hub"
    assert public_ip.framework.reference == "ECS.2"
    assert public_ip.url.endswith("ecs-controls.html#ecs-2")
    assert "CIS Amazon EKS Benchmark: 4.2.1" in policies["k8s-pod-security"].tags
    assert "Trivy: T0342" in policies["iam-passrole"].tags


def test_every_rule_is_described_with_severity_source_and_fix(pack: Analyzer) -> None:
    for policy in pack.info().policies:
        assert policy.description.endswith(".")
        assert policy.remediation_steps.endswith(".")
        assert policy.severity != 0
        assert policy.tags
        assert policy.framework.name


def test_no_rule_cites_the_withdrawn_control_ecs_1(pack: Analyzer) -> None:
    assert not any("AWS Security Hub: ECS.1" in policy.tags for policy in pack.info().policies)


def test_the_manifest_has_a_version_and_names_the_virtual_environment() -> None:
    manifest = YAML(typ="safe").load(PACK_FOLDER / "PulumiPolicy.yaml")

    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert manifest["runtime"] == {"name": "python", "options": {"virtualenv": "../.venv"}}
    assert manifest["description"]


def test_it_says_the_version_of_its_manifest_wherever_it_names_one(pack: Analyzer) -> None:
    manifest = YAML(typ="safe").load(PACK_FOLDER / "PulumiPolicy.yaml")

    assert pack.info().version == manifest["version"]
    found = pack.analyze(SERVICE, {**PUBLIC, "platformVersion": UNKNOWN})
    assert {each.policyPackVersion for each in found.all} == {manifest["version"]}
    [note] = found.undecided("ecs-platform")
    assert f"'fargate@v{manifest['version']}'" in note.message


def test_what_is_certain_is_reported_although_something_else_is_unknown(pack: Analyzer) -> None:
    open_and_unknown = {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrBlocks": [UNKNOWN]}
    open_to_all = {**open_and_unknown, "cidrBlocks": ["0.0.0.0/0"]}

    found = pack.analyze(
        "aws:ec2/securityGroup:SecurityGroup", {"ingress": [open_and_unknown, open_to_all]}
    )

    assert [v.enforcementLevel for v in found.violations("sg-world")] == [MANDATORY]
    [note] = found.undecided("sg-world")
    assert "ingress[0].cidrBlocks[0] can't be known" in note.message


def test_a_rule_that_breaks_is_a_violation_without_the_value_that_broke_it() -> None:
    def broken(resource: Resource) -> Findings:
        raise ValueError(resource.at("password").text)

    rule = Rule(
        name="broken",
        description="Breaks.",
        fix="Mend it.",
        severity=Severity.LOW,
        mandatory=True,
        sources=project("a test"),
        types=("a:b:C",),
        check=broken,
    )

    [violation] = in_process([to_policy(rule)]).analyze("a:b:C", {"password": "hunter22"}).all

    assert violation.enforcementLevel == MANDATORY
    assert "the rule failed (ValueError)" in violation.message
    assert "hunter22" not in violation.message


def test_the_pack_runs_from_a_folder_of_another_name(
    renamed_pack: Analyzer, pack: Analyzer
) -> None:
    assert [p.name for p in renamed_pack.info().policies] == [p.name for p in pack.info().policies]
    assert renamed_pack.analyze(SERVICE, PUBLIC).violations("ecs-no-public-ip")


def test_importing_the_rules_imports_nothing_of_the_platform(tmp_path: Path) -> None:
    listing = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                f"import sys; sys.path[0] = {str(PACK_FOLDER)!r};"
                "import fargate_policies.catalogue;"
                "print('\\n'.join(sys.modules))"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    ).stdout.split()

    assert "fargate_policies.catalogue" in listing
    assert not {"components", "sandbox", "reports", "pulumi_aws"} & set(listing)


@pytest.mark.parametrize("ignored", [False, True])
def test_the_engine_ends_it_without_a_traceback(*, ignored: bool) -> None:
    """Also where it starts with the signal ignored, as all that a script runs behind it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.default_int_handler)
    try:
        running = RunningPack(PACK_FOLDER)
    finally:
        signal.signal(signal.SIGINT, before)
    with running:
        assert running.interrupt() == (0, "")
