"""The tests' own reading of the restricted pod security standard finds what it forbids."""

import copy
from typing import Any

import pytest

from tests.unit.support.pod_security import CONTAINERS, ROWS, SYSCTLS, VOLUMES, violations

CONTEXT = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD: dict[str, Any] = {
    "metadata": {"annotations": {}},
    "spec": {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        **{kind: [{"name": kind, "securityContext": CONTEXT}] for kind in CONTAINERS},
    },
}
"""A pod that is allowed, with a container of each kind."""

OF_THE_POD: list[tuple[str, dict[str, Any]]] = [
    ("HostProcess", {"securityContext": {"windowsOptions": {"hostProcess": True}}}),
    ("Host Namespaces", {"hostNetwork": True}),
    ("Host Namespaces", {"hostPID": True}),
    ("Host Namespaces", {"hostIPC": True}),
    ("Volume Types", {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}),
    ("Volume Types", {"volumes": [{"name": "v", "nfs": {"server": "s", "path": "/"}}]}),
    ("Volume Types", {"volumes": [{"name": "v", "awsElasticBlockStore": {"volumeID": "v"}}]}),
    ("AppArmor", {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}),
    ("SELinux", {"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}),
    ("SELinux", {"securityContext": {"seLinuxOptions": {"user": "system_u"}}}),
    ("SELinux", {"securityContext": {"seLinuxOptions": {"role": "system_r"}}}),
    ("Sysctls", {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}),
    ("Running as Non-root user", {"securityContext": {"runAsUser": 0}}),
    ("Seccomp", {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}),
    ("Seccomp", {"securityContext": {"seccompProfile": None}}),
    ("Running as Non-root", {"securityContext": {"runAsNonRoot": False}}),
    ("Running as Non-root", {"securityContext": {"runAsNonRoot": None}}),
]
OF_A_CONTAINER: list[tuple[str, dict[str, Any]]] = [
    ("HostProcess", {"securityContext": {"windowsOptions": {"hostProcess": True}}}),
    ("Privileged Containers", {"securityContext": {"privileged": True}}),
    ("Capabilities", {"securityContext": {"capabilities": None}}),
    ("Capabilities", {"securityContext": {"capabilities": {"drop": ["NET_RAW"]}}}),
    ("Capabilities", {"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}}),
    ("Host Ports", {"ports": [{"containerPort": 80, "hostPort": 80}]}),
    *(
        ("Host Probes / Lifecycle Hooks", {probe: {action: {"host": "10.0.0.1", "port": 80}}})
        for probe in ("livenessProbe", "readinessProbe", "startupProbe")
        for action in ("httpGet", "tcpSocket")
    ),
    *(
        (
            "Host Probes / Lifecycle Hooks",
            {"lifecycle": {hook: {action: {"host": "10.0.0.1", "port": 80}}}},
        )
        for hook in ("postStart", "preStop")
        for action in ("httpGet", "tcpSocket")
    ),
    ("AppArmor", {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}),
    ("SELinux", {"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}),
    ("/proc Mount Type", {"securityContext": {"procMount": "Unmasked"}}),
    ("Privilege Escalation", {"securityContext": {"allowPrivilegeEscalation": True}}),
    ("Privilege Escalation", {"securityContext": {"allowPrivilegeEscalation": None}}),
    ("Running as Non-root", {"securityContext": {"runAsNonRoot": False}}),
    ("Running as Non-root user", {"securityContext": {"runAsUser": 0}}),
    ("Seccomp", {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}),
]


def changed(part: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return part of a pod with a change; security contexts are merged."""
    context = {**part.get("securityContext", {}), **change.get("securityContext", {})}
    return {**part, **change, "securityContext": context}


def rows(pod: dict[str, Any]) -> set[str]:
    return {violation.rpartition(": ")[2] for violation in violations(pod)}


def test_a_pod_that_says_what_it_must_is_allowed() -> None:
    assert violations(POD) == []


@pytest.mark.parametrize(("row", "change"), OF_THE_POD)
def test_what_a_pod_must_not_have_is_found(row: str, change: dict[str, Any]) -> None:
    assert rows({**POD, "spec": changed(POD["spec"], change)}) == {row}


@pytest.mark.parametrize("kind", CONTAINERS)
@pytest.mark.parametrize(("row", "change"), OF_A_CONTAINER)
def test_what_no_container_may_have_is_found_in_each_kind(
    kind: str, row: str, change: dict[str, Any]
) -> None:
    pod = copy.deepcopy(POD)
    pod["spec"][kind] = [changed(pod["spec"][kind][0], change)]
    (violation,) = violations(pod)
    assert violation.startswith(f"spec.{kind}[{kind}].")
    assert violation.endswith(f": {row}")


def test_an_annotation_for_app_armor_is_judged_too() -> None:
    key = "container.apparmor.security.beta.kubernetes.io/web"
    for value, allowed in (("runtime/default", True), ("localhost/x", True), ("unconfined", False)):
        assert (rows({**POD, "metadata": {"annotations": {key: value}}}) == set()) is allowed


@pytest.mark.parametrize(
    "change",
    [
        {"volumes": [{"name": kind, kind: {}} for kind in VOLUMES]},
        {"securityContext": {"sysctls": [{"name": name, "value": "1"} for name in SYSCTLS]}},
        {"securityContext": {"seccompProfile": {"type": "Localhost"}, "runAsUser": 1000}},
        {"securityContext": {"seLinuxOptions": {"type": "container_t", "level": "s0:c1"}}},
    ],
)
def test_what_the_standard_allows_is_allowed(change: dict[str, Any]) -> None:
    assert violations({**POD, "spec": changed(POD["spec"], change)}) == []


def test_a_container_may_say_for_itself_what_the_pod_does_not() -> None:
    own = {
        **CONTEXT,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
        "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
    }
    containers = [{"name": "web", "securityContext": own}]
    assert violations({"spec": {"containers": containers}}) == []


def test_every_row_of_the_table_is_tried() -> None:
    assert {row for row, _ in (*OF_THE_POD, *OF_A_CONTAINER)} == set(ROWS)
