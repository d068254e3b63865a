"""EKS, Kubernetes, networks, load balancers, logs and the policies of resources."""

from typing import Any

from tests.policies.cases.case import BROKEN, About, Case, allow, document
from tests.policies.cases.permissions import policies
from tests.policies.cases.trusts import HERE
from tests.policies.protocol import UNKNOWN

CLUSTER = "aws:eks/cluster:Cluster"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
CRON_JOB = "kubernetes:batch/v1:CronJob"
POD = "kubernetes:core/v1:Pod"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
LIST_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"

SAFE = {"allowPrivilegeEscalation": False, "runAsNonRoot": True}


def endpoint(**configuration: object) -> dict[str, Any]:
    return {"vpcConfig": configuration}


def pod_spec(*containers: object, **spec: object) -> dict[str, Any]:
    return {"spec": {"containers": list(containers), **spec}}


def deployment(*containers: object, **spec: object) -> dict[str, Any]:
    return {"spec": {"template": pod_spec(*containers, **spec)}}


def scheduled(*containers: object, **spec: object) -> dict[str, Any]:
    return {"spec": {"jobTemplate": {"spec": {"template": pod_spec(*containers, **spec)}}}}


def context(**values: object) -> dict[str, Any]:
    """Return a deployment with one container that is safe but for `values`."""
    return deployment({"name": "web", "securityContext": {**SAFE, **values}})


def ingress(**entry: object) -> dict[str, Any]:
    return {"ingress": [entry]}


def port(number: int, **more: object) -> dict[str, Any]:
    return {"fromPort": number, "toPort": number, "protocol": "tcp", **more}


def new_port(number: int, **more: object) -> dict[str, Any]:
    return {"fromPort": number, "toPort": number, "ipProtocol": "tcp", **more}


def to_service(**condition: object) -> str:
    more = {"Condition": condition} if condition else {}
    return document(allow("sqs:SendMessage", Principal={"Service": "sns.amazonaws.com"}, **more))


def to_everybody(**condition: object) -> str:
    more = {"Condition": condition} if condition else {}
    return document(allow("sqs:SendMessage", Principal="*", **more))


TLS_ONLY = document(
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
)
INSTANCES = {"instance": {"targetType": "instance"}}
UNSAFE = {"no context": {"spec": {"template": {"spec": {"containers": [{"name": "web"}]}}}}}
TOPIC = f"arn:aws:sns:eu-west-1:{HERE}:orders"
ROLE_HERE = f"arn:aws:iam::{HERE}:role/worker"
WHO = {
    "aws:PrincipalAccount": HERE,
    "aws:PrincipalArn": ROLE_HERE,
    "aws:PrincipalOrgID": "o-abcd123456",
    "aws:SourceAccount": HERE,
    "aws:SourceArn": TOPIC,
    "aws:SourceOrgID": "o-abcd123456",
    "aws:SourceOwner": HERE,
    "aws:SourceVpc": "vpc-1",
    "aws:SourceVpce": "vpce-1",
    "kms:CallerAccount": HERE,
}
"""Keys that say who calls, with a value of each."""
PERMISSION = "aws:cloudwatch/eventPermission:EventPermission"

ABOUT = [
    About("eks-endpoint", CLUSTER)
    .passes(
        {
            "private": endpoint(endpointPrivateAccess=True, endpointPublicAccess=False),
            "public to named blocks": endpoint(
                endpointPrivateAccess=True,
                endpointPublicAccess=True,
                publicAccessCidrs=["203.0.113.0/24"],
            ),
        }
    )
    .fails(
        {
            "absent": {},
            "public only": endpoint(
                endpointPrivateAccess=False, publicAccessCidrs=["203.0.113.0/24"]
            ),
            "public by default": endpoint(endpointPrivateAccess=True),
            "no blocks": endpoint(
                endpointPrivateAccess=True, endpointPublicAccess=True, publicAccessCidrs=[]
            ),
            "the world": endpoint(
                endpointPrivateAccess=True,
                endpointPublicAccess=True,
                publicAccessCidrs=["203.0.113.0/24", "0.0.0.0/0"],
            ),
            "the world in halves": endpoint(
                endpointPrivateAccess=True, publicAccessCidrs=["0.0.0.0/1", "128.0.0.0/1"]
            ),
            "not a block": endpoint(endpointPrivateAccess=True, publicAccessCidrs=["office"]),
            "a number as block": endpoint(endpointPrivateAccess=True, publicAccessCidrs=[10]),
            "neither": endpoint(endpointPublicAccess=False),
            "malformed": {"vpcConfig": "private"},
        }
    )
    .undecided(
        {
            "unknown": {"vpcConfig": UNKNOWN},
            "unknown access": endpoint(endpointPrivateAccess=True, endpointPublicAccess=UNKNOWN),
            "unknown block": endpoint(endpointPrivateAccess=True, publicAccessCidrs=[UNKNOWN]),
        }
    ),
    About("eks-logs", CLUSTER)
    .passes({"audit": {"enabledClusterLogTypes": ["api", "audit"]}})
    .fails(
        {
            "absent": {},
            "others": {"enabledClusterLogTypes": ["api"]},
            "none": {"enabledClusterLogTypes": []},
            "malformed": {"enabledClusterLogTypes": "audit"},
        }
    )
    .undecided(
        {
            "unknown": {"enabledClusterLogTypes": UNKNOWN},
            "an unknown type": {"enabledClusterLogTypes": ["api", UNKNOWN]},
        }
    ),
    About("k8s-pod-security", DEPLOYMENT)
    .passes(
        {
            "safe": context(),
            "a user": deployment(
                {"securityContext": {"allowPrivilegeEscalation": False, "runAsUser": 1000}}
            ),
            "the user next to root": deployment(
                {"securityContext": {"allowPrivilegeEscalation": False, "runAsUser": 1}}
            ),
            "by the pod": deployment(
                {"securityContext": {"allowPrivilegeEscalation": False}},
                securityContext={"runAsNonRoot": True, "runAsUser": 101},
            ),
            "a port": deployment({"securityContext": SAFE, "ports": [{"containerPort": 8080}]}),
            "port 0 of the host": deployment({"securityContext": SAFE, "ports": [{"hostPort": 0}]}),
            "absent": {},
        }
    )
    .fails(
        {
            "privileged": context(privileged=True),
            "escalation": context(allowPrivilegeEscalation=True),
            "escalation by default": deployment({"securityContext": {"runAsNonRoot": True}}),
            "no context": deployment({"name": "web"}),
            "root": context(runAsUser=0),
            "root by the pod": deployment(
                {"securityContext": SAFE}, securityContext={"runAsUser": 0}
            ),
            "maybe root": deployment({"securityContext": {"allowPrivilegeEscalation": False}}),
            "root allowed by the container": deployment(
                {"securityContext": {"allowPrivilegeEscalation": False, "runAsNonRoot": False}},
                securityContext={"runAsNonRoot": True},
            ),
            "a port of the host": deployment(
                {"securityContext": SAFE, "ports": [{"containerPort": 80, "hostPort": 80}]}
            ),
            "the host's network": deployment({"securityContext": SAFE}, hostNetwork=True),
            "the host's processes": deployment({"securityContext": SAFE}, hostPID=True),
            "the host's memory": deployment({"securityContext": SAFE}, hostIPC=True),
            "an init container": deployment(
                {"securityContext": SAFE},
                initContainers=[{"securityContext": {"privileged": True, "runAsNonRoot": True}}],
            ),
            "an ephemeral container": deployment(
                {"securityContext": SAFE}, ephemeralContainers=[{"name": "debug"}]
            ),
            "malformed containers": {"spec": {"template": {"spec": {"containers": "web"}}}},
            "a container that is null": deployment(None),
            "malformed context": deployment({"securityContext": "safe"}),
        }
    )
    .undecided(
        {
            "unknown": {"spec": UNKNOWN},
            "an unknown user": context(runAsUser=UNKNOWN),
            "an unknown promise": context(runAsNonRoot=UNKNOWN),
            "an unknown container": deployment(UNKNOWN),
            "an unknown flag": context(privileged=UNKNOWN),
            "an unknown port": deployment(
                {"securityContext": SAFE, "ports": [{"hostPort": UNKNOWN}]}
            ),
        }
    )
    .fails(UNSAFE, "kubernetes:apps/v1:DaemonSet")
    .fails(UNSAFE, "kubernetes:apps/v1:ReplicaSet")
    .fails(UNSAFE, "kubernetes:apps/v1:StatefulSet")
    .fails(UNSAFE, "kubernetes:batch/v1:Job")
    .fails(UNSAFE, "kubernetes:core/v1:ReplicationController")
    .fails({"no context": pod_spec({"name": "web"})}, POD)
    .fails({"the host's network": pod_spec({"securityContext": SAFE}, hostNetwork=True)}, POD)
    .passes({"safe": pod_spec({"securityContext": SAFE})}, POD)
    .fails(
        {
            "no context": scheduled({"name": "job"}),
            "escalation": scheduled({"securityContext": {"runAsNonRoot": True}}),
        },
        CRON_JOB,
    )
    .passes({"safe": scheduled({"securityContext": SAFE})}, CRON_JOB),
    About("k8s-sa-token", DEPLOYMENT)
    .passes(
        {"own account": deployment(serviceAccountName="api", automountServiceAccountToken=False)}
    )
    .fails(
        {
            "absent": {},
            "no account": deployment(automountServiceAccountToken=False),
            "the default account": deployment(
                serviceAccountName="default", automountServiceAccountToken=False
            ),
            "a token": deployment(serviceAccountName="api", automountServiceAccountToken=True),
            "a token by default": deployment(serviceAccountName="api"),
            "malformed": {"spec": "api"},
        }
    )
    .undecided(
        {
            "unknown": deployment(serviceAccountName=UNKNOWN, automountServiceAccountToken=False),
            "an unknown token": deployment(
                serviceAccountName="api", automountServiceAccountToken=UNKNOWN
            ),
        }
    )
    .passes({"no token": {"automountServiceAccountToken": False}}, ACCOUNT)
    .fails({"nothing said": {}, "a token": {"automountServiceAccountToken": True}}, ACCOUNT)
    .passes({"a controller": {"metadata": {"name": "aws-load-balancer-controller"}}}, ACCOUNT)
    .passes({"a controller": deployment(serviceAccountName="aws-load-balancer-controller")})
    .passes({"a collector": deployment(serviceAccountName="adot-collector")})
    .passes(
        {"a job's account": scheduled(serviceAccountName="r", automountServiceAccountToken=False)},
        CRON_JOB,
    )
    .fails({"a job's token": scheduled(serviceAccountName="r"), "absent": {}}, CRON_JOB)
    .undecided({"unknown": {"automountServiceAccountToken": UNKNOWN}}, ACCOUNT),
    About("sg-world", GROUP)
    .passes(
        {
            "absent": {},
            "https for all": ingress(**port(443, cidrBlocks=["0.0.0.0/0"])),
            "https by the protocol's number": ingress(
                **port(443, cidrBlocks=["0.0.0.0/0"], protocol="6")
            ),
            "http for all": ingress(**port(80, ipv6CidrBlocks=["::/0"])),
            "ssh for some": ingress(**port(22, cidrBlocks=["10.0.0.0/8"])),
            "ssh for some, named by one of them": ingress(**port(22, cidrBlocks=["10.1.2.3/8"])),
            "ssh for a part by the new protocol": ingress(**port(22, ipv6CidrBlocks=["2000::/16"])),
            "another group": ingress(**port(8080, securityGroups=["sg-1"])),
            "all ports of another group": ingress(protocol="-1", fromPort=0, toPort=0, self=True),
            "https for whomever": ingress(**port(443, cidrBlocks=[UNKNOWN])),
            "everything out": {"egress": [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]},
        }
    )
    .fails(
        {
            "ssh": ingress(**port(22, cidrBlocks=["0.0.0.0/0"])),
            "ssh by the new protocol": ingress(**port(22, ipv6CidrBlocks=["::/0"])),
            "a large part by the new protocol": ingress(**port(22, ipv6CidrBlocks=["2000::/15"])),
            "a range": ingress(fromPort=80, toPort=443, protocol="tcp", cidrBlocks=["0.0.0.0/0"]),
            "everything": ingress(protocol="-1", fromPort=0, toPort=0, cidrBlocks=["0.0.0.0/0"]),
            "udp": ingress(fromPort=443, toPort=443, protocol="udp", cidrBlocks=["0.0.0.0/0"]),
            "a large part of the world": ingress(**port(22, cidrBlocks=["128.0.0.0/7"])),
            "half of the world": ingress(**port(22, cidrBlocks=["128.0.0.0/1"])),
            "the second entry": {
                "ingress": [port(443, cidrBlocks=["0.0.0.0/0"]), port(22, cidrBlocks=["0.0.0.0/0"])]
            },
            "not a block": ingress(**port(22, cidrBlocks=["everywhere"])),
            "malformed": {"ingress": "all"},
            "a malformed entry": {"ingress": ["all"]},
            "malformed blocks": ingress(**port(22, cidrBlocks="0.0.0.0/0")),
        }
    )
    .undecided(
        {
            "unknown": {"ingress": UNKNOWN},
            "an unknown block": ingress(**port(22, cidrBlocks=[UNKNOWN])),
            "an unknown port": ingress(
                fromPort=UNKNOWN, toPort=443, protocol="tcp", cidrBlocks=["0.0.0.0/0"]
            ),
        }
    )
    .fails({"ssh": ingress(**port(22, cidrBlocks=["0.0.0.0/0"]))}, DEFAULT_GROUP)
    .passes(
        {
            "https": {"type": "ingress", **port(443, cidrBlocks=["0.0.0.0/0"])},
            "out": {"type": "egress", **port(22, cidrBlocks=["0.0.0.0/0"])},
        },
        GROUP_RULE,
    )
    .fails({"ssh": {"type": "ingress", **port(22, cidrBlocks=["0.0.0.0/0"])}}, GROUP_RULE)
    .undecided(
        {"an unknown block": {"type": "ingress", **port(22, cidrBlocks=UNKNOWN)}}, GROUP_RULE
    )
    .passes(
        {
            "https": new_port(443, cidrIpv4="0.0.0.0/0"),
            "a group": new_port(8080, referencedSecurityGroupId="sg-1"),
        },
        INGRESS,
    )
    .fails(
        {
            "ssh": new_port(22, cidrIpv4="0.0.0.0/0"),
            "ssh by the new protocol": new_port(22, cidrIpv6="::/0"),
            "everything": {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"},
        },
        INGRESS,
    )
    .undecided({"an unknown block": new_port(22, cidrIpv4=UNKNOWN)}, INGRESS)
    .passes({"everything out": {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}}, EGRESS)
    .passes(
        {"some": {"entries": [{"cidr": "203.0.113.0/24"}]}, "none yet": {"maxEntries": 5}},
        PREFIX_LIST,
    )
    .fails(
        {
            "the world": {"entries": [{"cidr": "10.0.0.0/8"}, {"cidr": "0.0.0.0/0"}]},
            "the world by the new protocol": {"entries": [{"cidr": "::/0"}]},
            "malformed": {"entries": "0.0.0.0/0"},
        },
        PREFIX_LIST,
    )
    .undecided({"an unknown block": {"entries": [{"cidr": UNKNOWN}]}}, PREFIX_LIST)
    .passes({"some": {"cidr": "203.0.113.0/24"}, "a number": {"cidr": 8}}, LIST_ENTRY)
    .fails({"the world": {"cidr": "0.0.0.0/0"}}, LIST_ENTRY),
    About("subnet-public-ip", "aws:ec2/subnet:Subnet")
    .passes({"absent": {}, "off": {"mapPublicIpOnLaunch": False}})
    .fails({"on": {"mapPublicIpOnLaunch": True}, "on as a text": {"mapPublicIpOnLaunch": "true"}})
    .undecided({"unknown": {"mapPublicIpOnLaunch": UNKNOWN}})
    .fails({"on": {"mapPublicIpOnLaunch": True}}, "aws:ec2/defaultSubnet:DefaultSubnet"),
    About("tg-ip", "aws:lb/targetGroup:TargetGroup")
    .passes({"ip": {"targetType": "ip"}})
    .fails({"absent": {}, "instance": {"targetType": "instance"}, "malformed": {"targetType": []}})
    .undecided({"unknown": {"targetType": UNKNOWN}})
    .fails(INSTANCES, "aws:alb/targetGroup:TargetGroup")
    .fails(INSTANCES, "aws:elasticloadbalancingv2/targetGroup:TargetGroup")
    .fails(INSTANCES, "aws:applicationloadbalancing/targetGroup:TargetGroup"),
    About("logs-retention", "aws:cloudwatch/logGroup:LogGroup")
    .passes({"14 days": {"retentionInDays": 14}, "a day": {"retentionInDays": 1}})
    .fails(
        {
            "absent": {},
            "for ever": {"retentionInDays": 0},
            "malformed": {"retentionInDays": "long"},
        }
    )
    .undecided({"unknown": {"retentionInDays": UNKNOWN}}),
    About("resource-policy-public", QUEUE_POLICY)
    .passes(
        {
            **policies(
                {
                    "a denial": TLS_ONLY,
                    "an account": document(
                        allow("sqs:SendMessage", Principal={"AWS": f"arn:aws:iam::{HERE}:root"})
                    ),
                    "a service for a topic": to_service(ArnLike={"aws:SourceArn": TOPIC}),
                    "a service for an account": to_service(
                        StringEquals={"aws:SourceAccount": HERE}
                    ),
                    "a service for a bucket": to_service(
                        ArnEquals={"aws:SourceArn": "arn:aws:s3:::uploads"}
                    ),
                    **{
                        f"whoever has {key}": to_everybody(StringEquals={key: value})
                        for key, value in WHO.items()
                    },
                    "an account, whatever its case": to_everybody(
                        StringEqualsIgnoreCase={"aws:PrincipalAccount": HERE}
                    ),
                    "whoever is of the resource's organization": to_everybody(
                        StringEquals={"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}
                    ),
                    **{
                        f"a part of an organization by {key}": to_everybody(
                            **{"ForAnyValue:StringLike": {key: "o-abcd123456/r-ab12/ou-ab12-*/*"}}
                        )
                        for key in ("aws:PrincipalOrgPaths", "aws:SourceOrgPaths")
                    },
                    "an account by StringLike": to_everybody(
                        StringLike={"aws:PrincipalAccount": HERE}
                    ),
                    "an account by its canonical id, with a name of its own": document(
                        {
                            **allow("sqs:SendMessage", Principal={"CanonicalUser": "79a5"}),
                            "Sid": "a",
                        }
                    ),
                    "no service": document(
                        allow("sqs:SendMessage", Principal={"Service": [], "AWS": ROLE_HERE})
                    ),
                    "an empty text": "",
                }
            ),
            "absent": {},
        }
    )
    .fails(
        policies(
            {
                "everybody": to_everybody(),
                "every account": document(allow("sqs:SendMessage", Principal={"AWS": ["*"]})),
                "every account among some": document(
                    allow("sqs:SendMessage", Principal={"AWS": [ROLE_HERE, "*"]})
                ),
                "whoever calls a region": to_everybody(
                    StringEquals={"aws:RequestedRegion": "eu-west-1"}
                ),
                "an organization and any": to_everybody(
                    StringLike={"aws:PrincipalOrgID": ["o-abcd123456", "*"]}
                ),
                **{
                    f"whoever has any {key}": to_everybody(StringEquals={key: f"${{{key}}}"})
                    for key in ("aws:PrincipalAccount", "aws:SourceArn", "aws:PrincipalOrgID")
                },
                "whoever has what the caller brings": to_everybody(
                    StringEquals={"aws:PrincipalAccount": "${aws:PrincipalTag/account}"}
                ),
                "a part of any organization": to_everybody(
                    **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}}
                ),
                "parts of an organization, or none": to_everybody(
                    **{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-abcd123456/*"}}
                ),
                "an empty account": to_everybody(StringEquals={"aws:PrincipalAccount": ""}),
                "everybody but one": document(
                    {"Effect": "Allow", "NotPrincipal": {"AWS": HERE}, "Action": "sqs:SendMessage"}
                ),
                "a service": to_service(),
                "a service for anything": to_service(ArnLike={"aws:SourceArn": "*"}),
                "a service for any account": to_service(
                    ArnLike={"aws:SourceArn": "arn:aws:sns:*:*:orders"}
                ),
                "a service for any bucket": to_service(ArnLike={"aws:SourceArn": "arn:aws:s3:::*"}),
                "a service, unless the key is missing": to_service(
                    StringEqualsIfExists={"aws:SourceAccount": HERE}
                ),
                "everybody but an account": to_everybody(
                    StringNotEquals={"aws:PrincipalAccount": HERE}
                ),
                "everybody by TLS": to_everybody(Bool={"aws:SecureTransport": "true"}),
                "everybody in any organization": to_everybody(
                    StringLike={"aws:PrincipalOrgID": "o-*"}
                ),
                "no value": to_everybody(StringEquals={"aws:SourceAccount": []}),
                **BROKEN,
            }
        )
    )
    .undecided(policies({"unknown": UNKNOWN}))
    .fails(policies({"everybody": to_everybody()}), "aws:sqs/queue:Queue")
    .passes(
        policies(
            {
                "the account and the logs": document(
                    allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{HERE}:root"}),
                    allow(
                        "kms:Decrypt",
                        "*",
                        Principal={"Service": "logs.eu-west-1.amazonaws.com"},
                        Condition={
                            "ArnLike": {
                                "kms:EncryptionContext:aws:logs:arn": (
                                    f"arn:aws:logs:eu-west-1:{HERE}:log-group:*"
                                )
                            }
                        },
                    ),
                )
            }
        ),
        "aws:kms/key:Key",
    )
    .fails(policies({"everybody": to_everybody()}), "aws:kms/key:Key")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/keyPolicy:KeyPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/externalKey:ExternalKey")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/replicaKey:ReplicaKey")
    .fails(policies({"everybody": to_everybody()}), "aws:kms/replicaExternalKey:ReplicaExternalKey")
    .fails(policies({"everybody": to_everybody()}), "aws:s3/bucket:Bucket")
    .fails(policies({"everybody": to_everybody()}), "aws:s3/bucketV2:BucketV2")
    .fails(policies({"everybody": to_everybody()}), "aws:ecr/registryPolicy:RegistryPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:ecr/repositoryPolicy:RepositoryPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:cloudwatch/eventBusPolicy:EventBusPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:s3/bucketPolicy:BucketPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:secretsmanager/secret:Secret")
    .fails(policies({"everybody": to_everybody()}), "aws:secretsmanager/secretPolicy:SecretPolicy")
    .fails(policies({"everybody": to_everybody()}), "aws:sns/topic:Topic")
    .fails(policies({"everybody": to_everybody()}), "aws:sns/topicPolicy:TopicPolicy")
    .passes({"an account": {"principal": HERE}}, PERMISSION)
    .passes({"an organization": {"principal": "*", "condition": {"value": "o-1"}}}, PERMISSION)
    .fails(
        {
            "everybody": {"principal": "*"},
            "everybody of no organization": {
                "principal": "*",
                "condition": {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": ""},
            },
        },
        PERMISSION,
    )
    .undecided({"unknown": {"principal": UNKNOWN}}, PERMISSION),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
