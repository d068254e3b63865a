"""What other rule sets look for, and which rule of the pack finds it.

Each line names a case of tests/policies/cases that breaks the rule, so a test shows that it does.
Without the controls about IAM documents, which the rules' own pages name.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple


class Finding(NamedTuple):
    """What several rule sets look for.

    Attributes:
        what: what is wrong, in a few words.
        ids: their controls.
        rule: the pack's rule.
        case: the title of a case that breaks it.
    """

    what: str
    ids: str
    rule: str
    case: str


class LeftOut(NamedTuple):
    """What the pack doesn't judge, though somebody does.

    Attributes:
        what: what they look for.
        ids: their controls.
        why: why the pack doesn't.
    """

    what: str
    ids: str
    why: str


FOUND: Final[Mapping[str, Sequence[Finding]]] = {
    "Tasks of ECS and jobs of Batch": (
        Finding("a public IP address", "ECS.2, ECS.16, CKV_AWS_333", "ecs-no-public-ip", "on"),
        Finding(
            "the host's process namespace",
            "ECS.3, CKV_AWS_335",
            "ecs-namespaces",
            "the host's processes",
        ),
        Finding("a privileged container", "ECS.4, CKV_AWS_334", "ecs-unprivileged", "on"),
        Finding("a privileged job", "CKV_AWS_210", "batch-fargate", "privileged, one container"),
        Finding("a writable root", "ECS.5, CKV_AWS_336", "ecs-readonly-root", "off"),
        Finding("credentials in clear", "ECS.8, T0036", "ecs-env-secrets", "a password"),
        Finding("no logs", "ECS.9", "ecs-logging", "absent"),
        Finding("an old platform version", "ECS.10, CKV_AWS_332", "ecs-platform", "old"),
        Finding("no Container Insights", "ECS.12, CKV_AWS_65, T0034", "ecs-insights", "absent"),
        Finding("the host's network", "ECS.17", "ecs-awsvpc", "host"),
        Finding(
            "EFS without encryption on the way", "ECS.18, CKV_AWS_97, T0035", "ecs-efs", "neither"
        ),
        Finding("EBS in clear", "EC2.3", "ecs-ebs", "in clear"),
        Finding("root as user", "ECS.20", "ecs-nonroot", "root"),
        Finding("one role for task and execution", "CKV_AWS_249", "roles-distinct", "one role"),
        Finding(
            "sessions of ECS Exec without key or record",
            "CKV_AWS_223, CKV_AWS_224",
            "ecs-exec-guard",
            "no key",
        ),
    ),
    "Clusters of EKS": (
        Finding(
            "an API for the world",
            "EKS.1, CKV_AWS_38, CKV_AWS_39, T0040, T0041",
            "eks-endpoint",
            "the world",
        ),
        Finding("a version out of support", "EKS.2, CKV_AWS_339", "eks-version", "out of support"),
        Finding("secrets in clear", "EKS.3, CKV_AWS_58, T0039", "eks-secrets-kms", "absent"),
        Finding("no audit log", "EKS.8, CKV_AWS_37, T0038", "eks-logs", "others"),
        Finding("rights on everything", "CKV_K8S_49, KSV044, KSV111", "k8s-rbac", "every verb"),
        Finding(
            "pods in the default namespace, by the profile that takes them",
            "CKV_K8S_21",
            "eks-profile",
            "the default namespace",
        ),
    ),
    "Pods: Pod Security Standards, baseline": (
        Finding(
            "namespaces of the host",
            "CKV_K8S_17, 18, 19; KSV008, 009, 010",
            "k8s-pod-security",
            "the host's network",
        ),
        Finding("a privileged container", "CKV_K8S_16, KSV017", "k8s-pod-security", "privileged"),
        Finding(
            "a port of the host", "CKV_K8S_26, KSV024", "k8s-pod-security", "a port of the host"
        ),
        Finding("the host itself (HostProcess)", "KSV103", "k8s-pod-baseline", "on the host"),
        Finding("added capabilities", "CKV_K8S_25, KSV022", "k8s-pod-baseline", "raw packets"),
        Finding(
            "a path of the host, Docker's socket",
            "CKV_K8S_27, KSV006, KSV023",
            "k8s-pod-baseline",
            "a path of the host",
        ),
        Finding("/proc unmasked", "KSV027", "k8s-pod-baseline", "unmasked"),
        Finding("seccomp off", "KSV104", "k8s-pod-baseline", "every system call"),
        Finding("AppArmor off", "KSV002", "k8s-pod-baseline", "no AppArmor"),
        Finding(
            "SELinux options",
            "KSV025",
            "k8s-pod-baseline",
            "an SELinux type that confines nothing",
        ),
        Finding(
            "parameters of the kernel",
            "KSV026",
            "k8s-pod-baseline",
            "a kernel parameter of the host",
        ),
        Finding(
            "probes of another host",
            "in the standard only",
            "k8s-pod-baseline",
            "a livenessProbe of another address by httpGet",
        ),
    ),
    "Pods: Pod Security Standards, restricted, and others": (
        Finding("escalation", "CKV_K8S_20, KSV001", "k8s-pod-security", "escalation"),
        Finding("root as user", "CKV_K8S_23, KSV012", "k8s-pod-security", "maybe root"),
        Finding(
            "capabilities kept",
            "CKV_K8S_28, CKV_K8S_37, KSV003, KSV106",
            "k8s-pod-restricted",
            "capabilities kept",
        ),
        Finding("no seccomp profile", "CKV_K8S_31, KSV030", "k8s-pod-restricted", "no profile"),
        Finding("other kinds of volumes", "KSV028", "k8s-pod-restricted", "files of a server"),
        Finding("a writable root", "CKV_K8S_22, KSV014", "k8s-readonly-root", "absent"),
        Finding("an image named latest", "CKV_K8S_14, KSV013", "k8s-image-source", "latest"),
        Finding(
            "a token, the default account",
            "CKV_K8S_38, CKV_K8S_41, KSV036",
            "k8s-sa-token",
            "a token by default",
        ),
        Finding("credentials in clear", "Kubescape C-0012", "k8s-env-secrets", "a password"),
    ),
    "Networks": (
        Finding(
            "ports open to the world",
            "EC2.13, 14, 18, 19, 53, 54; CKV_AWS_24, 25, 277; T0107",
            "sg-world",
            "ssh",
        ),
        Finding("everything let out", "CKV_AWS_382, T0104", "sg-egress", "everything"),
        Finding(
            "public addresses of subnets", "EC2.15, CKV_AWS_130, T0164", "subnet-public-ip", "on"
        ),
        Finding("no flow logs", "EC2.6, CKV2_AWS_11, T0178", "vpc-hygiene", "not recorded"),
        Finding(
            "an open default group",
            "EC2.2, CKV2_AWS_12",
            "vpc-hygiene",
            "the default group is left alone",
        ),
    ),
    "Load balancers": (
        Finding(
            "HTTP for the world",
            "ELB.1, ELB.18, CKV_AWS_2, CKV2_AWS_20, T0054",
            "alb-https",
            "http for the world",
        ),
        Finding("an old TLS policy", "ELB.17, CKV_AWS_103, T0047", "alb-https", "an old policy"),
        Finding("invalid headers", "ELB.4, CKV_AWS_131, T0052", "alb-hardening", "invalid headers"),
        Finding("ambiguous requests", "ELB.12, CKV_AWS_328", "alb-hardening", "ambiguous requests"),
        Finding("no access logs", "ELB.5, CKV_AWS_91", "alb-hardening", "no logs"),
        Finding("no deletion protection", "ELB.6, CKV_AWS_150", "alb-hardening", "deletion"),
        Finding("no firewall", "ELB.16, CKV2_AWS_28", "alb-waf", "without"),
    ),
    "Data and logs": (
        Finding(
            "logs without a retention", "CloudWatch.16, CKV_AWS_66", "logs-retention", "absent"
        ),
        Finding(
            "a file system in clear", "EFS.1, EFS.8, CKV_AWS_42, T0037", "efs-safe", "in clear"
        ),
        Finding(
            "an access point for the whole file system",
            "EFS.3, CKV_AWS_329",
            "efs-safe",
            "the root of the file system",
        ),
        Finding("an access point without user", "EFS.4, CKV_AWS_330", "efs-safe", "no user"),
        Finding(
            "a bucket that may be opened",
            "S3.1, 2, 3, 8; CKV_AWS_20, 53 to 57; T0086, 87, 91, 92, 93",
            "bucket-private",
            "without blockPublicAcls",
        ),
        Finding("a topic in clear", "SNS.1, CKV_AWS_26, T0095", "topic-encrypted", "no key"),
        Finding("a queue in clear", "SQS.1, CKV_AWS_27, T0096", "queue-safe", "encryption off"),
        Finding("tags that move", "ECR.2, CKV_AWS_51, T0031", "ecr-kms-hygiene", "mutable"),
        Finding(
            "images not scanned", "ECR.1, CKV_AWS_163, T0030", "ecr-kms-hygiene", "not scanned"
        ),
        Finding("keys not rotated", "KMS.4, CKV_AWS_7, T0065", "ecr-kms-hygiene", "off"),
        Finding(
            "a function for anybody",
            "Lambda.1, CKV_AWS_301",
            "lambda-invoke",
            "anybody",
        ),
        Finding(
            "a function for a service, on anybody's behalf",
            "CKV_AWS_364, T0067",
            "lambda-invoke",
            "a service",
        ),
        Finding("a function's URL for anybody", "CKV_AWS_258", "lambda-invoke", "open"),
        Finding(
            "a policy for anybody",
            "SQS.3, SNS.4, KMS.5, CKV_AWS_32, 33, 168; T0032",
            "resource-policy-public",
            "everybody",
        ),
    ),
}
LEFT_OUT: Final = (
    LeftOut(
        "instances and their volumes, launch templates, node groups, capacity providers",
        "ECS.19, EC2.8, 9, 25; CKV_AWS_3, 8, 79, 88, 100",
        "there are none on Fargate; `ecs-fargate-only` and `batch-fargate` keep tasks off them",
    ),
    LeftOut(
        "users of Windows containers",
        "ECS.21",
        "ECS's API says that `user` isn't supported for them; `ecs-nonroot` is about Linux",
    ),
    LeftOut(
        "port 80 open to the world",
        "CKV_AWS_260",
        "load balancers listen there to redirect to HTTPS, which `alb-https` demands",
    ),
    LeftOut(
        "network access lists",
        "EC2.21, CKV_AWS_229 to 232, T0105",
        "security groups of tasks admit no addresses (`task-sg-from-alb`), whatever a list lets in",
    ),
    LeftOut(
        "network policies of Kubernetes",
        "CKV2_K8S_6, KSV038",
        "Fargate doesn't enforce them; `k8s-pod-groups` demands security groups instead",
    ),
    LeftOut(
        "keys of the account where AWS's own encrypt",
        "ECR.5, CKV_AWS_136, CKV_AWS_158, CKV_AWS_184, T0017, T0033, T0135, T0136",
        "costs a key each; for logs there is the parameter `requireKms`",
    ),
    LeftOut(
        "TLS to the targets, endpoints for ECR",
        "ELB.21, ELB.22, CKV_AWS_378, EC2.55, EC2.56",
        "only by parameters: `tg-ip` has requireTls, `vpc-hygiene` requireEcrEndpoints",
    ),
    LeftOut(
        "limits of CPU and memory, probes",
        "CKV_K8S_8 to 13, KSV011, 015, 016, 018",
        "a pod on Fargate has a machine of its own; probes are about being up",
    ),
    LeftOut(
        "images pulled always, users and groups above 10000",
        "CKV_K8S_15, CKV_K8S_40, KSV020, KSV021",
        "a pod on Fargate shares neither an image store nor user ids with another",
    ),
    LeftOut(
        "every action in a queue's policy",
        "T0097",
        "whom a policy admits is judged (`resource-policy-public`), not what for",
    ),
    LeftOut(
        "secrets as files in place of variables",
        "CKV_K8S_35",
        "ECS has variables only; both are read by whoever enters the container",
    ),
    LeftOut("tags and descriptions", "ECS.13 to 15, EKS.6, 7; CKV_AWS_23, T0124", "not isolation"),
    LeftOut(
        "backups, lifecycles",
        "EFS.2, ECR.3, CKV2_AWS_18",
        "not isolation",
    ),
    LeftOut(
        "logs and traces of state machines and functions",
        "StepFunctions.1, CKV_AWS_50, 284, 285; T0066",
        "no rule yet: the tasks that they start log by themselves",
    ),
    LeftOut(
        "versions and access logs of buckets",
        "S3.9, S3.14, CKV_AWS_18, CKV_AWS_21, T0089, T0090",
        "not isolation",
    ),
)
_INTRODUCTION: Final = (
    "What other rule sets look for in the resources that the [pack](../../policies/README.md) is"
    " about, and which of its rules finds it: AWS Security Hub (ECS.2), Checkov (CKV_...), Trivy"
    " (T0036 is AWS-0036 or AVD-AWS-0036, KSV017 is AVD-KSV-0017), Kubescape and Kubernetes' Pod"
    " Security Standards. For each line there is a test case that breaks the rule. Controls about"
    " IAM documents are named on the rules' own pages. What the pack finds beyond, such as who"
    " leads to whom and what a role may do in all, is in the [list of rules](README.md)."
)


def page(mark: str) -> str:
    """Return the page, whose first line is a mark."""
    return "\n\n".join([mark, "# The pack beside its peers", _INTRODUCTION, *_blocks()]) + "\n"


def _blocks() -> Iterator[str]:
    for subject, findings in FOUND.items():
        head = "| What is wrong | Found by others as | Rule |\n|-|-|-|"
        rows = [f"| {f.what} | {f.ids} | [{f.rule}]({f.rule}.md) |" for f in findings]
        yield f"## {subject}"
        yield "\n".join([head, *rows])
    yield "## What the pack leaves out"
    head = "| What | Found by others as | Why not |\n|-|-|-|"
    yield "\n".join([head, *(f"| {each.what} | {each.ids} | {each.why} |" for each in LEFT_OUT)])
