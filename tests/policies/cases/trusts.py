"""Who may assume a role."""

from collections.abc import Mapping
from typing import Any

from tests.policies.cases.case import BROKEN, About, Case, document
from tests.policies.protocol import UNKNOWN

ROLE = "aws:iam/role:Role"
HERE = "111122223333"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
GITHUB = "token.actions.githubusercontent.com"
SUBJECT = "system:serviceaccount:shop:api"


def trusts(documents: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    """Return roles with these trust documents."""
    return {title: {"assumeRolePolicy": text} for title, text in documents.items()}


def trust(
    principal: object, action: str = "sts:AssumeRole", **condition: Mapping[str, object]
) -> str:
    """Return a trust document."""
    statement = {"Effect": "Allow", "Action": action, "Principal": principal}
    return document({**statement, "Condition": condition} if condition else statement)


def service(name: str, **condition: Mapping[str, object]) -> str:
    return trust({"Service": name}, "sts:AssumeRole", **condition)


def tasks(**condition: Mapping[str, object]) -> str:
    return service("ecs-tasks.amazonaws.com", **condition)


def web_identity(issuer: str = ISSUER, **condition: Mapping[str, object]) -> str:
    provider = {"Federated": f"arn:aws:iam::{HERE}:oidc-provider/{issuer}"}
    return trust(provider, "sts:AssumeRoleWithWebIdentity", **condition)


def claims(issuer: str = ISSUER, **values: object) -> dict[str, object]:
    return {f"{issuer}:{claim}": value for claim, value in values.items()}


def arn(service: str, resource: str) -> dict[str, str]:
    return {"aws:SourceArn": f"arn:aws:{service}:eu-west-1:{HERE}:{resource}"}


ABOUT = [
    About("trust-no-public", ROLE)
    .passes(
        {
            **trusts({"a service": tasks(), "a web identity": web_identity()}),
            "absent": {},
            **trusts({"a denial of all": document({"Effect": "Deny", "Principal": "*"})}),
        }
    )
    .fails(
        trusts(
            {
                "everybody": trust("*"),
                "every AWS account": trust({"AWS": "*"}),
                "everybody in a list": trust({"AWS": [f"arn:aws:iam::{HERE}:root", "*"]}),
                "everybody with a condition": trust("*", StringEquals={"sts:ExternalId": "x"}),
                "every service": trust({"Service": "*"}),
                "every service among some": trust({"Service": ["ecs.amazonaws.com", "*"]}),
                "services that are alike": trust({"Service": "ecs-task?.amazonaws.com"}),
                "every provider": trust({"Federated": "*"}),
                "another account": trust({"AWS": "arn:aws:iam::999988887777:root"}),
                "another account's id": trust({"AWS": "999988887777"}),
                "another account's role": trust({"AWS": "arn:aws:iam::999988887777:role/ci"}),
                "an id of a user": trust({"AWS": "AIDAEXAMPLEEXAMPLE"}),
                "all but one": document(
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": HERE}}
                ),
                **BROKEN,
            }
        )
    )
    .undecided(trusts({"unknown": UNKNOWN})),
    About("trust-deputy", ROLE)
    .passes(
        {
            **trusts(
                {
                    "account and source": tasks(
                        StringEquals={"aws:SourceAccount": HERE}, ArnLike=arn("ecs", "*")
                    ),
                    "account": tasks(StringEquals={"aws:SourceAccount": [HERE]}),
                    "source": tasks(ArnLike=arn("ecs", "*")),
                    "keys in another case": tasks(StringEquals={"AWS:sourceACCOUNT": HERE}),
                    "operators in another case": tasks(stringequals={"aws:SourceAccount": HERE}),
                    "source by StringLike": tasks(StringLike=arn("ecs", "*")),
                    "source whatever its case": service(
                        "eks.amazonaws.com", StringEqualsIgnoreCase=arn("eks", "cluster/c")
                    ),
                    "account by StringLike": tasks(StringLike={"aws:SourceAccount": HERE}),
                    "another partition": tasks(
                        ArnLike={"aws:SourceArn": f"arn:aws-cn:ecs:cn-north-1:{HERE}:*"}
                    ),
                    "a schedule group": service(
                        "scheduler.amazonaws.com", ArnLike=arn("scheduler", "schedule-group/jobs")
                    ),
                    "a rule": service("events.amazonaws.com", ArnEquals=arn("events", "rule/r")),
                    "a pipe": service("pipes.amazonaws.com", StringEquals=arn("pipes", "pipe/p")),
                    "a state machine": service(
                        "states.amazonaws.com", ArnLike=arn("states", "stateMachine:report")
                    ),
                    "all state machines": service(
                        "states.amazonaws.com", ArnLike=arn("states", "stateMachine:*")
                    ),
                    "a function": service(
                        "lambda.amazonaws.com", ArnLike=arn("lambda", "function:f")
                    ),
                    "a cluster": service("eks.amazonaws.com", ArnLike=arn("eks", "cluster/c")),
                    "profiles": service(
                        "eks-fargate-pods.amazonaws.com", ArnLike=arn("eks", "fargateprofile/c/*")
                    ),
                    "flow logs": service(
                        "vpc-flow-logs.amazonaws.com", ArnLike=arn("ec2", "vpc-flow-log/*")
                    ),
                    "an exempt service": service("ecs.amazonaws.com"),
                    "a service that isn't listed": service("firehose.amazonaws.com"),
                    "no service": web_identity(),
                    "a denial": document(
                        {"Effect": "Deny", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
                    ),
                }
            ),
            "absent": {},
        }
    )
    .fails(
        trusts(
            {
                "no condition": tasks(),
                **{
                    f"no condition for {name}": service(f"{name}.amazonaws.com")
                    for name in ("events", "pipes", "vpc-flow-logs", "eks", "scheduler")
                },
                "a service by its name in a region": service("states.eu-west-1.amazonaws.com"),
                "a service by its name in China": service("states.cn-north-1.amazonaws.com.cn"),
                "a service in another case": service("ECS-Tasks.amazonaws.com"),
                "an account that is compared with itself": tasks(
                    StringEquals={"aws:SourceAccount": "${aws:SourceAccount}"}
                ),
                "an unrelated condition": tasks(StringEquals={"aws:PrincipalOrgID": "o-1"}),
                "a condition that may be missing": tasks(
                    StringEqualsIfExists={"aws:SourceAccount": HERE}
                ),
                "a source that may be missing": tasks(ArnLikeIfExists=arn("ecs", "*")),
                "a set that may be empty": tasks(
                    **{"ForAllValues:StringEquals": {"aws:SourceAccount": HERE}}
                ),
                "any account": tasks(StringLike={"aws:SourceAccount": "*"}),
                "no account": tasks(StringEquals={"aws:SourceAccount": []}),
                "an account and something else": tasks(
                    StringEquals={"aws:SourceAccount": [HERE, "mine"]}
                ),
                "no source": tasks(ArnLike={"aws:SourceArn": []}),
                "a literal wildcard among sources": service(
                    "eks.amazonaws.com",
                    StringEquals={
                        "aws:SourceArn": [
                            f"arn:aws:eks:eu-west-1:{HERE}:cluster/c",
                            f"arn:aws:eks:eu-west-1:{HERE}:cluster/*",
                        ]
                    },
                ),
                "not an account": tasks(StringEquals={"aws:SourceAccount": "mine"}),
                "another account's opposite": tasks(StringNotEquals={"aws:SourceAccount": HERE}),
                "any source": tasks(ArnLike={"aws:SourceArn": "*"}),
                "a source of any account": tasks(
                    ArnLike={"aws:SourceArn": "arn:aws:ecs:eu-west-1:*:*"}
                ),
                "a cluster, which ECS doesn't send": tasks(ArnLike=arn("ecs", "cluster/c")),
                "a wrong source besides the account": tasks(
                    StringEquals={"aws:SourceAccount": HERE}, ArnLike=arn("ecs", "cluster/c")
                ),
                "a wildcard that StringEquals takes literally": tasks(StringEquals=arn("ecs", "*")),
                "a good source and one that is taken literally": tasks(
                    ArnLike=arn("ecs", "*"), StringEquals=arn("ecs", "*")
                ),
                "one good and one bad source": tasks(
                    ArnLike={"aws:SourceArn": [f"arn:aws:ecs:eu-west-1:{HERE}:*", "*"]}
                ),
                "a source that is compared with Bool": tasks(Bool=arn("ecs", "*")),
                "a schedule instead of its group": service(
                    "scheduler.amazonaws.com", ArnLike=arn("scheduler", "schedule/jobs/nightly")
                ),
                "all schedule groups": service(
                    "scheduler.amazonaws.com", ArnLike=arn("scheduler", "schedule-group/*")
                ),
                "a state machine with the account alone": service(
                    "states.amazonaws.com", Bool={"aws:SecureTransport": "true"}
                ),
                "a second service without": trust(
                    {"Service": ["ecs.amazonaws.com", "lambda.amazonaws.com"]}
                ),
                "profiles of any cluster": service(
                    "eks-fargate-pods.amazonaws.com", ArnLike=arn("eks", "fargateprofile/*")
                ),
                **BROKEN,
            }
        )
    )
    .undecided(trusts({"unknown": UNKNOWN})),
    About("trust-oidc", ROLE)
    .passes(
        {
            **trusts(
                {
                    "one service account": web_identity(
                        StringEquals=claims(sub=SUBJECT, aud="sts.amazonaws.com")
                    ),
                    "StringLike without wildcard": web_identity(
                        StringLike=claims(sub=SUBJECT), StringEquals=claims(aud="sts.amazonaws.com")
                    ),
                    "a workflow": web_identity(
                        GITHUB,
                        StringEquals=claims(
                            GITHUB, sub="repo:org/shop:environment:prod", aud="sts.amazonaws.com"
                        ),
                    ),
                    "an issuer with a port": web_identity(
                        "ci.example.com:8443/id",
                        StringEquals=claims(
                            "ci.example.com:8443/id", sub="shop", aud="sts.amazonaws.com"
                        ),
                    ),
                    "one subject of one that AWS knows by itself": trust(
                        {"Federated": "accounts.google.com"},
                        StringEquals=claims("accounts.google.com", sub="1234", aud="shop"),
                    ),
                    "an employee": trust({"Federated": f"arn:aws:iam::{HERE}:saml-provider/sso"}),
                    "a service": tasks(),
                    "a denial": document(
                        {
                            "Effect": "Deny",
                            "Principal": {
                                "Federated": f"arn:aws:iam::{HERE}:oidc-provider/{ISSUER}"
                            },
                        }
                    ),
                    "two service accounts": web_identity(
                        StringEquals=claims(sub=[SUBJECT, SUBJECT + "2"], aud="sts.amazonaws.com")
                    ),
                    "saml": trust({"Federated": f"arn:aws:iam::{HERE}:saml-provider/corp"}),
                }
            ),
            "absent": {},
        }
    )
    .fails(
        trusts(
            {
                "no condition": web_identity(),
                "no subject": web_identity(StringEquals=claims(aud="sts.amazonaws.com")),
                "no audience": web_identity(StringEquals=claims(sub=SUBJECT)),
                "a subject that is compared with itself": web_identity(
                    GITHUB,
                    StringEquals=claims(GITHUB, sub=f"${{{GITHUB}:sub}}", aud="sts.amazonaws.com"),
                ),
                "a subject that is made from something": web_identity(
                    GITHUB,
                    StringEquals=claims(
                        GITHUB, sub="repo:org/${aws:PrincipalTag/repo}", aud="sts.amazonaws.com"
                    ),
                ),
                "one that AWS knows by itself": trust({"Federated": "accounts.google.com"}),
                "one of two providers": trust(
                    {
                        "Federated": [
                            f"arn:aws:iam::{HERE}:oidc-provider/{ISSUER}",
                            f"arn:aws:iam::{HERE}:oidc-provider/{GITHUB}",
                        ]
                    },
                    StringEquals=claims(sub=SUBJECT, aud="sts.amazonaws.com"),
                ),
                "a whole namespace": web_identity(
                    StringLike=claims(sub="system:serviceaccount:shop:*"),
                    StringEquals=claims(aud="sts.amazonaws.com"),
                ),
                "a subject that may be missing": web_identity(
                    StringEqualsIfExists=claims(sub=SUBJECT),
                    StringEquals=claims(aud="sts.amazonaws.com"),
                ),
                "another issuer's claims": web_identity(
                    StringEquals=claims("example.com", sub=SUBJECT, aud="sts.amazonaws.com")
                ),
                "not a service account": web_identity(
                    StringEquals=claims(sub="system:node:n", aud="sts.amazonaws.com")
                ),
                "a service account and something else": web_identity(
                    StringEquals=claims(sub=[SUBJECT, "system:node:n"], aud="sts.amazonaws.com")
                ),
                "the audience and another one": web_identity(
                    StringEquals=claims(sub=SUBJECT, aud=["sts.amazonaws.com", "kubernetes"])
                ),
                "another audience": web_identity(
                    StringEquals=claims(sub=SUBJECT, aud="kubernetes")
                ),
                "all subjects but one": web_identity(
                    StringNotEquals=claims(sub=SUBJECT),
                    StringEquals=claims(aud="sts.amazonaws.com"),
                ),
                **BROKEN,
            }
        )
    )
    .undecided(trusts({"unknown": UNKNOWN})),
    About("eks-pod-exec-role", ROLE)
    .passes(
        {
            **trusts(
                {
                    "one cluster": service(
                        "eks-fargate-pods.amazonaws.com", ArnLike=arn("eks", "fargateprofile/c/*")
                    ),
                    "another kind of role": tasks(),
                    "a role for nodes": service("ec2.amazonaws.com"),
                }
            ),
            "absent": {},
            "a path of another role": {"assumeRolePolicy": tasks(), "path": "/app/"},
            "an empty path": {
                "assumeRolePolicy": service(
                    "eks-fargate-pods.amazonaws.com", ArnLike=arn("eks", "fargateprofile/c/*")
                ),
                "path": "",
            },
            "nodes are denied": {
                "assumeRolePolicy": document(
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "eks-fargate-pods.amazonaws.com"},
                        "Condition": {"ArnLike": arn("eks", "fargateprofile/c/*")},
                    },
                    {"Effect": "Deny", "Principal": {"Service": "ec2.amazonaws.com"}},
                )
            },
            "Fargate is denied": {
                "assumeRolePolicy": document(
                    {
                        "Effect": "Deny",
                        "Principal": {"Service": "eks-fargate-pods.amazonaws.com"},
                    }
                )
            },
            "the root path": {
                "assumeRolePolicy": service(
                    "eks-fargate-pods.amazonaws.com", ArnLike=arn("eks", "fargateprofile/c/*")
                ),
                "path": "/",
            },
        }
    )
    .fails(
        {
            **trusts(
                {
                    "no source": service("eks-fargate-pods.amazonaws.com"),
                    "the account alone": service(
                        "eks-fargate-pods.amazonaws.com", StringEquals={"aws:SourceAccount": HERE}
                    ),
                    "another source": service(
                        "eks-fargate-pods.amazonaws.com", ArnLike=arn("eks", "cluster/c")
                    ),
                    "nodes too": trust(
                        {"Service": ["eks-fargate-pods.amazonaws.com", "ec2.amazonaws.com"]},
                        ArnLike=arn("eks", "fargateprofile/c/*"),
                    ),
                    "nodes in a statement of their own": document(
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "eks-fargate-pods.amazonaws.com"},
                            "Condition": {"ArnLike": arn("eks", "fargateprofile/c/*")},
                        },
                        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}},
                    ),
                    **BROKEN,
                }
            ),
            "a path": {
                "assumeRolePolicy": service(
                    "eks-fargate-pods.amazonaws.com", ArnLike=arn("eks", "fargateprofile/c/*")
                ),
                "path": "/app/",
            },
        }
    )
    .undecided(trusts({"unknown": UNKNOWN}))
    .passes(
        {"a role": {"podExecutionRoleArn": "arn:aws:iam::111122223333:role/pods"}},
        "aws:eks/fargateProfile:FargateProfile",
    )
    .fails(
        {
            "absent": {},
            "a path": {"podExecutionRoleArn": "arn:aws:iam::111122223333:role/app/pods"},
            "not a role": {"podExecutionRoleArn": "arn:aws:iam::111122223333:user/pods"},
        },
        "aws:eks/fargateProfile:FargateProfile",
    )
    .undecided(
        {"unknown": {"podExecutionRoleArn": UNKNOWN}}, "aws:eks/fargateProfile:FargateProfile"
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
