"""Ways to more permissions: what opens each of them, and what keeps it closed."""

from collections.abc import Iterator, Sequence

from tests.policies.cases.case import AboutStack, Case, allow
from tests.policies.cases.escalations import IAM, managed, may, policy, role
from tests.policies.protocol import StackResource

ANYWHERE = {"lambda": "arn:aws:lambda:*:*:function", "ecs": "arn:aws:ecs:*:*"}
INSTANCES = ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:managed-instance/*"]
SHELL = "arn:aws:ssm:*::document/AWS-RunShellScript"
OWN_DOCUMENT = "arn:aws:ssm:eu-west-1:111122223333:document/restart"
COMMANDS = "ssm:SendCommand"
CODE = "lambda:UpdateFunctionCode"
WITH_ROLES = {
    "stacks that have a role": ["cloudformation:UpdateStack"],
    "stacks that have a role, by change set": [
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
    ],
    "what instances run": [
        "ec2:ModifyInstanceAttribute",
        "ec2:StartInstances",
        "ec2:StopInstances",
    ],
    "what instances to come run": ["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
    "instances by key": ["ec2-instance-connect:SendSSHPublicKey"],
    "tasks that run": ["ecs:ExecuteCommand"],
    "notebooks": ["sagemaker:CreatePresignedNotebookInstanceUrl"],
    "what notebooks run": [
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:StartNotebookInstance",
        "sagemaker:StopNotebookInstance",
        "sagemaker:UpdateNotebookInstance",
    ],
    "code interpreters": [
        "bedrock-agentcore:InvokeCodeInterpreter",
        "bedrock-agentcore:StartCodeInterpreterSession",
    ],
}
"""What uses the role of something that is there; all of the actions."""
WITH_ANY_ROLE = {
    "App Runner": ["apprunner:CreateService"],
    "builds in batches": ["codebuild:CreateProject", "codebuild:StartBuildBatch"],
    "instances by request": ["ec2:RequestSpotInstances"],
    "new code interpreters": [
        "bedrock-agentcore:CreateCodeInterpreter",
        "bedrock-agentcore:InvokeCodeInterpreter",
        "bedrock-agentcore:StartCodeInterpreterSession",
    ],
    "new notebooks": ["sagemaker:CreateNotebookInstance"],
    "new sets of stacks": [
        "cloudformation:CreateStackInstances",
        "cloudformation:CreateStackSet",
    ],
    "sets of stacks": ["cloudformation:UpdateStackSet"],
}
"""What uses a role that is passed to it; all of the actions, and iam:PassRole."""


ALONE = (
    *("iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"),
    *("iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile"),
    *("iam:CreatePolicyVersion", "iam:DeleteRolePermissionsBoundary"),
    *("iam:DeleteUserPermissionsBoundary", "iam:PutGroupPolicy", "iam:PutRolePolicy"),
    *("iam:PutUserPolicy", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"),
    *("iam:UpdateLoginProfile", "glue:UpdateDevEndpoint", "lambda:UpdateFunctionCode"),
    *("lambda:UpdateFunctionConfiguration", "ssm:SendCommand", "ssm:StartSession"),
)
"""Actions that need no other."""
WITH_ANY_ROLE_OF = {
    "batch:RegisterJobDefinition batch:SubmitJob": "ecs-tasks",
    "cloudformation:CreateStack": "cloudformation",
    "codebuild:CreateProject codebuild:StartBuild": "codebuild",
    " ".join(
        f"datapipeline:{action}"
        for action in ("ActivatePipeline", "CreatePipeline", "PutPipelineDefinition")
    ): "datapipeline",
    "ec2:RunInstances": "ec2",
    "ecs:RegisterTaskDefinition ecs:CreateService": "ecs-tasks",
    "ecs:RegisterTaskDefinition ecs:UpdateService": "ecs-tasks",
    "ecs:RunTask": "ecs-tasks",
    "ecs:StartTask": "ecs-tasks",
    "glue:CreateDevEndpoint": "glue",
    "glue:CreateJob glue:CreateTrigger": "glue",
    "glue:CreateJob glue:StartJobRun": "glue",
    "glue:UpdateJob glue:CreateTrigger": "glue",
    "glue:UpdateJob glue:StartJobRun": "glue",
    "lambda:CreateFunction lambda:AddPermission": "lambda",
    "lambda:CreateFunction lambda:CreateEventSourceMapping": "lambda",
    "lambda:CreateFunction lambda:InvokeFunction": "lambda",
    "sagemaker:CreateProcessingJob": "sagemaker",
    "sagemaker:CreateTrainingJob": "sagemaker",
    "scheduler:CreateSchedule": "scheduler",
    "states:CreateStateMachine states:StartExecution": "states",
    **{
        " ".join(WITH_ANY_ROLE[title]): service
        for title, service in {
            "App Runner": "apprunner",
            "builds in batches": "codebuild",
            "instances by request": "ec2",
            "new notebooks": "sagemaker",
            "new sets of stacks": "cloudformation",
            "sets of stacks": "cloudformation",
        }.items()
    },
}
"""What uses a role that is passed to one service: the actions, and the service's name."""
STACK = "arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/*"


def passing(service: str, actions: Sequence[str], resource: str = "*") -> list[StackResource]:
    """Return a role that may pass every role to a service, and the actions."""
    condition = {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}}
    passed = allow("iam:PassRole", "*", Condition=condition)
    return may(passed, allow(list(actions), resource)) if actions else may(passed)


def interpreting(actions: Sequence[str]) -> list[StackResource]:
    """Return a role that may do something to code interpreters, by name where that can be said."""
    own = "arn:aws:bedrock-agentcore:*:*:code-interpreter-custom/ci-*"
    return may(
        allow("iam:PassRole", "*"),
        *(allow(action, "*" if ":Create" in action else own) for action in actions),
    )


def without_each(actions: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the actions without each of them, by the one that is left out."""
    for gone in actions if len(actions) > 1 else ():
        yield gone, [action for action in actions if action != gone]


def tagged(key: str, value: str = "*") -> dict[str, object]:
    return {"Condition": {"StringLike": {key: value}}}


ABOUT = [
    AboutStack("iam-privesc")
    .passes(
        {
            **{
                f"{title}, but for {gone}": may(allow(rest, "*"))
                for title, actions in WITH_ROLES.items()
                for gone, rest in without_each(actions)
            },
            **{
                f"any role for {actions}, but for {gone}": passing(service, rest)
                for actions, service in WITH_ANY_ROLE_OF.items()
                for gone, rest in without_each(actions.split())
            },
            **{
                f"any role for {service}, to do nothing": passing(service, ())
                for service in sorted(set(WITH_ANY_ROLE_OF.values()))
            },
            **{
                f"any role for code interpreters of its own, but for {gone}": interpreting(rest)
                for gone, rest in without_each(WITH_ANY_ROLE["new code interpreters"])
            },
            **{
                f"any role for a change of a stack, but for {gone}": passing(
                    "cloudformation", rest, STACK
                )
                for gone, rest in without_each(WITH_ROLES["stacks that have a role, by change set"])
            },
            **{
                f"{title}, no role": may(allow(actions, "*"))
                for title, actions in WITH_ANY_ROLE.items()
                if title != "new code interpreters"
            },
            "a function of any region": may(allow(CODE, f"{ANYWHERE['lambda']}:orders")),
            "functions of any account that begin alike": may(
                allow(CODE, f"{ANYWHERE['lambda']}:orders-*")
            ),
            "every resource of another kind": may(
                allow(
                    "glue:UpdateDevEndpoint",
                    ["arn:aws:glue:*:*:database/*", "arn:aws:glue:*:*:catalog"],
                )
            ),
            "a policy of AWS's own": [
                role(),
                managed(allow("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ci-*")),
            ],
            "every policy of AWS's own": may(
                allow("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/*")
            ),
            "resources that have a tag": may(allow(CODE, "*", **tagged("aws:ResourceTag/team"))),
            "resources that don't lack a tag": may(
                allow(CODE, "*", Condition={"Null": {"aws:ResourceTag/team": "false"}})
            ),
            "instances of a tag, by its key in another service": may(
                allow(
                    "ec2-instance-connect:SendSSHPublicKey", "*", **tagged("ec2:ResourceTag/team")
                )
            ),
            "a document of its own on every instance": may(
                allow(COMMANDS, [*INSTANCES, OWN_DOCUMENT])
            ),
            "every command on one instance": may(
                allow(COMMANDS, ["arn:aws:ec2:*:*:instance/i-0123", SHELL])
            ),
            "every command on instances of a tag": may(
                allow(COMMANDS, INSTANCES, **tagged("ssm:resourceTag/team", "orders")),
                allow(COMMANDS, "arn:aws:ssm:*:*:document/*"),
            ),
            "documents of a tag": may(
                allow(COMMANDS, INSTANCES),
                allow(COMMANDS, "arn:aws:ssm:*:*:document/*", **tagged("aws:ResourceTag/team")),
            ),
            "any session on no instance": may(
                allow("ssm:StartSession", "arn:aws:ssm:*:*:document/*")
            ),
            "tasks of a cluster": may(
                allow(
                    "ecs:ExecuteCommand",
                    [f"{ANYWHERE['ecs']}:cluster/*", f"{ANYWHERE['ecs']}:task/dev/*"],
                )
            ),
        }
    )
    .fails(
        {
            **{title: may(allow(actions, "*")) for title, actions in WITH_ROLES.items()},
            **{f"by {action}": may(allow(action, "*")) for action in ALONE},
            **{
                f"any role for {actions}": passing(service, actions.split())
                for actions, service in WITH_ANY_ROLE_OF.items()
            },
            "any role for one stack": passing(
                "cloudformation", ["cloudformation:UpdateStack"], STACK
            ),
            "any role for one stack, by change set": passing(
                "cloudformation", WITH_ROLES["stacks that have a role, by change set"], STACK
            ),
            **{
                f"any role for {title}": may(allow(["iam:PassRole", *actions], "*"))
                for title, actions in WITH_ANY_ROLE.items()
            },
            "any role for code interpreters of its own": interpreting(
                WITH_ANY_ROLE["new code interpreters"]
            ),
            "every function of any region": may(allow(CODE, f"{ANYWHERE['lambda']}:*")),
            "functions that end alike": may(allow(CODE, f"{ANYWHERE['lambda']}:*-orders")),
            "an ARN that ends early": may(allow(CODE, "arn:aws:lambda:*")),
            "a tag that may be missing": may(
                allow(CODE, "*", Condition={"StringLikeIfExists": {"aws:ResourceTag/team": "*"}})
            ),
            "resources that lack a tag": may(
                allow(CODE, "*", Condition={"Null": {"aws:ResourceTag/team": "true"}})
            ),
            "every command on every instance": may(allow(COMMANDS, [INSTANCES[0], SHELL])),
            "every command on every instance of Windows": may(
                allow(COMMANDS, [INSTANCES[0], SHELL.replace("Shell", "PowerShell")])
            ),
            "AWS's documents on every managed instance": may(
                allow(COMMANDS, [INSTANCES[1], "arn:aws:ssm:*::document/AWS-*"])
            ),
            "commands over two policies": [
                role(),
                policy(allow(COMMANDS, INSTANCES), name="one"),
                policy(allow(COMMANDS, SHELL), name="two"),
            ],
            "sessions in every task": may(allow("ssm:StartSession", f"{ANYWHERE['ecs']}:task/*")),
            "every role, by an ARN of any account": may(
                allow("iam:PutRolePolicy", f"{IAM.replace('111122223333', '*')}:role/*")
            ),
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
