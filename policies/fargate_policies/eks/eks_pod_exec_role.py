"""eks-pod-exec-role: the role that starts pods is for that alone, and for one cluster."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import guide
from ..core.values import Findings, Value
from ..models.iam_document import ROLE, Statement, judge_documents
from ..models.trust import services, source_arn_problem

_PODS = "eks-fargate-pods.amazonaws.com"
_PROFILE = "aws:eks/fargateProfile:FargateProfile"


def _check(resource: Resource) -> Findings:
    return _check_profile(resource) if resource.type == _PROFILE else _check_role(resource)


def _check_profile(resource: Resource) -> Findings:
    return resource.at("podExecutionRoleArn").require(
        _has_no_path, "is not the ARN of a role without a path, the only kind that EKS accepts"
    )


def _check_role(resource: Resource) -> Findings:
    starts_pods = False

    def judge(statement: Statement) -> Iterator[str]:
        nonlocal starts_pods
        if statement.allows and _PODS in services(statement):
            starts_pods = True
            yield from _judge(statement)

    yield from judge_documents([resource.at("assumeRolePolicy")], judge)
    if starts_pods:
        yield from judge_documents([resource.at("assumeRolePolicy")], _judge_others)
        yield from resource.at("path").require(
            lambda path: path in (None, "", "/"), "EKS accepts no pod execution role with a path"
        )


def _judge(statement: Statement) -> Iterator[str]:
    problem = source_arn_problem(statement, _PODS)
    if problem is not None:
        yield problem or "aws:SourceArn isn't demanded, so any cluster may use the role"


def _judge_others(statement: Statement) -> Iterator[str]:
    names = {name for names in statement.principals.values() for name in names}
    if statement.allows and names != {_PODS}:
        yield "somebody besides EKS Fargate may assume the role, such as a node or a pod"


def _has_no_path(arn: Value) -> bool:
    return isinstance(arn, str) and ":role/" in arn and arn.count("/") == 1


RULE = Rule(
    name="eks-pod-exec-role",
    description="A pod execution role serves the Fargate profiles of one cluster and nothing else.",
    fix=(
        "Create a role with path / that only eks-fargate-pods.amazonaws.com may assume, with"
        " ArnLike aws:SourceArn arn:aws:eks:REGION:ACCOUNT:fargateprofile/CLUSTER/*."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Amazon EKS user guide",
        "pod execution IAM role",
        "https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html",
    ),
    types=(ROLE, _PROFILE),
    check=_check,
)
