"""Which managed policies are attached, and that no user has any."""

from tests.policies.cases.case import About, Case
from tests.policies.cases.trusts import ROLE
from tests.policies.protocol import UNKNOWN

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ATTACHMENT_OF_SEVERAL = "aws:iam/policyAttachment:PolicyAttachment"
EXCLUSIVE_OF_USER = "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive"
EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
ADMINISTRATOR = {"attached": {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}}

ABOUT = [
    About("iam-managed-denylist", ATTACHMENT)
    .passes(
        {
            "another policy": {"policyArn": "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"},
            "a name that begins alike": {"policyArn": "arn:aws:iam::aws:policy/IAMFullAccessX"},
            "absent": {},
        }
    )
    .fails(
        {
            "administrator": {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
            "iam": {"policyArn": "arn:aws:iam::aws:policy/IAMFullAccess"},
            "another partition": {"policyArn": "arn:aws-cn:iam::aws:policy/AdministratorAccess"},
            "power user": {"policyArn": "arn:aws:iam::aws:policy/PowerUserAccess"},
        }
    )
    .undecided({"unknown": {"policyArn": UNKNOWN}})
    .fails(ADMINISTRATOR, "aws:iam/userPolicyAttachment:UserPolicyAttachment")
    .fails(ADMINISTRATOR, "aws:iam/groupPolicyAttachment:GroupPolicyAttachment")
    .fails(ADMINISTRATOR, ATTACHMENT_OF_SEVERAL)
    .passes({"absent": {}}, ROLE)
    .fails(
        {
            "administrator": {
                "managedPolicyArns": ["a", "arn:aws:iam::aws:policy/AdministratorAccess"]
            },
            "malformed": {"managedPolicyArns": "AdministratorAccess"},
        },
        ROLE,
    )
    .undecided({"unknown": {"managedPolicyArns": [UNKNOWN]}}, ROLE)
    .fails(
        {"administrator": {"policyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}},
        EXCLUSIVE,
    )
    .fails(
        {"of a user": {"policyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}},
        EXCLUSIVE_OF_USER,
    )
    .fails(
        {"of a group": {"policyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}},
        "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    ),
    About("iam-no-users", "aws:iam/user:User")
    .fails({"a user": {"name": "ci"}, "absent": {}, "unknown": {"name": UNKNOWN}})
    .fails({"a key": {"user": "ci"}}, "aws:iam/accessKey:AccessKey")
    .fails({"a password": {"user": "ci"}}, "aws:iam/userLoginProfile:UserLoginProfile")
    .fails({"a certificate": {"userName": "ci"}}, "aws:iam/signingCertificate:SigningCertificate")
    .fails({"an SSH key": {"username": "ci"}}, "aws:iam/sshKey:SshKey")
    .fails(
        {"a service's password": {"userName": "ci"}},
        "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
    )
    .fails({"a policy of a user": {"user": "ci"}}, "aws:iam/userPolicy:UserPolicy")
    .fails({"of elsewhere": {"user": "ci"}}, "aws:iam/userPolicyAttachment:UserPolicyAttachment")
    .fails({"in groups": {"groups": ["a"]}}, "aws:iam/userGroupMembership:UserGroupMembership")
    .passes({"none in a group": {"users": []}}, "aws:iam/groupMembership:GroupMembership")
    .fails({"one in a group": {"users": ["ci"]}}, "aws:iam/groupMembership:GroupMembership")
    .passes({"for roles": {"roles": ["ci"], "users": []}, "absent": {}}, ATTACHMENT_OF_SEVERAL)
    .fails({"for users": {"roles": ["ci"], "users": ["ci"]}}, ATTACHMENT_OF_SEVERAL)
    .undecided({"for unknown users": {"users": UNKNOWN}}, ATTACHMENT_OF_SEVERAL)
    .passes({"no policies": {"policyArns": []}}, EXCLUSIVE_OF_USER)
    .fails({"policies": {"policyArns": ["a"]}}, EXCLUSIVE_OF_USER)
    .passes({"a role": {"name": "ci"}}, ROLE),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
