"""Volumes and file systems, ways out of security groups, rights in Kubernetes."""

from typing import Any

from tests.policies.cases.case import About, Case
from tests.policies.cases.ecs import SERVICE
from tests.policies.cases.open_groups import (
    DEFAULT_GROUP,
    EGRESS,
    GROUP,
    GROUP_RULE,
    new_port,
    port,
)
from tests.policies.protocol import UNKNOWN

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
CLUSTER_ROLE = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
CLUSTER_BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
EXPRESS_SERVICE = "aws:ecs/expressGatewayService:ExpressGatewayService"
EVERYTHING = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}


BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


GROUPS = "http://acs.amazonaws.com/groups/global"
EVERYBODY = f"{GROUPS}/AllUsers"
BUCKET_ACL = "aws:s3/bucketAcl:BucketAcl"


def granting(group: str) -> dict[str, Any]:
    """Return a list that grants something to a group."""
    grants = [{"grantee": {"type": "Group", "uri": group}, "permission": "READ"}]
    return {"accessControlPolicy": {"grants": grants}}


def blocked(**flags: object) -> dict[str, Any]:
    """Return what keeps a bucket closed, but for some flags."""
    return {**dict.fromkeys(FLAGS, True), **flags}


def ebs(**volume: object) -> dict[str, Any]:
    return {"volumeConfiguration": {"name": "data", "managedEbsVolume": {"sizeInGb": 1, **volume}}}


def express(*environments: object) -> dict[str, Any]:
    return {"primaryContainer": {"image": "web", "environments": list(environments)}}


def point(path: object = "/orders", uid: object = 1000) -> dict[str, Any]:
    return {
        "fileSystemId": UNKNOWN,
        "rootDirectory": {"path": path},
        "posixUser": {"uid": uid, "gid": 1000},
    }


def allows(*verbs: object, resources: tuple[object, ...] = ("pods",)) -> dict[str, Any]:
    return {"rules": [{"apiGroups": [""], "verbs": list(verbs), "resources": list(resources)}]}


def bound(role: object = "view", *subjects: object) -> dict[str, Any]:
    return {
        "roleRef": {"kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "Group", "name": name} for name in subjects],
    }


def out(**entry: object) -> dict[str, Any]:
    return {"egress": [entry]}


ABOUT = [
    About("ecs-fargate-only", "aws:ecs/daemon:Daemon").fails({"a daemon": {"name": "agent"}}),
    About("ecs-fargate-only", "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition").fails(
        {"a daemon's tasks": {"family": "agent"}}
    ),
    About("ecs-no-public-ip", EXPRESS_SERVICE)
    .passes({"a network": {"networkConfigurations": [{"subnets": ["subnet-1"]}]}})
    .fails({"no network": {"cpu": "256"}, "an empty list": {"networkConfigurations": []}})
    .undecided({"unknown": {"networkConfigurations": UNKNOWN}}),
    About("ecs-image-source", EXPRESS_SERVICE)
    .passes({"a tag": {"primaryContainer": {"image": "public.ecr.aws/nginx/nginx:1.29"}}})
    .fails({"latest": {"primaryContainer": {"image": "public.ecr.aws/nginx/nginx"}}}),
    About("ecs-env-secrets", EXPRESS_SERVICE)
    .passes({"harmless": express({"name": "LOG_LEVEL", "value": "debug"})})
    .fails({"a password": express({"name": "DB_PASSWORD", "value": "hunter22"})})
    .undecided({"unknown": express(UNKNOWN)}),
    About("ecs-ebs", SERVICE)
    .passes({"encrypted": ebs(encrypted=True), "no volume": {}})
    .fails(
        {
            "in clear": ebs(encrypted=False),
            "nothing said": ebs(),
            "malformed": {"volumeConfiguration": {"managedEbsVolume": "data"}},
            "a malformed flag": ebs(encrypted="no"),
        }
    )
    .undecided(
        {"unknown": ebs(encrypted=UNKNOWN), "unknown volume": {"volumeConfiguration": UNKNOWN}}
    ),
    About("efs-safe", FILE_SYSTEM)
    .passes({"encrypted": {"encrypted": True}})
    .fails({"in clear": {"encrypted": False}, "nothing said": {}})
    .undecided({"unknown": {"encrypted": UNKNOWN}})
    .passes({"a folder and a user": point(), "root as user": point(uid=0)}, ACCESS_POINT)
    .fails(
        {
            "no folder": point(None),
            "the root of the file system": point("/"),
            "the root, written twice": point("//"),
            "a number as folder": point(1),
            "no user": point(uid=None),
            "a name as user": point(uid="root"),
            "nothing said": {"fileSystemId": UNKNOWN},
        },
        ACCESS_POINT,
    )
    .undecided(
        {"an unknown folder": point(UNKNOWN), "unknown user": point(uid=UNKNOWN)}, ACCESS_POINT
    ),
    About("bucket-private", BLOCK)
    .passes({"closed": blocked()})
    .fails(
        {
            **{f"without {flag}": blocked(**{flag: False}) for flag in FLAGS},
            "nothing said": {"bucket": "uploads"},
        }
    )
    .undecided({"unknown": blocked(blockPublicAcls=UNKNOWN)})
    .fails({"for the account": blocked(blockPublicPolicy=False)}, ACCOUNT_BLOCK)
    .passes({"no list": {"bucket": "uploads"}, "its owner's": {"acl": "private"}}, BUCKET)
    .fails(
        {f"open: {acl}": {"acl": acl} for acl in ("public-read", "public-read-write")}
        | {"open to whoever signs": {"acl": "authenticated-read"}},
        BUCKET,
    )
    .undecided({"unknown": {"acl": UNKNOWN}, "unknown grants": {"grants": UNKNOWN}}, BUCKET)
    .passes({"a grant": {"grants": [{"type": "CanonicalUser", "id": "abc"}]}}, BUCKET)
    .fails({"a grant to everybody": {"grants": [{"id": "abc"}, {"uri": EVERYBODY}]}}, BUCKET)
    .fails(
        {
            "a grant to everybody": granting(EVERYBODY),
            "a grant to whoever signs": granting(f"{GROUPS}/AuthenticatedUsers"),
        },
        BUCKET_ACL,
    )
    .passes(
        {"a grant to the logs": granting("http://acs.amazonaws.com/groups/s3/LogDelivery")},
        BUCKET_ACL,
    )
    .fails({"open": {"acl": "public-read"}}, "aws:s3/bucketV2:BucketV2")
    .fails({"open": {"acl": "public-read"}}, BUCKET_ACL)
    .fails({"open": {"acl": "public-read"}}, "aws:s3/bucketAclV2:BucketAclV2"),
    About("topic-encrypted", "aws:sns/topic:Topic")
    .passes(
        {
            "a key": {"kmsMasterKeyId": "alias/aws/sns"},
            "a key that isn't known yet": {"kmsMasterKeyId": UNKNOWN},
        }
    )
    .fails({"no key": {"name": "orders"}, "an empty key": {"kmsMasterKeyId": ""}}),
    About("sg-egress", GROUP)
    .passes(
        {
            "absent": {},
            "https": out(**port(443, cidrBlocks=["0.0.0.0/0"])),
            "everything to the network": out(**{**EVERYTHING, "cidrBlocks": ["10.0.0.0/8"]}),
            "some ports": out(
                fromPort=1024, toPort=65535, protocol="tcp", cidrBlocks=["0.0.0.0/0"]
            ),
            "an unknown protocol to the network": out(
                protocol=UNKNOWN, cidrBlocks=["10.0.0.0/8"], fromPort=0, toPort=0
            ),
            "everything in": {"ingress": [EVERYTHING]},
        }
    )
    .fails(
        {
            "everything": out(**EVERYTHING),
            "everything by the new protocol": out(protocol="-1", ipv6CidrBlocks=["::/0"]),
            "everything by a number": out(**{**EVERYTHING, "protocol": -1}),
            "all ports": out(fromPort=0, toPort=65535, protocol="tcp", cidrBlocks=["0.0.0.0/0"]),
            "all ports but one": out(
                fromPort=1, toPort=65535, protocol="udp", cidrBlocks=["0.0.0.0/0"]
            ),
            "malformed": {"egress": "all"},
        }
    )
    .undecided(
        {
            "unknown": {"egress": UNKNOWN},
            "an unknown protocol": out(**{**EVERYTHING, "protocol": UNKNOWN}),
            "an unknown block": out(**{**EVERYTHING, "cidrBlocks": [UNKNOWN]}),
        }
    )
    .fails({"everything": out(**EVERYTHING)}, DEFAULT_GROUP)
    .passes({"in": {"type": "ingress", **EVERYTHING}}, GROUP_RULE)
    .fails({"everything": {"type": "egress", **EVERYTHING}}, GROUP_RULE)
    .passes({"https": new_port(443, cidrIpv4="0.0.0.0/0")}, EGRESS)
    .fails({"everything": {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}}, EGRESS),
    About("k8s-rbac", CLUSTER_ROLE)
    .passes({"named": allows("get", "list"), "no rules": {"aggregationRule": {}}})
    .fails(
        {
            "every verb": allows("get", "*"),
            "every resource": allows("get", resources=("pods", "*")),
            **{f"to {verb}": allows(verb) for verb in ("bind", "escalate", "impersonate")},
            "malformed": {"rules": "all"},
        }
    )
    .undecided({"unknown": allows(UNKNOWN), "unknown rules": {"rules": UNKNOWN}})
    .fails({"every verb": allows("*")}, ROLE)
    .passes({"named": bound("view", "team")}, BINDING)
    .fails({"everything": bound("cluster-admin", "team")}, BINDING)
    .passes({"named": bound("view", "team"), "nobody": bound()}, CLUSTER_BINDING)
    .fails(
        {
            "everything": bound("cluster-admin", "team"),
            **{
                f"to {name}": bound("view", "team", name)
                for name in (
                    "system:anonymous",
                    "system:authenticated",
                    "system:serviceaccounts",
                    "system:unauthenticated",
                )
            },
        },
        CLUSTER_BINDING,
    )
    .undecided(
        {"an unknown role": bound(UNKNOWN), "unknown": bound("view", UNKNOWN)}, CLUSTER_BINDING
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
