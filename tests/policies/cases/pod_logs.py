"""Pods of EKS on Fargate: whether the log router keeps what they write, for a chosen time."""

from tests.policies.cases.case import AboutStack, Case, one
from tests.policies.cases.log_groups import KEPT, LOG_GROUP, NAME, log_group
from tests.policies.cases.pod_groups import PROFILE, profile, workload
from tests.policies.protocol import UNKNOWN, StackResource

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
BY_NAMESPACE = "/eks/$kubernetes['namespace_name']"


def router(
    *outputs: str,
    name: object = "aws-logging",
    namespace: object = "aws-observability",
    called: str = "router",
) -> StackResource:
    """Return the configuration of the log router of EKS on Fargate."""
    return config_map({"output.conf": "".join(outputs)}, name, namespace, called)


def config_map(
    data: object,
    name: object = "aws-logging",
    namespace: object = "aws-observability",
    called: str = "router",
) -> StackResource:
    return one(CONFIG_MAP, called, metadata={"name": name, "namespace": namespace}, data=data)


def space(labels: object, name: str = "aws-observability") -> StackResource:
    """Return the namespace that the log router looks into."""
    metadata = {"name": name, "labels": labels}
    return one("kubernetes:core/v1:Namespace", "space", metadata=metadata)


def output(plugin: str = "cloudwatch_logs", group: str = NAME, **more: object) -> str:
    """Return a section of the log router's output.conf."""
    options = {"Name": plugin, "Match": "kube.*", "log_group_name": group, **more}
    return "[OUTPUT]\n" + "".join(f"    {key} {value}\n" for key, value in options.items() if value)


ABOUT = [
    AboutStack("container-log-group")
    .passes(
        {
            "pods": [router(output()), log_group(), profile("shop"), workload()],
            "pods of a router that makes the group": [router(output(**KEPT))],
            "a group that is there and would be made": [router(output(**KEPT)), log_group()],
            "a group that is made beside one that AWS has yet to name": [
                router(output(**KEPT)),
                one(LOG_GROUP, "other", computed=["name"], namePrefix="/eks/"),
            ],
            "pods by other spellings": [
                router(
                    f"[Output]\n  # Name es\n\n  NAME\tCloudWatch \n  LOG_GROUP_NAME   {NAME}  \n"
                ),
                log_group(),
            ],
            "pods to elsewhere": [router(output("kinesis_firehose", "")), workload()],
            "pods to elsewhere and a log group": [
                router(output("es", ""), output()),
                log_group(),
            ],
            "the group isn't made by the router": [
                router(output(auto_create_group="false")),
                log_group(),
            ],
            "a group for each namespace that is made": [
                router(output(log_group_template=BY_NAMESPACE, **KEPT))
            ],
            "a group for each namespace": [
                router(output(log_group_template=BY_NAMESPACE)),
                log_group(),
                log_group("/eks/shop", called="shop"),
                log_group("/eks/blog", called="blog"),
                log_group("/ecs/api", 0, called="api"),
            ],
            "a group for each tag, in the older plugin's words": [
                router(output("cloudwatch", "/eks/$(kubernetes['namespace_name'])/pods")),
                log_group("/eks/shop/pods", called="shop"),
            ],
            "filters and parsers beside": [
                config_map(
                    {"output.conf": output() + "[FILTER]\n    log_group_name a\n"},
                ),
                log_group(),
            ],
            "another ConfigMap of the name": [router(name="aws-logging", namespace="shop")],
            "another ConfigMap of the namespace": [router(name="other", namespace=UNKNOWN)],
            "malformed metadata": [one(CONFIG_MAP, "a", metadata=["aws-logging"], data={})],
            "a profile alone, whose pods somebody else applies": [profile("shop")],
            "a profile that takes none of the pods": [profile("shop"), workload("blog")],
            "pods that no profile takes": [workload()],
            "the router's namespace": [space({"aws-observability": "enabled"})],
            "another namespace": [space({}, "shop")],
            "a DaemonSet": [
                profile("shop"),
                one(
                    "kubernetes:apps/v1:DaemonSet",
                    "agent",
                    metadata={"namespace": "shop"},
                    spec={"template": {"metadata": {"labels": {}}, "spec": {}}},
                ),
            ],
        }
    )
    .fails(
        {
            "pods": [router(output())],
            "pods of the second output": [
                router(output(), output(group="/eks/other")),
                log_group(),
            ],
            "pods whose group has no retention": [router(output()), log_group(days=0)],
            "pods whose group is made": [
                router(output(auto_create_group="true")),
                log_group(),
            ],
            "pods whose group is made, as yes": [
                router(output(auto_create_group="Yes")),
                log_group(),
            ],
            "pods whose group is made to be kept for ever": [
                router(output(**{**KEPT, "log_retention_days": 0})),
                log_group(),
            ],
            "pods whose group has no retention and would be made": [
                router(output(**KEPT)),
                log_group(days=0),
            ],
            "pods whose group would have a retention, but isn't made": [
                router(output(log_retention_days=30))
            ],
            "pods without a group": [router(output(group=""))],
            "a group for each namespace, none of the stack": [
                router(output(log_group_template=BY_NAMESPACE)),
                log_group(),
            ],
            "a group for each namespace, one without a retention": [
                router(output(log_group_template=BY_NAMESPACE, **KEPT)),
                log_group("/eks/shop", called="shop"),
                log_group("/eks/blog", 0, called="blog"),
            ],
            "a group for each namespace, and none otherwise": [
                router(output(log_group_template=BY_NAMESPACE)),
                log_group("/eks/shop", called="shop"),
            ],
            "no output": [router(), profile("shop"), workload()],
            "a comment for an output": [router("# [OUTPUT]\n")],
            "filters alone": [router("[FILTER]\n    Name parser\n")],
            "no configuration": [config_map(None)],
            "malformed configuration": [config_map({"output.conf": ["[OUTPUT]"]})],
            "malformed data": [config_map(output())],
            "a namespace in which the router is off": [space({"aws-observability": "disabled"})],
            "a namespace without a label": [space(None)],
            "no ConfigMap": [profile("shop"), workload()],
            "no ConfigMap of the router's": [
                profile("shop"),
                workload(),
                router(output(), namespace="shop"),
                log_group(),
            ],
            "no ConfigMap for the second profile": [
                one(PROFILE, "first", selectors=[{"namespace": "shop"}]),
                profile("blog"),
                workload("blog"),
            ],
        }
    )
    .undecided(
        {
            "labels of the namespace that aren't known": [space(UNKNOWN)],
            "unknown data": [config_map(UNKNOWN)],
            "unknown configuration": [config_map({"output.conf": UNKNOWN}), profile("shop")],
            "an unknown name": [router(output(), name=UNKNOWN), profile("shop"), workload()],
            "an unknown namespace": [router(output(), namespace=UNKNOWN)],
            "unknown metadata": [one(CONFIG_MAP, "router", metadata=UNKNOWN, data={})],
            "a group for each namespace, not named yet": [
                router(output(log_group_template=BY_NAMESPACE)),
                log_group(),
                one(LOG_GROUP, "shop", computed=["name"], namePrefix="/eks/"),
            ],
            "a group by the record alone, not named yet": [
                router(output("cloudwatch", "$(group)")),
                one(LOG_GROUP, "shop", computed=["name"], namePrefix="/eks/", retentionInDays=30),
            ],
            "unknown selectors": [one(PROFILE, "fargate", selectors=UNKNOWN), workload()],
            "a namespace that isn't known": [profile("shop"), workload(UNKNOWN)],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
