"""eks-logs: who did what in the cluster is recorded."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Parameter, Resource, Rule
from ..core.sources import checkov, cis_eks, security_hub
from ..core.values import Findings, Violation


def _check(resource: Resource) -> Findings:
    enabled = resource.at("enabledClusterLogTypes")
    items = enabled.items()
    unreadable = [item for item in items if not item.known]
    missing = sorted(set(resource.settings["required"]) - {item.text for item in items})
    for item in unreadable:
        yield item.unreadable()
    if missing and not unreadable:
        yield Violation(f"{enabled.path}: lacks {', '.join(missing)}")


def _remedy(resource: Resource) -> Iterator[Change]:
    enabled = resource.at("enabledClusterLogTypes")
    missing = sorted(set(resource.settings["required"]) - {item.text for item in enabled.items()})
    if enabled.value is None:
        yield Change(("enabledClusterLogTypes",), missing)
    elif all(item.known for item in enabled.items()):
        for index, name in enumerate(missing, start=len(enabled.value)):
            yield Change(("enabledClusterLogTypes", index), name)


RULE = Rule(
    name="eks-logs",
    description="An EKS cluster's control plane logs at least its audit trail.",
    fix=(
        "Set enabledClusterLogTypes to audit at least; all of api, audit, authenticator,"
        " controllerManager and scheduler are advised."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(*security_hub("EKS.8"), *checkov("CKV_AWS_37"), *cis_eks("2.1.1")),
    parameters={"required": Parameter("log types that must be on", ("audit",))},
    types=("aws:eks/cluster:Cluster",),
    check=_check,
    remedy=_remedy,
)
