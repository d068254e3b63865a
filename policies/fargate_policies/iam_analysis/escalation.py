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
        reached: patterns of the ARNs that it is about, where the actions take others besides.
        through: patterns of what AWS gives everybody for it, one of which must be allowed too.
    """

    says: str
    actions: tuple[str, ...]
    passed_to: str = ""
    reached: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


_OF_AWS: Final = "arn:aws:iam::aws:"
"""How AWS's own policies begin, which nobody else can change."""
_POLICIES: Final = "change what policies allow"
_KEYS: Final = "make credentials for other identities"
_INSTANCES: Final = ("arn:*:ec2:*:*:instance/*", "arn:*:ssm:*:*:managed-instance/*")
_TASKS: Final = ("arn:*:ecs:*:*:task/*",)
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
    Method("run commands on instances", ("ec2-instance-connect:SendSSHPublicKey",)),
    Method(
        "run commands on instances",
        ("ssm:SendCommand",),
        reached=_INSTANCES,
        through=(
            "arn:*:ssm:*:*:document/AWS-RunPowerShellScript",
            "arn:*:ssm:*:*:document/AWS-RunShellScript",
        ),
    ),
    Method(
        "run commands on instances and in tasks",
        ("ssm:StartSession",),
        reached=(*_INSTANCES, *_TASKS),
    ),
    *(
        Method("change what instances run", actions)
        for actions in (
            ("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
            ("ec2:ModifyInstanceAttribute", "ec2:StartInstances", "ec2:StopInstances"),
        )
    ),
    Method("run commands in tasks", ("ecs:ExecuteCommand",), reached=_TASKS),
    Method("enter Glue's endpoints", ("glue:UpdateDevEndpoint",)),
    *(
        # A stack keeps the role it was made with, and uses it for whoever may change the stack.
        Method("change stacks that have roles", actions)
        for actions in (
            ("cloudformation:UpdateStack",),
            ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        )
    ),
    *(
        Method("run code in notebooks", actions)
        for actions in (
            ("sagemaker:CreatePresignedNotebookInstanceUrl",),
            (
                "sagemaker:CreateNotebookInstanceLifecycleConfig",
                "sagemaker:StartNotebookInstance",
                "sagemaker:StopNotebookInstance",
                "sagemaker:UpdateNotebookInstance",
            ),
        )
    ),
    Method(
        "run code in interpreters",
        (
            "bedrock-agentcore:InvokeCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
        ),
    ),
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
    *(
        Method("start instances with any role", (action,), "ec2.amazonaws.com")
        for action in ("ec2:RequestSpotInstances", "ec2:RunInstances")
    ),
    Method("run services with any role", ("apprunner:CreateService",), "apprunner.amazonaws.com"),
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
    *(
        Method(
            "run builds with any role",
            ("codebuild:CreateProject", start),
            "codebuild.amazonaws.com",
        )
        for start in ("codebuild:StartBuild", "codebuild:StartBuildBatch")
    ),
    *(
        Method("deploy stacks with any role", actions, "cloudformation.amazonaws.com")
        for actions in (
            ("cloudformation:CreateStack",),
            ("cloudformation:UpdateStack",),
            ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
            ("cloudformation:CreateStackInstances", "cloudformation:CreateStackSet"),
            ("cloudformation:UpdateStackSet",),
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
            ("sagemaker:CreateNotebookInstance",),
            ("sagemaker:CreateProcessingJob",),
            ("sagemaker:CreateTrainingJob",),
        )
    ),
    Method(
        "run code in interpreters with any role",
        (
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:InvokeCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
        ),
        "bedrock-agentcore.amazonaws.com",
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
        elif all(_is_open(identity, method, action) for action in method.actions):
            yield method


def _is_open(identity: Identity, method: Method, action: str) -> bool:
    service = action.partition(":")[0]

    def grants(kinds: tuple[str, ...]) -> Iterator[Grant]:
        for grant in identity.permissions.grants(action, kinds=kinds):
            if not any(narrows(condition, service) for condition in grant.statement.conditions):
                yield grant

    reached = any(_reaches_unnamed(identity, grant) for grant in grants(method.reached))
    return reached and (not method.through or any(grants(method.through)))


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
        not resource.startswith(_OF_AWS)
        and (is_unnamed(resource) or any(_matches_end(resource, own) for own in identity.own))
        for resource in grant.resources
    )


def _matches_end(resource: str, own: str) -> bool:
    return matches(_end(resource), own)


def _end(arn: str) -> str:
    parts = arn.split(":", 5)
    return parts[-1] if len(parts) == 6 else ""  # noqa: PLR2004 - the parts of an ARN
