"""Ways in which an identity can get more permissions than it was given.

After the research of Rhino Security Labs, Bishop Fox and Datadog (pathfinding.cloud). What only a
named resource allows isn't one: whoever named it meant it. A role's own name is the exception.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..models.iam_document import Statement, matches
from .conditions import denies_passing_to, narrows, passes_to
from .identities import Identity
from .permissions import Grant, is_unnamed


@dataclass(frozen=True)
class Method:
    """A way to more permissions.

    Attributes:
        says: what it does, after "can".
        actions: what it takes; all of them.
        passed_to: the service that a role is passed to, if it takes that too.
    """

    says: str
    actions: tuple[str, ...]
    passed_to: str = ""


_POLICIES: Final = "change what policies allow"
_KEYS: Final = "make credentials for other identities"
METHODS: Final = (
    *(
        Method(_POLICIES, (f"iam:{action}",))
        for action in (
            "AddUserToGroup",
            "AttachGroupPolicy",
            "AttachRolePolicy",
            "AttachUserPolicy",
            "CreatePolicyVersion",
            "PutGroupPolicy",
            "PutRolePolicy",
            "PutUserPolicy",
            "SetDefaultPolicyVersion",
        )
    ),
    *(
        Method(_KEYS, (f"iam:{action}",))
        for action in ("CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile")
    ),
    Method("let itself into other roles", ("iam:UpdateAssumeRolePolicy",)),
    *(
        Method("take limits from identities", (f"iam:{action}",))
        for action in ("DeleteRolePermissionsBoundary", "DeleteUserPermissionsBoundary")
    ),
    Method("change the code of functions", ("lambda:UpdateFunctionCode",)),
    Method("change the code of functions", ("lambda:UpdateFunctionConfiguration",)),
    Method("run commands on instances", ("ssm:SendCommand",)),
    Method("run commands on instances", ("ssm:StartSession",)),
    Method("enter Glue's endpoints", ("glue:UpdateDevEndpoint",)),
    Method("start tasks with any role", ("ecs:RunTask",), "ecs-tasks.amazonaws.com"),
    Method("start tasks with any role", ("ecs:StartTask",), "ecs-tasks.amazonaws.com"),
    *(
        Method(
            "start tasks with any role",
            ("ecs:RegisterTaskDefinition", action),
            "ecs-tasks.amazonaws.com",
        )
        for action in ("ecs:CreateService", "ecs:UpdateService")
    ),
    *(
        Method(
            "run functions with any role", ("lambda:CreateFunction", action), "lambda.amazonaws.com"
        )
        for action in (
            "lambda:AddPermission",
            "lambda:CreateEventSourceMapping",
            "lambda:InvokeFunction",
        )
    ),
    Method("start instances with any role", ("ec2:RunInstances",), "ec2.amazonaws.com"),
    Method("run jobs with any role", ("glue:CreateDevEndpoint",), "glue.amazonaws.com"),
    *(
        Method("run jobs with any role", (f"glue:{write}", f"glue:{start}"), "glue.amazonaws.com")
        for write in ("CreateJob", "UpdateJob")
        for start in ("CreateTrigger", "StartJobRun")
    ),
    Method(
        "run jobs with any role",
        ("batch:RegisterJobDefinition", "batch:SubmitJob"),
        "ecs-tasks.amazonaws.com",
    ),
    Method(
        "run builds with any role",
        ("codebuild:CreateProject", "codebuild:StartBuild"),
        "codebuild.amazonaws.com",
    ),
    *(
        Method("deploy stacks with any role", actions, "cloudformation.amazonaws.com")
        for actions in (
            ("cloudformation:CreateStack",),
            ("cloudformation:UpdateStack",),
            ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        )
    ),
    Method(
        "run pipelines with any role",
        (
            "datapipeline:ActivatePipeline",
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
        ),
        "datapipeline.amazonaws.com",
    ),
    *(
        Method("run notebooks and jobs with any role", actions, "sagemaker.amazonaws.com")
        for actions in (
            ("sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
            ("sagemaker:CreateProcessingJob",),
            ("sagemaker:CreateTrainingJob",),
        )
    ),
    Method(
        "run state machines with any role",
        ("states:CreateStateMachine", "states:StartExecution"),
        "states.amazonaws.com",
    ),
    Method(
        "call AWS by schedules with any role",
        ("scheduler:CreateSchedule",),
        "scheduler.amazonaws.com",
    ),
)


def escalations(identity: Identity) -> Iterator[Method]:
    """Yield the ways to more permissions that are open to an identity."""
    for method in METHODS:
        if method.passed_to:
            allowed = all(any(identity.permissions.grants(action)) for action in method.actions)
            if allowed and _passes_any_role(identity, method.passed_to):
                yield method
        elif all(_is_open(identity, action) for action in method.actions):
            yield method


def _is_open(identity: Identity, action: str) -> bool:
    service = action.partition(":")[0]
    return any(
        _reaches_unnamed(identity, grant)
        and not any(narrows(condition, service) for condition in grant.statement.conditions)
        for grant in identity.permissions.grants(action)
    )


def _passes_any_role(identity: Identity, service: str) -> bool:
    def denying(deny: Statement) -> bool:
        return denies_passing_to(deny, service)

    return any(
        any(map(is_unnamed, grant.resources))
        and passes_to(grant.statement, service)
        and not any(narrows(condition, "iam") for condition in grant.statement.conditions)
        for grant in identity.permissions.grants("iam:PassRole", denying)
    )


def _reaches_unnamed(identity: Identity, grant: Grant) -> bool:
    return any(
        is_unnamed(resource) or any(_matches_end(resource, own) for own in identity.own)
        for resource in grant.resources
    )


def _matches_end(resource: str, own: str) -> bool:
    return matches(_end(resource), own)


def _end(arn: str) -> str:
    parts = arn.split(":", 5)
    return parts[-1] if len(parts) == 6 else ""  # noqa: PLR2004 - the parts of an ARN
