"""What the API server and the controllers refuse beyond the schemas.

Sources: Kubernetes documentation, "Object names and IDs", "Labels and selectors"; API reference;
the custom resource definitions of the AWS load balancer controller and the VPC resource controller.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.kubernetes import cron_jobs, external_secrets
from sandbox.standins.wire import UNKNOWN, has_unknown, is_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_SERVICE = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_SUBDOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\Z")
_NAMES = {
    "Namespace": (_LABEL, "1 to 63 lower-case letters, digits and hyphens"),
    "Service": (
        _SERVICE,
        "1 to 63 lower-case letters, digits, hyphens, a letter first",
    ),
}
_ANY_NAME = (_SUBDOMAIN, "1 to 253 lower-case letters, digits, hyphens and dots")
_LABEL_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?\Z")
_LABEL_KEY = re.compile(
    r"(?:(?=[^/]{1,253}/)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\Z"
)
_QUANTITY = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+|[KMGTPE]i|[numkMGTPE])?\Z")
_CONFIG_BYTES = 1024 * 1024
_MOST_GROUPS = 5
_TEMPLATES = {"CronJob": "spec.jobTemplate.spec.template"}  # elsewhere spec.template
_PORTS = range(1, 65536)


def problems(manifest: Mapping[str, Any]) -> list[str]:
    """What would be refused about an object, by its kind; no value is quoted."""
    kind = str(manifest.get("kind"))
    own = _KINDS.get(kind)
    return [*_metadata(kind, manifest), *(own(manifest) if own else ())]


def at(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """What stands at a dotted path; None if it is absent or not wholly known."""
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return None if has_unknown(value) else value


def _members(value: Any, key: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """A member that should be an object; empty if it is absent or unknown."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _descend(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """What stands at a dotted path, with what is unknown in it; empty if it isn't an object."""
    for step in path.split("."):
        value = _members(value, step)
    return value


def _items(value: Any, key: str) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    """A member that should be a list of objects; empty if it is absent or unknown."""
    found = value.get(key) if isinstance(value, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _metadata(kind: str, manifest: Mapping[str, Any]) -> Iterator[str]:
    name = at(manifest, "metadata.name")
    pattern, allowed = _NAMES.get(kind, _ANY_NAME)
    if name is not None and not pattern.match(str(name)):
        yield f"metadata.name: must be {allowed}"
    yield from _labels(_members(manifest, "metadata"), "metadata")
    path = _TEMPLATES.get(kind, "spec.template")
    yield from _labels(_members(_descend(manifest, path), "metadata"), f"{path}.metadata")


def _labels(metadata: dict[str, Any], path: str) -> Iterator[str]:
    for key, value in _members(metadata, "labels").items():
        if not _LABEL_KEY.match(key):
            yield f"{path}.labels, the key '{key}': must be a label key, such as example.com/name"
        if isinstance(value, str) and not has_unknown(value) and not _LABEL_VALUE.match(value):
            yield f"{path}.labels.{key}: must be at most 63 letters, digits and ._-"


def _workload(manifest: Mapping[str, Any]) -> Iterator[str]:
    selector = at(manifest, "spec.selector.matchLabels") or {}
    labels = at(manifest, "spec.template.metadata.labels")
    if labels is not None and any(labels.get(key) != value for key, value in selector.items()):
        yield "spec.selector.matchLabels: must be among spec.template.metadata.labels"
    yield from _pods(manifest, "spec.template.spec")


def _pods(manifest: Mapping[str, Any], path: str) -> Iterator[str]:
    spec = _descend(manifest, path)
    for group in ("initContainers", "containers"):
        yield from _containers(_items(spec, group), f"{path}.{group}")


def _job(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from cron_jobs.job(_members(manifest, "spec"), "spec")
    yield from _pods(manifest, "spec.template.spec")


def _cron_job(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from cron_jobs.cron_job(manifest)
    yield from _pods(manifest, f"{_TEMPLATES['CronJob']}.spec")


def _containers(containers: list[dict[str, Any]], path: str) -> Iterator[str]:
    names = [c.get("name") for c in containers if not is_unknown(c.get("name"))]
    if len(set(names)) < len(names):
        yield f"{path}: every container must have a name of its own"
    for index, container in enumerate(containers):
        here = f"{path}[{index}]"
        name = container.get("name")
        if isinstance(name, str) and not has_unknown(name) and not _LABEL.match(name):
            yield f"{here}.name: must be 1 to 63 lower-case letters, digits and hyphens"
        for port, given in enumerate(_items(container, "ports")):
            number = given.get("containerPort")
            if isinstance(number, int) and number not in _PORTS:
                yield f"{here}.ports[{port}].containerPort: must be 1 to 65535"
        yield from _resources(_members(container, "resources"), f"{here}.resources")


def _resources(resources: Mapping[str, Any], path: str) -> Iterator[str]:
    for group in ("limits", "requests"):
        for key, quantity in _members(resources, group).items():
            if not has_unknown(quantity) and not _QUANTITY.match(str(quantity)):
                yield f"{path}.{group}.{key}: must be a quantity, such as 500m or 256Mi"


def _autoscaler(manifest: Mapping[str, Any]) -> Iterator[str]:
    low, high = at(manifest, "spec.minReplicas"), at(manifest, "spec.maxReplicas")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield "spec.maxReplicas: must be at least spec.minReplicas"


def _disruption_budget(manifest: Mapping[str, Any]) -> Iterator[str]:
    spec = _members(manifest, "spec")
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield "spec: minAvailable and maxUnavailable can't both be given"


def _config_map(manifest: Mapping[str, Any]) -> Iterator[str]:
    data = manifest.get("data")
    if isinstance(data, dict) and sum(len(str(v).encode()) for v in data.values()) > _CONFIG_BYTES:
        yield "data: must be at most 1 MiB in all"


def _resource_quota(manifest: Mapping[str, Any]) -> Iterator[str]:
    for key, quantity in _members(_members(manifest, "spec"), "hard").items():
        if not has_unknown(quantity) and not _QUANTITY.match(str(quantity)):
            yield f"spec.hard.{key}: must be a quantity, such as 500m or 256Mi"


def _service(manifest: Mapping[str, Any]) -> Iterator[str]:
    ports = _items(_members(manifest, "spec"), "ports")
    for index, port in enumerate(ports):
        if isinstance(port.get("port"), int) and port["port"] not in _PORTS:
            yield f"spec.ports[{index}].port: must be 1 to 65535"
        if len(ports) > 1 and not port.get("name"):
            yield f"spec.ports[{index}].name: must be given when there are several ports"


def _target_group_binding(manifest: Mapping[str, Any]) -> Iterator[str]:
    spec = _members(manifest, "spec")
    if not spec.get("targetGroupARN") and not spec.get("targetGroupName"):
        yield "spec.targetGroupARN: must be given"
    reference = _members(spec, "serviceRef")
    known = not is_unknown(spec.get("serviceRef"))
    if known and not (reference.get("name") and reference.get("port") is not None):
        yield "spec.serviceRef: must have name and port"
    if spec.get("targetType") not in {None, "instance", "ip", UNKNOWN}:
        yield "spec.targetType: must be one of instance, ip"


def _group_policy(manifest: Mapping[str, Any]) -> Iterator[str]:
    spec = _members(manifest, "spec")
    groups = _members(spec, "securityGroups").get("groupIds")
    known = not is_unknown(groups) and not is_unknown(spec.get("securityGroups"))
    if known and not 1 <= len(groups or []) <= _MOST_GROUPS:
        yield f"spec.securityGroups.groupIds: must be 1 to {_MOST_GROUPS} security groups"
    # An empty selector is one too: it selects all pods of the namespace.
    if spec.get("podSelector") is None and spec.get("serviceAccountSelector") is None:
        yield "spec: must have podSelector or serviceAccountSelector"


_KINDS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "ConfigMap": _config_map,
    "CronJob": _cron_job,
    "DaemonSet": _workload,
    "Deployment": _workload,
    "ExternalSecret": external_secrets.external_secret,
    "HorizontalPodAutoscaler": _autoscaler,
    "Job": _job,
    "PodDisruptionBudget": _disruption_budget,
    "ResourceQuota": _resource_quota,
    "SecretStore": external_secrets.secret_store,
    "SecurityGroupPolicy": _group_policy,
    "Service": _service,
    "StatefulSet": _workload,
    "TargetGroupBinding": _target_group_binding,
}
