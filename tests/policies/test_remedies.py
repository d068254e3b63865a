"""What remediations make of resources, asked through the pack's own protocol."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.configuration import settings
from fargate_policies.core.rule import AnyRule, Change, Resource, Rule
from fargate_policies.core.server import Servicer
from fargate_policies.core.values import Place
from fargate_policies.core.wire import plain

from tests.policies.cases.all import CASES
from tests.policies.cases.batch import JOB, efs, job, several
from tests.policies.cases.case import Case, Verdict
from tests.policies.cases.ecs import BROKEN_DEFINITIONS, PIPE, SERVICE, TASK, network, task
from tests.policies.cases.exec_and_files import PROD
from tests.policies.cases.resources import POD, SAFE, pod_spec
from tests.policies.protocol import (
    PACK_FOLDER,
    REMEDIATE,
    UNKNOWN,
    Analyzer,
    RunningPack,
    direct,
    secret,
    urn,
)

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
BROKEN_JOBS = ("text that isn't JSON", "a list", "a key that is there twice", "tasks as an object")


def of_jobs(*titles: str) -> list[str]:
    """Return the titles of cases that there are of a job of one container and of two."""
    return [
        f"{title}, {which}" for title in titles for which in ("one container", "two containers")
    ]


BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
OF_ONE = "fargatePlatformConfiguration"
PARAMETERS: Mapping[str, Mapping[str, Any]] = {"iam-boundary": {"boundaries": [BOUNDARY]}}
REMEDIED = {rule.name for rule in RULES if isinstance(rule, Rule) and rule.remedy}

LEFT: Mapping[str, set[str]] = {
    "alb-hardening": {
        # The bucket is the owner's to name.
        "no logs",
        "logs off",
        "logs off by default",
        "logs nowhere",
        "malformed logs",
        "production's network load balancer",
    },
    "batch-fargate": {
        # Where else a job is to run, and the roles, are the owner's to say.
        *("no capability", "no capabilities", "EC2", "EC2 too", "malformed capabilities"),
        *("on several nodes", "ec2 spot", "unmanaged", "on EKS"),
        *of_jobs("no execution role", "an empty execution role", "one for both"),
        *of_jobs("a malformed network"),
        *(f"{title}, on Fargate" for title in BROKEN_JOBS),
    },
    "ecs-awsvpc": {"a list"},
    "ecs-ebs": {"malformed", "a malformed flag"},
    "ecs-capabilities": {"malformed", "malformed list", *BROKEN_DEFINITIONS},
    "ecs-insights": {
        "malformed",
        # What isn't known may be the same setting.
        "off beside an unknown name",
    },
    "ecs-no-public-ip": {
        "malformed",
        # A call's text is a program.
        "by a call",
        "by a call, as ECS's own interface spells it",
        "by a call whose input isn't JSON",
    },
    "ecs-platform": {"a number", *of_jobs("malformed"), *BROKEN_JOBS},
    "ecs-unprivileged": {*BROKEN_DEFINITIONS},
    "eks-endpoint": {
        # Whom the API answers outside is the owner's to say.
        "absent",
        "public by default",
        "no blocks",
        "the world",
        "the world in halves",
        "not a block",
        "a number as block",
        "malformed",
    },
    "eks-logs": {"malformed"},
    "k8s-pod-security": {
        # An image that is made for root wouldn't start as another user.
        "root",
        "root by the pod",
        "maybe root",
        "root allowed by the container",
        "no context",
        "an ephemeral container",
        "a container that is null",
        "malformed containers",
        "malformed context",
    },
    "k8s-sa-token": {
        # The account is the owner's to make.
        "no account",
        "the default account",
        "absent",
        "malformed",
        # Whoever mounts a token himself wants it for something.
        "a token by a volume",
        "a token by a volume, for an empty audience",
        "a malformed token",
    },
    "logs-retention": {"malformed"},
    "ecr-kms-hygiene": {"immutable with exceptions", "malformed"},
    "ecs-efs": {
        # It would mount another directory.
        "a directory without authorization",
        "malformed volumes",
        "a malformed volume",
        "a malformed configuration",
        "a malformed authorization",
        # Without a role a job can't be authorized.
        *of_jobs("no role to authorize", "malformed volume", "malformed authorization"),
        *BROKEN_JOBS,
    },
    "ecs-exec-guard": {
        # The key and the log group are the owner's to make.
        "no key",
        "an empty key",
        "no key in production",
        "no logs",
        "logs by chance",
        "logs by default",
        "logs nowhere",
        "a log group in clear",
        "a bucket in clear",
        "a bucket in clear beside a log group",
        "malformed",
        "malformed logs",
        # A call's text is a program.
        "a call",
        *BROKEN_JOBS,
    },
    "ecs-namespaces": {*BROKEN_JOBS},
}
"""What a remediation can't make right; everything else that fails complies afterwards."""

LEFT_KINDS = {
    ("ecs-exec-guard", "aws:sfn/stateMachine:StateMachine"),
    ("ecs-no-public-ip", "aws:ecs/expressGatewayService:ExpressGatewayService"),
    ("ecs-no-public-ip", "aws:sfn/stateMachine:StateMachine"),
    ("k8s-pod-security", "kubernetes:apps/v1:DeploymentPatch"),
    ("k8s-pod-security", "kubernetes:core/v1:PodPatch"),
    ("k8s-sa-token", "kubernetes:core/v1:Secret"),
}
"""What a remediation leaves alone as a whole: a state machine's definition is a program, a patch is
a part of somebody else's object, a token that is made by its Secret has no other place, and which
subnets an Express service has is its owner's to say.
"""


@pytest.fixture(scope="module")
def rules() -> Mapping[str, AnyRule]:
    """The pack's rules by name."""
    return {rule.name: rule for rule in RULES}


@pytest.fixture(scope="module")
def mending() -> Iterator[Analyzer]:
    """The pack with every rule that has a remediation at the level remediate."""
    with RunningPack(PACK_FOLDER) as running:
        running.analyzer.configure(
            {name: (REMEDIATE, PARAMETERS.get(name, {})) for name in REMEDIED}
        )
        yield running.analyzer


def _cases(verdict: Verdict | None = None) -> list[Case]:
    return [
        case
        for case in CASES
        if case.rule in REMEDIED and not case.stack and verdict in (None, case.verdict)
    ]


def _of_a_pipe(public: str) -> dict[str, Any]:
    return network(awsVpcConfiguration={"assignPublicIp": public, "subnets": ["subnet-1"]})


def _left(case: Case) -> bool:
    return (case.rule, case.kind) in LEFT_KINDS or case.title in LEFT.get(case.rule, ())


def test_these_rules_have_a_remediation() -> None:
    assert {
        "alb-hardening",
        "batch-fargate",
        "ecr-kms-hygiene",
        "ecs-awsvpc",
        "ecs-capabilities",
        "ecs-ebs",
        "ecs-efs",
        "ecs-exec-guard",
        "ecs-insights",
        "ecs-namespaces",
        "ecs-no-public-ip",
        "ecs-platform",
        "ecs-unprivileged",
        "eks-endpoint",
        "eks-logs",
        "iam-boundary",
        "k8s-pod-security",
        "k8s-sa-token",
        "logs-retention",
        "subnet-public-ip",
    } == REMEDIED


@pytest.mark.parametrize("case", [c for c in _cases(Verdict.FAIL) if not _left(c)], ids=str)
def test_what_fails_complies_after_its_remediation(mending: Analyzer, case: Case) -> None:
    remedied = mending.remediate(case.kind, case.properties)

    assert case.rule in remedied.rules
    assert not mending.analyze(case.kind, remedied.properties).violations(case.rule)


@pytest.mark.parametrize("case", [c for c in _cases(Verdict.FAIL) if _left(c)], ids=str)
def test_what_a_remediation_leaves_is_still_a_violation(mending: Analyzer, case: Case) -> None:
    remedied = mending.remediate(case.kind, case.properties)

    assert mending.analyze(case.kind, remedied.properties).violations(case.rule)


@pytest.mark.parametrize("case", _cases(), ids=str)
def test_no_remediation_breaks(rules: Mapping[str, AnyRule], case: Case) -> None:
    rule = rules[case.rule]
    given = settings(rule, PARAMETERS.get(case.rule, {}))
    properties = Place(plain(case.properties), "")
    resource = Resource(case.kind, "it", urn(case.kind, "it"), properties, given)

    assert isinstance(rule, Rule)
    assert rule.remedy
    list(rule.remedy(resource))


@pytest.mark.parametrize(
    ("rule", "kind", "before", "after"),
    [
        (
            "ecs-no-public-ip",
            SERVICE,
            network(assignPublicIp=True, subnets=["subnet-1"]),
            network(assignPublicIp=False, subnets=["subnet-1"]),
        ),
        (
            "ecs-no-public-ip",
            PIPE,
            {"targetParameters": {"ecsTaskParameters": _of_a_pipe("ENABLED")}},
            {"targetParameters": {"ecsTaskParameters": _of_a_pipe("DISABLED")}},
        ),
        (
            "batch-fargate",
            JOB,
            job(command=["a"], networkConfiguration={"assignPublicIp": "ENABLED", "other": 1}),
            job(command=["a"], networkConfiguration={"assignPublicIp": "DISABLED", "other": 1}),
        ),
        (
            "ecs-efs",
            JOB,
            job(jobRoleArn="arn:a", volumes=[efs(authorizationConfig={"accessPointId": "a"})]),
            job(
                jobRoleArn="arn:a",
                volumes=[efs(authorizationConfig={"accessPointId": "a", "iam": "ENABLED"})],
            ),
        ),
        (
            "ecs-namespaces",
            JOB,
            several({"command": ["a"]}, pidMode="host", ipcMode="task", taskRoleArn="arn:a"),
            several({"command": ["a"]}, taskRoleArn="arn:a"),
        ),
        (
            "ecs-namespaces",
            JOB,
            several({"command": ["a"]}, pidMode="task", ipcMode="task"),
            several({"command": ["a"]}, pidMode="task"),
        ),
        (
            "ecs-exec-guard",
            JOB,
            {**job(command=["a"], enableExecuteCommand=True), "tags": {"env": "prod"}},
            {**job(command=["a"], enableExecuteCommand=False), "tags": {"env": "prod"}},
        ),
        (
            "ecs-platform",
            JOB,
            job(command=["a"], **{OF_ONE: {"platformVersion": "1.3.0", "other": 1}}),
            job(command=["a"], **{OF_ONE: {"platformVersion": "LATEST", "other": 1}}),
        ),
        (
            "ecs-platform",
            JOB,
            several({"command": ["a"]}, platformVersion="1.3.0"),
            several({"command": ["a"]}, platformVersion="LATEST"),
        ),
        (
            "ecs-exec-guard",
            JOB,
            {"tags": PROD, **several({"command": ["a"]}, enableExecuteCommand=True)},
            {"tags": PROD, **several({"command": ["a"]}, enableExecuteCommand=False)},
        ),
        (
            "ecs-unprivileged",
            TASK,
            task({"privileged": True, "essential": True}),
            task({"essential": True}),
        ),
        (
            "k8s-pod-security",
            POD,
            pod_spec({"ports": [{"containerPort": 80, "hostPort": 80}], "securityContext": SAFE}),
            pod_spec({"ports": [{"containerPort": 80}], "securityContext": SAFE}),
        ),
        # What can't be remedied keeps nothing else from it.
        (
            "k8s-pod-security",
            POD,
            pod_spec(None, {"ports": ["malformed", {"containerPort": 80}]}, hostPID=True),
            pod_spec(
                None,
                {
                    "ports": ["malformed", {"containerPort": 80}],
                    "securityContext": {"allowPrivilegeEscalation": False},
                },
                hostPID=False,
            ),
        ),
        (
            "iam-boundary",
            "aws:iam/role:Role",
            {"permissionsBoundary": f"{BOUNDARY}-of-another"},
            {"permissionsBoundary": f"{BOUNDARY}-of-another"},
        ),
    ],
)
def test_a_remediation_changes_nothing_but_what_breaks_the_rule(
    configurable_pack: Analyzer,
    rule: str,
    kind: str,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    configurable_pack.configure({rule: (REMEDIATE, PARAMETERS.get(rule, {}))})

    assert configurable_pack.remediate(kind, before).properties == after


def test_the_list_of_what_is_left_names_nothing_else() -> None:
    failing = {(case.rule, case.title) for case in _cases(Verdict.FAIL)}
    assert {(rule, title) for rule, titles in LEFT.items() for title in titles} <= failing


@pytest.mark.parametrize(
    "case", [c for c in _cases(Verdict.PASS) if c.rule != "iam-boundary"], ids=str
)
def test_what_complies_is_not_touched(mending: Analyzer, case: Case) -> None:
    assert case.rule not in mending.remediate(case.kind, case.properties).rules


@pytest.mark.parametrize("case", _cases(Verdict.UNDECIDED), ids=str)
def test_what_is_not_known_yet_stays_unknown(mending: Analyzer, case: Case) -> None:
    remedied = mending.remediate(case.kind, case.properties)

    before, after = _leaves(case.properties), _leaves(remedied.properties)
    for path, value in before.items():
        if value == UNKNOWN:
            assert after[path] == UNKNOWN


@pytest.mark.parametrize("case", _cases(), ids=str)
def test_whatever_was_secret_is_secret_afterwards(mending: Analyzer, case: Case) -> None:
    hidden = {key: secret(value) for key, value in case.properties.items()}

    remedied = mending.remediate(case.kind, hidden)

    for key in hidden.keys() & remedied.properties:
        value = remedied.properties[key]
        assert isinstance(value, dict)
        assert value.keys() == secret(None).keys()
    plain = mending.remediate(case.kind, case.properties)
    assert remedied.rules == plain.rules
    assert {k: v["value"] if k in hidden else v for k, v in remedied.properties.items()} == (
        plain.properties
    )


def test_a_secret_inside_of_what_is_replaced_makes_all_of_it_secret(mending: Analyzer) -> None:
    volume = {"fileSystemId": "fs-1", "authorizationConfig": {"iam": "ENABLED"}}

    remedied = mending.remediate(
        "aws:batch/jobDefinition:JobDefinition",
        {
            "containerProperties": {
                "jobRoleArn": "arn:a",
                "volumes": [secret({"name": "data", "efsVolumeConfiguration": volume})],
            }
        },
    )

    assert "ecs-efs" in remedied.rules
    assert remedied.properties["containerProperties"].keys() == secret(None).keys()


def test_a_secret_inside_of_what_is_changed_stays_secret(mending: Analyzer) -> None:
    volume = {"fileSystemId": secret("fs-1"), "transitEncryption": secret("DISABLED")}

    remedied = mending.remediate(
        "aws:ecs/taskDefinition:TaskDefinition",
        {"volumes": [{"name": "data", "efsVolumeConfiguration": volume}]},
    )

    assert remedied.properties["volumes"][0]["efsVolumeConfiguration"] == {
        "fileSystemId": secret("fs-1"),
        "transitEncryption": secret("ENABLED"),
        "authorizationConfig": {"iam": "ENABLED"},
    }


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (
            "aws:eks/cluster:Cluster",
            {"enabledClusterLogTypes": [secret("api")]},
            {"enabledClusterLogTypes": [secret("api"), "audit"]},
        ),
        (
            "aws:eks/cluster:Cluster",
            {"enabledClusterLogTypes": secret(["api"])},
            {"enabledClusterLogTypes": secret(["api", "audit"])},
        ),
        (
            "aws:ecs/cluster:Cluster",
            {"settings": [secret({"name": "containerInsights", "value": secret("disabled")})]},
            {"settings": [secret({"name": "containerInsights", "value": secret("enabled")})]},
        ),
        (
            "kubernetes:core/v1:Pod",
            {"spec": {"containers": [{"ports": [secret({"name": "a", "hostPort": 80})]}]}},
            {
                "spec": {
                    "containers": [
                        {
                            "ports": [secret({"name": "a"})],
                            "securityContext": {"allowPrivilegeEscalation": False},
                        }
                    ],
                    "automountServiceAccountToken": False,
                }
            },
        ),
    ],
)
def test_a_secret_in_a_list_stays_secret(
    mending: Analyzer, kind: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    remedied = mending.remediate(kind, before).properties

    assert {key: remedied[key] for key in after} == after


def test_containers_lose_only_what_is_not_allowed(configurable_pack: Analyzer) -> None:
    configurable_pack.configure(
        {
            "ecs-capabilities": (REMEDIATE, {"allowed": ["SYS_PTRACE"]}),
            "ecs-unprivileged": (REMEDIATE, {}),
        }
    )
    capabilities = {"add": ["SYS_ADMIN", "SYS_PTRACE"], "drop": ["ALL"]}
    web = {
        "name": "web",
        "cpu": 256,
        "privileged": True,
        "environment": [{"name": "GREETING", "value": "h\u00e9llo"}],
        "linuxParameters": {"initProcessEnabled": True, "capabilities": capabilities},
    }
    side = {"name": "side", "privileged": False}

    remedied = configurable_pack.remediate(
        "aws:ecs/taskDefinition:TaskDefinition",
        {"family": "web", "containerDefinitions": json.dumps([web, side])},
    )

    del web["privileged"]
    capabilities["add"] = ["SYS_PTRACE"]
    assert remedied.rules == ["ecs-unprivileged", "ecs-capabilities"]
    assert json.loads(remedied.properties["containerDefinitions"]) == [web, side]


def test_logs_are_kept_for_the_configured_time(configurable_pack: Analyzer) -> None:
    def kept() -> object:
        return configurable_pack.remediate(LOG_GROUP, {"name": "web"}).properties["retentionInDays"]

    configurable_pack.configure({"logs-retention": (REMEDIATE, {})})
    assert kept() == 365
    configurable_pack.configure({"logs-retention": (REMEDIATE, {"days": 30})})
    assert kept() == 30


def test_a_controller_keeps_its_token_and_so_does_an_account_that_is_not_known_yet(
    mending: Analyzer,
) -> None:
    for name in ("aws-load-balancer-controller", UNKNOWN):
        pod = {"spec": {"serviceAccountName": name}}
        account = {"metadata": {"name": name}}
        assert mending.remediate("kubernetes:core/v1:Pod", pod).rules == []
        assert mending.remediate("kubernetes:core/v1:ServiceAccount", account).rules == []


def test_no_boundary_is_set_while_several_are_accepted(configurable_pack: Analyzer) -> None:
    for accepted in ([BOUNDARY, f"{BOUNDARY}-2"], ["arn:aws:iam::*:policy/boundary"], []):
        configurable_pack.configure({"iam-boundary": (REMEDIATE, {"boundaries": accepted})})
        assert configurable_pack.remediate("aws:iam/role:Role", {"name": "web"}).rules == []


def test_a_remedy_that_fails_keeps_no_other_rule_from_correcting() -> None:
    named = {rule.name: rule for rule in RULES if isinstance(rule, Rule)}
    failing = replace(
        named["ecs-no-public-ip"], remedy=lambda _: iter([Change(("name", "a"), value=True)])
    )
    pack = direct(Servicer("test", [failing, named["ecs-platform"]]))
    pack.configure({"ecs-no-public-ip": (REMEDIATE, {}), "ecs-platform": (REMEDIATE, {})})

    remedied = pack.remediate(SERVICE, {"name": "web", "platformVersion": "1.3.0"})

    assert remedied.rules == ["ecs-platform"]
    assert remedied.properties == {"name": "web", "platformVersion": "LATEST"}


def test_nothing_is_changed_unless_the_level_says_so(pack: Analyzer) -> None:
    assert pack.remediate("aws:kms/key:Key", {"enableKeyRotation": False}).rules == []


def _leaves(value: Any, path: str = "") -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return what a JSON holds, by path."""
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {path: value}
    return {k: v for key, inner in items for k, v in _leaves(inner, f"{path}/{key}").items()}
