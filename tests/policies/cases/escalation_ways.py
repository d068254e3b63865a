"""Ways to more permissions: what opens each of them, and what keeps it closed."""

from tests.policies.cases.case import AboutStack, Case, allow
from tests.policies.cases.escalations import IAM, managed, may, policy, role

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


def tagged(key: str, value: str = "*") -> dict[str, object]:
    return {"Condition": {"StringLike": {key: value}}}


ABOUT = [
    AboutStack("iam-privesc")
    .passes(
        {
            **{
                f"{title}, but for one action": may(allow(actions[1:], "*"))
                for title, actions in WITH_ROLES.items()
                if actions[1:]
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
            **{
                f"any role for {title}": may(allow(["iam:PassRole", *actions], "*"))
                for title, actions in WITH_ANY_ROLE.items()
            },
            "any role for code interpreters of its own": may(
                allow("iam:PassRole", "*"),
                allow(
                    WITH_ANY_ROLE["new code interpreters"],
                    "arn:aws:bedrock-agentcore:*:*:code-interpreter-custom/ci-*",
                ),
                allow("bedrock-agentcore:CreateCodeInterpreter", "*"),
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
