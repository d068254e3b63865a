"""ecs-exec-audited: where tasks can be entered, the cluster says how sessions are kept.

`ecs-exec-guard` judges what a cluster says of sessions; whether it has to say anything depends on
what starts tasks in it.
"""

from pulumi_policy import Severity

from ..core.rule import Stack, StackRule
from ..core.sources import checkov
from ..core.values import UNKNOWN, Findings, Undecided, Violation, is_true
from ..models.launches import LAUNCH_TYPES, clusters, parameters


def _check(stack: Stack) -> Findings:
    for launch in stack.of_type(*LAUNCH_TYPES):
        switch = parameters(launch).at("enableExecuteCommand")
        if switch.value is UNKNOWN:
            yield Undecided(f"{switch.path} of {launch.name}")
        if not is_true(switch.value):
            continue
        for cluster in clusters(stack, launch):
            sessions = cluster.at("configuration", "executeCommandConfiguration")
            if sessions.value is UNKNOWN:
                yield Undecided(f"configuration of {cluster.name}")
            elif sessions.value is None:
                yield Violation(
                    f"{switch.path}: the cluster {cluster.name} says nothing about sessions,"
                    " so they are neither encrypted with a key of the account nor surely recorded",
                    launch.urn,
                )


RULE = StackRule(
    name="ecs-exec-audited",
    description="Clusters of tasks with ECS Exec say how its sessions are encrypted and logged.",
    fix=(
        "Give the cluster an executeCommandConfiguration with kmsKeyId, logging OVERRIDE and an"
        " encrypted log group or bucket; or set enableExecuteCommand to false."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=checkov("CKV_AWS_223", "CKV_AWS_224"),
    types=LAUNCH_TYPES,
    check=_check,
)
