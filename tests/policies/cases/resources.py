"""Clusters of EKS, pods, subnets, target groups and log groups."""

from typing import Any

from tests.policies.cases.case import About, Case
from tests.policies.protocol import UNKNOWN

CLUSTER = "aws:eks/cluster:Cluster"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
CRON_JOB = "kubernetes:batch/v1:CronJob"
POD = "kubernetes:core/v1:Pod"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"

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


INSTANCES = {"instance": {"targetType": "instance"}}
UNSAFE = {"no context": {"spec": {"template": {"spec": {"containers": [{"name": "web"}]}}}}}

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
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
