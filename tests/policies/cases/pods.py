"""Pods and what Fargate has for them, and Jobs, which make some."""

from typing import Any

from tests.policies.cases.case import About, AboutStack, Case, one
from tests.policies.cases.pod_groups import PROFILE, cron_job, profile, workload
from tests.policies.protocol import UNKNOWN, StackResource

DAEMON_SET = "kubernetes:apps/v1:DaemonSet"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
CRON_JOB = "kubernetes:batch/v1:CronJob"
JOB = "kubernetes:batch/v1:Job"


def daemon_set(namespace: str = "shop", **spec: object) -> StackResource:
    template = {"metadata": {"labels": {"app": "agent"}}, "spec": spec}
    return one(DAEMON_SET, "agent", metadata={"namespace": namespace}, spec={"template": template})


def stateful_set(*claims: object) -> StackResource:
    template = {"metadata": {"labels": {"app": "store"}}, "spec": {}}
    return one(
        STATEFUL_SET,
        "store",
        metadata={"namespace": "shop"},
        spec={"template": template, "volumeClaimTemplates": list(claims)},
    )


def nodes() -> StackResource:
    return one("aws:eks/nodeGroup:NodeGroup", "nodes", clusterName="main")


def labelled(labels: object) -> StackResource:
    selectors = [{"namespace": "shop", "labels": labels}]
    return one(PROFILE, "labelled", clusterName="main", selectors=selectors)


def volume(kind: str, **settings: object) -> StackResource:
    return workload(volumes=[{"name": "v", kind: settings}])


def gpu(group: str = "containers") -> StackResource:
    limits = {"resources": {"limits": {"nvidia.com/gpu": 1}}}
    spec: dict[str, Any] = {group: [{"name": "a", **limits}]}
    return workload(**spec)


EBS = volume("awsElasticBlockStore", volumeID="vol-1")
EBS_VOLUMES = [{"name": "v", "awsElasticBlockStore": {"volumeID": "vol-1"}}]
ARM: dict[str, Any] = {"nodeSelector": {"kubernetes.io/arch": "arm64"}}


def job(**spec: object) -> dict[str, object]:
    return {"spec": {"template": {"spec": {}}, **spec}}


def daily(**spec: object) -> dict[str, object]:
    return {"spec": {"schedule": "@daily", "jobTemplate": job(**spec)}}


ABOUT: list[About | AboutStack] = [
    About("k8s-job-ttl", JOB)
    .passes(
        {
            "deleted after an hour": job(ttlSecondsAfterFinished=3600),
            "deleted at once": job(ttlSecondsAfterFinished=0),
            "a number as a text": job(ttlSecondsAfterFinished="3600"),
        }
    )
    .passes({"deleted after an hour": daily(ttlSecondsAfterFinished=3600)}, CRON_JOB)
    .fails(
        {
            "kept": job(),
            "kept, as null says": job(ttlSecondsAfterFinished=None),
            "a time before its end": job(ttlSecondsAfterFinished=-1),
            "a time in words": job(ttlSecondsAfterFinished="1h"),
            "a flag": job(ttlSecondsAfterFinished=True),
            "a part of a second": job(ttlSecondsAfterFinished=0.5),
            "on the pods, where it means nothing": job(template={"ttlSecondsAfterFinished": 60}),
            "no spec": {},
            "a text as spec": {"spec": "template"},
        }
    )
    .fails(
        {
            "kept": daily(),
            "on the CronJob, where it means nothing": {
                "spec": {"ttlSecondsAfterFinished": 60, "jobTemplate": job()}
            },
            "history limits alone": {
                "spec": {"successfulJobsHistoryLimit": 0, "jobTemplate": job()}
            },
            "a list as jobTemplate": {"spec": {"jobTemplate": []}},
        },
        CRON_JOB,
    )
    .undecided(
        {
            "an unknown time": job(ttlSecondsAfterFinished=UNKNOWN),
            "an unknown spec": {"spec": UNKNOWN},
        }
    )
    .undecided({"an unknown jobTemplate": {"spec": {"jobTemplate": UNKNOWN}}}, CRON_JOB),
    AboutStack("k8s-fargate")
    .passes(
        {
            "nothing that it lacks": [workload(), profile("shop")],
            "a disk of its own": [volume("emptyDir"), profile("shop")],
            "files by a claim": [volume("persistentVolumeClaim", claimName="x"), profile("shop")],
            "x86": [workload(nodeSelector={"kubernetes.io/arch": "amd64"}), profile("shop")],
            "a CronJob with nothing that it lacks": [cron_job(), profile("shop")],
            "no claims": [stateful_set(), profile("shop")],
            "EBS on nodes": [EBS, profile("kube-system"), nodes()],
            "EBS where labels keep it off Fargate": [EBS, labelled({"app": "web"})],
            "a DaemonSet where there are nodes": [daemon_set(), profile("shop"), nodes()],
            "a DaemonSet where there is a group of instances": [
                daemon_set(),
                profile("shop"),
                one("aws:autoscaling/group:Group", "nodes", minSize=1),
            ],
            "EBS in a DaemonSet, which only nodes run": [
                daemon_set(volumes=EBS_VOLUMES),
                profile("shop"),
                nodes(),
            ],
            "EBS where malformed labels take no pod": [EBS, labelled("app")],
            "unknown labels in another namespace": [
                workload("blog", labels=UNKNOWN, **ARM),
                labelled({"app": "api"}),
            ],
            "unknown labels of a selector for another namespace": [
                workload("blog", **ARM),
                labelled(UNKNOWN),
            ],
            "an unknown label beside one that keeps it off Fargate": [
                workload(labels={"app": "api", "tier": UNKNOWN}, **ARM),
                labelled({"app": "web", "tier": "back"}),
            ],
            "a DaemonSet of a stack without Fargate": [daemon_set()],
        }
    )
    .fails(
        {
            "a DaemonSet": [daemon_set(), profile("shop")],
            "a DaemonSet in a namespace of no profile": [daemon_set("agents"), profile("shop")],
            "EBS": [EBS, profile("shop")],
            "EBS by labels": [EBS, labelled({"app": "api"})],
            "a volume made for the pod": [
                volume("ephemeral", volumeClaimTemplate={"spec": {"a": 1}}),
                profile("sh*"),
            ],
            "claims made for each pod": [stateful_set({"metadata": {}}), profile("shop")],
            "ARM": [workload(**ARM), profile("shop")],
            "ARM in the default namespace": [workload(None, **ARM), profile("default")],
            "Spot": [
                workload(nodeSelector={"eks.amazonaws.com/capacityType": "SPOT"}),
                profile("shop"),
            ],
            "Spot in Karpenter's words": [
                workload(nodeSelector={"karpenter.sh/capacity-type": "spot"}),
                profile("shop"),
            ],
            "ARM in a CronJob": [cron_job(**ARM), profile("shop")],
            "a GPU": [gpu(), profile("shop")],
            "a GPU in an init container": [gpu("initContainers"), profile("shop")],
        }
    )
    .undecided(
        {
            "an unknown namespace": [workload(UNKNOWN, **ARM), profile("shop")],
            "unknown labels": [workload(labels=UNKNOWN, **ARM), labelled({"app": "api"})],
            "an unknown label": [
                workload(labels={"app": UNKNOWN}, **ARM),
                labelled({"app": "api"}),
            ],
            "an unknown label of a selector": [workload(**ARM), labelled({"app": UNKNOWN})],
            "an unknown selector": [workload(**ARM), profile(UNKNOWN)],
            "unknown labels of a selector": [workload(**ARM), labelled(UNKNOWN)],
            "an unknown architecture": [
                workload(nodeSelector={"kubernetes.io/arch": UNKNOWN}),
                profile("shop"),
            ],
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
