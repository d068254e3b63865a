"""Settings that services of AWS leave open by default: clusters, balancers, keys, functions."""

from typing import Any

from tests.policies.cases.case import About, AboutStack, Case, Json, one
from tests.policies.protocol import UNKNOWN, StackResource

CLUSTER = "aws:eks/cluster:Cluster"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
PERMISSION = "aws:lambda/permission:Permission"
FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl"
REPOSITORY = "aws:ecr/repository:Repository"
KEY = "aws:kms/key:Key"
ROLE = "aws:iam/role:Role"
PROD = {"environment": "prod"}
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"


def encrypted(resources: object, arn: object = ARN) -> dict[str, Any]:
    return {"encryptionConfig": {"resources": resources, "provider": {"keyArn": arn}}}


def hardened(**properties: object) -> dict[str, Any]:
    """Return production's load balancer, hardened but for `properties`."""
    return {
        "dropInvalidHeaderFields": True,
        "desyncMitigationMode": "strictest",
        "enableDeletionProtection": True,
        "accessLogs": {"bucket": "access-logs", "enabled": True},
        "tags": PROD,
        **properties,
    }


def balancer(*, kind: str = BALANCER, **properties: Json) -> StackResource:
    return one(kind, "balancer", **{"tags": PROD, "arn": UNKNOWN, **properties})


def associated() -> StackResource:
    return one(ACL_ASSOCIATION, "waf", {"resourceArn": ["balancer"]}, resourceArn=UNKNOWN)


def permission(principal: object, **properties: object) -> dict[str, Any]:
    return {"action": "lambda:InvokeFunction", "principal": principal, **properties}


def repository(**properties: object) -> dict[str, Any]:
    return {
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        **properties,
    }


BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
RULE_ARN = "arn:aws:events:eu-west-1:111122223333:rule/nightly"

ABOUT: list[About | AboutStack] = [
    About("eks-secrets-kms", CLUSTER)
    .passes(
        {
            "secrets": encrypted(["secrets"]),
            "a key that isn't known yet": encrypted(["secrets"], UNKNOWN),
            "an unknown resource besides": encrypted([UNKNOWN, "secrets"]),
        }
    )
    .fails(
        {
            "absent": {},
            "something else": encrypted(["configmaps"]),
            "nothing": encrypted([]),
            "no key": encrypted(["secrets"], ""),
            "no provider": {"encryptionConfig": {"resources": ["secrets"]}},
            "malformed": {"encryptionConfig": "secrets"},
            "malformed resources": encrypted("secrets"),
        }
    )
    .undecided(
        {
            "unknown": {"encryptionConfig": UNKNOWN},
            "unknown resources": encrypted(UNKNOWN),
            "an unknown resource": encrypted([UNKNOWN]),
        }
    ),
    About("eks-version", CLUSTER)
    .passes(
        {
            "in standard support": {"version": "1.35"},
            "newer": {"version": "1.36"},
            "the newest": {"version": "1.37"},
        }
    )
    .fails(
        {
            "absent": {},
            "in extended support": {"version": "1.31"},
            "out of support": {"version": "1.24"},
            "one that isn't there yet": {"version": "1.99"},
            "a number": {"version": 1.35},
            "malformed": {"version": ["1.35"]},
        }
    )
    .undecided({"unknown": {"version": UNKNOWN}}),
    About("alb-hardening", BALANCER)
    .passes(
        {
            "production": hardened(),
            "the default mode": hardened(desyncMitigationMode=None),
            "the default mode, in the provider's words": hardened(desyncMitigationMode=""),
            "elsewhere": {"dropInvalidHeaderFields": True, "tags": {"environment": "dev"}},
            "a network load balancer": hardened(
                loadBalancerType="network", dropInvalidHeaderFields=None
            ),
            "a bucket that isn't known yet": hardened(
                accessLogs={"bucket": UNKNOWN, "enabled": True}
            ),
        }
    )
    .fails(
        {
            "absent": {},
            "invalid headers": hardened(dropInvalidHeaderFields=False),
            "invalid headers, for applications": hardened(
                loadBalancerType="application", dropInvalidHeaderFields=False
            ),
            "invalid headers, the kind in the provider's words": hardened(
                loadBalancerType="", dropInvalidHeaderFields=False
            ),
            "ambiguous requests": hardened(desyncMitigationMode="monitor"),
            "deletion": hardened(enableDeletionProtection=False),
            "deletion by default": hardened(enableDeletionProtection=None),
            "no logs": hardened(accessLogs=None),
            "logs off": hardened(accessLogs={"bucket": "access-logs", "enabled": False}),
            "logs off by default": hardened(accessLogs={"bucket": "access-logs"}),
            "logs nowhere": hardened(accessLogs={"enabled": True}),
            "malformed logs": hardened(accessLogs="access-logs"),
            "production's network load balancer": {"loadBalancerType": "network", "tags": PROD},
        }
    )
    .undecided(
        {
            "unknown": hardened(dropInvalidHeaderFields=UNKNOWN),
            "an unknown mode": hardened(desyncMitigationMode=UNKNOWN),
            "unknown protection": hardened(enableDeletionProtection=UNKNOWN),
            "unknown logs": hardened(accessLogs=UNKNOWN),
            "logs that may be off": hardened(accessLogs={"enabled": UNKNOWN}),
            "unknown tags": hardened(tags=UNKNOWN),
            "an unknown kind": hardened(loadBalancerType=UNKNOWN),
        }
    )
    .fails({"absent": {}}, "aws:alb/loadBalancer:LoadBalancer"),
    AboutStack("alb-waf")
    .passes(
        {
            "with a web ACL": [balancer(), associated()],
            "by its ARN": [
                balancer(arn=ARN),
                one(ACL_ASSOCIATION, "waf", resourceArn=ARN),
            ],
            "elsewhere": [balancer(tags={"environment": "dev"})],
            "inside": [balancer(internal=True)],
            "a network load balancer": [balancer(loadBalancerType="network")],
            "a gateway load balancer": [balancer(loadBalancerType="gateway")],
            "no tags": [balancer(tags=None)],
        }
    )
    .fails(
        {
            "without": [balancer()],
            "under the other token": [balancer(kind="aws:alb/loadBalancer:LoadBalancer")],
            "another's web ACL": [
                balancer(),
                one(ACL_ASSOCIATION, "waf", resourceArn=f"{ARN}-of-another"),
            ],
        }
    )
    .undecided(
        {
            "unknown tags": [balancer(tags=UNKNOWN)],
            "an unknown scheme": [balancer(internal=UNKNOWN)],
            "an unknown kind": [balancer(loadBalancerType=UNKNOWN)],
            "nothing known": [one(BALANCER, "balancer")],
        }
    ),
    About("lambda-invoke", PERMISSION)
    .passes(
        {
            "an account": permission("111122223333"),
            "a role": permission("arn:aws:iam::111122223333:role/caller"),
            "a service for a rule": permission("events.amazonaws.com", sourceArn=RULE_ARN),
            "a service for an account": permission(
                "s3.amazonaws.com", sourceArn="arn:aws:s3:::uploads", sourceAccount="111122223333"
            ),
            "a skill": permission("alexa-appkit.amazon.com", eventSourceToken="amzn1.ask.skill.a"),
            "an organization": permission("*", principalOrgId="o-abcd123456"),
            "an unknown rule of an account": permission(
                "events.amazonaws.com", sourceArn=UNKNOWN, sourceAccount="111122223333"
            ),
        }
    )
    .fails(
        {
            "absent": {},
            "anybody": permission("*"),
            "anybody who signs": permission("*", functionUrlAuthType="AWS_IAM"),
            "anybody with a token": permission("*", eventSourceToken="amzn1.ask.skill.a"),
            "a service": permission("events.amazonaws.com"),
            "a service for anything": permission("events.amazonaws.com", sourceArn="*"),
            "a service for any account": permission(
                "events.amazonaws.com", sourceArn="arn:aws:events:*:*:rule/nightly"
            ),
            "a service for a bucket": permission(
                "s3.amazonaws.com", sourceArn="arn:aws:s3:::uploads"
            ),
            "any organization": permission("*", principalOrgId="o-*"),
            "malformed": permission(["events.amazonaws.com"]),
            "a malformed source": permission("events.amazonaws.com", sourceArn=[RULE_ARN]),
        }
    )
    .undecided(
        {
            "unknown": permission(UNKNOWN),
            "an unknown source": permission("events.amazonaws.com", sourceArn=UNKNOWN),
        }
    )
    .passes({"signed": {"authorizationType": "AWS_IAM"}}, FUNCTION_URL)
    .fails(
        {
            "absent": {},
            "open": {"authorizationType": "NONE"},
            "malformed": {"authorizationType": 1},
        },
        FUNCTION_URL,
    )
    .undecided({"unknown": {"authorizationType": UNKNOWN}}, FUNCTION_URL),
    About("ecr-kms-hygiene", REPOSITORY)
    .passes({"immutable and scanned": repository()})
    .fails(
        {
            "absent": {},
            "mutable": repository(imageTagMutability="MUTABLE"),
            "mutable by default": repository(imageTagMutability=None),
            "mutable by default, in the provider's words": repository(imageTagMutability=""),
            "immutable with exceptions": repository(imageTagMutability="IMMUTABLE_WITH_EXCLUSION"),
            "not scanned": repository(imageScanningConfiguration={"scanOnPush": False}),
            "not scanned by default": repository(imageScanningConfiguration=None),
            "malformed": repository(imageScanningConfiguration="on"),
        }
    )
    .undecided(
        {
            "unknown": repository(imageTagMutability=UNKNOWN),
            "unknown scanning": repository(imageScanningConfiguration=UNKNOWN),
        }
    )
    .passes(
        {
            "rotated": {"enableKeyRotation": True},
            "asymmetric": {"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY"},
            "asymmetric, to encrypt": {"customerMasterKeySpec": "RSA_2048"},
            "for codes": {"customerMasterKeySpec": "HMAC_256", "keyUsage": "GENERATE_VERIFY_MAC"},
            "a key store of the account's own": {"customKeyStoreId": "cks-1234"},
        },
        KEY,
    )
    .fails(
        {
            "absent": {},
            "symmetric": {"customerMasterKeySpec": "SYMMETRIC_DEFAULT"},
            "symmetric by default, in the provider's words": {"customerMasterKeySpec": ""},
            "off": {"enableKeyRotation": False, "keyUsage": "ENCRYPT_DECRYPT"},
            "malformed": {"enableKeyRotation": []},
        },
        KEY,
    )
    .undecided({"unknown": {"enableKeyRotation": UNKNOWN}}, KEY),
    About("iam-boundary", ROLE)
    .passes(
        {
            "a boundary": {"permissionsBoundary": BOUNDARY, "tags": PROD},
            "a boundary that isn't known yet": {"permissionsBoundary": UNKNOWN, "tags": PROD},
            "elsewhere": {"tags": {"environment": "dev"}},
            "absent": {},
        }
    )
    .fails(
        {
            "production's role": {"tags": PROD},
            "an empty boundary": {"permissionsBoundary": "", "tags": PROD},
        }
    )
    .undecided({"unknown tags": {"tags": UNKNOWN}}),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
