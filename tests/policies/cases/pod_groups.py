"""Pods of a stack, with their security groups and rights."""

from typing import Any

from tests.policies.cases.case import AboutStack, Case, Refers, one
from tests.policies.protocol import UNKNOWN, StackResource

CRON_JOB = "kubernetes:batch/v1:CronJob"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
POD_GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
CLUSTER = "aws:eks/cluster:Cluster"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
PROFILE = "aws:eks/fargateProfile:FargateProfile"


def workload(
    namespace: object = "shop", labels: object = None, name: str = "api", **spec: object
) -> StackResource:
    metadata: dict[str, Any] = {"labels": {"app": "api"} if labels is None else labels}
    return one(
        DEPLOYMENT,
        name,
        metadata={"namespace": namespace},
        spec={"template": {"metadata": metadata, "spec": spec}},
    )


def cron_job(labels: object = None, **spec: object) -> StackResource:
    metadata: dict[str, Any] = {"labels": {"app": "api"} if labels is None else labels}
    template = {"metadata": metadata, "spec": spec}
    return one(
        CRON_JOB,
        "report",
        metadata={"namespace": "shop"},
        spec={"jobTemplate": {"spec": {"template": template, "ttlSecondsAfterFinished": 60}}},
    )


def pod_groups(
    namespace: object = "shop", refers: Refers | None = None, ids: object = None, **spec: object
) -> StackResource:
    selector = spec or {"podSelector": {"matchLabels": {"app": "api"}}}
    return one(
        POD_GROUPS,
        "groups",
        refers,
        metadata={"namespace": namespace},
        spec={**selector, "securityGroups": {"groupIds": [UNKNOWN] if ids is None else ids}},
    )


def labelled_account(labels: object) -> StackResource:
    metadata: dict[str, Any] = {"name": "api", "namespace": "shop", "labels": labels}
    return one(ACCOUNT, "sa", metadata=metadata)


BOTH: dict[str, Any] = {
    "podSelector": {"matchLabels": {"app": "api"}},
    "serviceAccountSelector": {"matchLabels": {"a": "b"}},
}


def expression(operator: str, *values: str, key: str = "app") -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


def association(namespace: object = "shop", cluster: object = "main") -> StackResource:
    return one(ASSOCIATION, "association", namespace=namespace, clusterName=cluster)


def profile(*namespaces: object, cluster: object = "main") -> StackResource:
    return one(
        PROFILE,
        "profile",
        clusterName=cluster,
        selectors=[{"namespace": namespace} for namespace in namespaces],
    )


ABOUT = [
    AboutStack("k8s-pod-groups")
    .passes(
        {
            "by labels": [workload(), pod_groups()],
            "pods of a CronJob": [cron_job(), pod_groups()],
            "all pods": [workload(), pod_groups(podSelector={})],
            "all pods, whatever their labels": [
                workload(labels=UNKNOWN),
                pod_groups(podSelector={}),
            ],
            "by expressions": [workload(), pod_groups(podSelector=expression("In", "api", "web"))],
            "by absence": [workload(), pod_groups(podSelector=expression("NotIn", "web"))],
            "by presence": [workload(), pod_groups(podSelector=expression("Exists"))],
            "by a missing label": [
                workload(),
                pod_groups(podSelector=expression("DoesNotExist", key="tier")),
            ],
            "by service account": [
                workload(serviceAccountName="api"),
                one(
                    ACCOUNT,
                    "sa",
                    metadata={"name": "api", "namespace": "shop", "labels": {"a": "b"}},
                ),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "by labels and service account": [
                workload(serviceAccountName="api"),
                labelled_account({"a": "b"}),
                pod_groups(**BOTH),
            ],
            "all service accounts, though the stack has none": [
                workload(serviceAccountName="api"),
                pod_groups(serviceAccountSelector={}),
            ],
            "a cluster whose group isn't known": [
                workload(),
                pod_groups(),
                one(CLUSTER, "c", vpcConfig={}),
            ],
            "an exempt namespace": [workload("kube-system")],
            "the default namespace": [workload(None), pod_groups("default")],
            "the default namespace of the policy": [workload("default"), pod_groups(None)],
        }
    )
    .fails(
        {
            "no policy": [workload()],
            "a CronJob without a policy": [cron_job()],
            "other labels of a CronJob's pods": [cron_job({"app": "web"}), pod_groups()],
            "another namespace": [workload(), pod_groups("other")],
            "other labels": [workload(labels={"app": "web"}), pod_groups()],
            "no labels": [workload(labels={}), pod_groups()],
            "one label of two": [
                workload(),
                pod_groups(podSelector={"matchLabels": {"app": "api", "tier": "back"}}),
            ],
            "other expressions": [workload(), pod_groups(podSelector=expression("In", "web"))],
            "expressions that exclude": [
                workload(),
                pod_groups(podSelector=expression("NotIn", "api")),
            ],
            "a label that must be missing": [
                workload(),
                pod_groups(podSelector=expression("DoesNotExist")),
            ],
            "an operator that doesn't exist": [
                workload(),
                pod_groups(podSelector=expression("Like", "api")),
            ],
            "another service account": [
                workload(serviceAccountName="api"),
                one(
                    ACCOUNT,
                    "sa",
                    metadata={"name": "web", "namespace": "shop", "labels": {"a": "b"}},
                ),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "labels, but not the service account": [
                workload(serviceAccountName="api"),
                labelled_account({"a": "c"}),
                pod_groups(**BOTH),
            ],
            "the service account, but not labels": [
                workload(labels={"app": "web"}, serviceAccountName="api"),
                labelled_account({"a": "b"}),
                pod_groups(**BOTH),
            ],
            "a service account that the stack doesn't have": [
                workload(serviceAccountName="api"),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "a service account elsewhere": [
                workload(serviceAccountName="api"),
                one(
                    ACCOUNT, "sa", metadata={"name": "api", "namespace": "x", "labels": {"a": "b"}}
                ),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "a malformed selector": [workload(), pod_groups(podSelector="app=api")],
            "no selector": [workload(), pod_groups(podSelector=None)],
            "an account but no selector": [
                workload(serviceAccountName="api"),
                one(ACCOUNT, "sa", metadata={"name": "api", "namespace": "shop"}),
                pod_groups(podSelector=None),
            ],
            "accounts without names": [
                workload(),
                one(ACCOUNT, "sa", metadata={"namespace": "shop", "labels": {"a": "b"}}),
                pod_groups(serviceAccountSelector={"matchLabels": {"a": "b"}}),
            ],
            "the cluster's group among others": [
                workload(),
                pod_groups(ids=["sg-2", "sg-1"]),
                one(CLUSTER, "c", vpcConfig={"clusterSecurityGroupId": "sg-1"}),
            ],
            "the component's group": [
                workload(),
                pod_groups(refers={"spec": ["c"]}),
                one("eks:index:Cluster", "c"),
            ],
            "no group": [workload(), pod_groups(ids=[])],
            "no group, without pods": [pod_groups(ids=[])],
            "the cluster's group by id": [
                workload(),
                pod_groups(ids=["sg-1"]),
                one(CLUSTER, "c", vpcConfig={"clusterSecurityGroupId": "sg-1"}),
            ],
            "the cluster's group by reference": [
                workload(),
                pod_groups(refers={"spec": ["c"]}),
                one(CLUSTER, "c", vpcConfig={"clusterSecurityGroupId": UNKNOWN}),
            ],
            "malformed": [one(DEPLOYMENT, "api", spec="api"), pod_groups("default")],
        }
    )
    .undecided(
        {
            "nothing known": [one(DEPLOYMENT, "api"), one(POD_GROUPS, "groups")],
            "an unknown namespace": [workload(UNKNOWN), pod_groups()],
            "an unknown namespace of the policy": [workload(), pod_groups(UNKNOWN)],
            "unknown labels": [workload(labels=UNKNOWN), pod_groups()],
            "an unknown selector": [
                workload(),
                pod_groups(podSelector={"matchLabels": {"app": UNKNOWN}}),
            ],
            "an unknown label": [workload(labels={"app": UNKNOWN}), pod_groups()],
            "labels, and unknown ones of the service account": [
                workload(serviceAccountName="api"),
                labelled_account(UNKNOWN),
                pod_groups(**BOTH),
            ],
        }
    ),
    AboutStack("eks-no-pod-identity")
    .passes(
        {
            "another namespace": [association("batch"), profile("shop")],
            "another cluster": [association(), profile("shop", cluster="other")],
            "no profile": [association()],
        }
    )
    .fails(
        {
            "a Fargate namespace": [association(), profile("kube-system", "shop")],
            "a pattern": [association(), profile("sh*")],
            "an unknown cluster": [association(cluster=UNKNOWN), profile("shop")],
            "an unknown cluster of the profile": [association(), profile("shop", cluster=UNKNOWN)],
        }
    )
    .undecided(
        {
            "nothing known": [one(ASSOCIATION, "association"), profile("shop")],
            "an unknown namespace": [association(UNKNOWN), profile("shop")],
            "an unknown selector": [association(), profile(UNKNOWN)],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
