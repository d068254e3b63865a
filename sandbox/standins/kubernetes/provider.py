"""The kubernetes package: what its objects are like."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from sandbox.standins import diff
from sandbox.standins.kubernetes import rules, schemas
from sandbox.standins.package import Checked, Package, Rejected, Subject, Verdict
from sandbox.standins.wire import UNKNOWN, has_unknown, is_unknown

if TYPE_CHECKING:
    from sandbox.standins.wire import Properties

_RELEASE = "kubernetes:helm.sh/v3:Release"
_SUFFIX_DIGITS = 8  # what the real provider appends to make a name unique

# Kinds of the API server itself that belong to no namespace.
_CLUSTER_SCOPED = frozenset(
    {
        "APIService", "ClusterRole", "ClusterRoleBinding", "CSIDriver", "CustomResourceDefinition",
        "IngressClass", "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume",
        "PriorityClass", "RuntimeClass", "StorageClass", "ValidatingWebhookConfiguration",
    }
)  # fmt: skip

_IMMUTABLE_ANYWHERE = ("apiVersion", "kind", "metadata.name", "metadata.namespace")

# From the real provider's table of properties that force a new object
# (pulumi-kubernetes provider/pkg/provider/diff.go, forceNew).
_IMMUTABLE = {
    "ConfigMap": ("binaryData", "data"),
    "DaemonSet": ("spec.selector",),
    "Deployment": ("spec.selector",),
    "Job": ("spec.completionMode", "spec.completions", "spec.selector", "spec.template"),
    "PersistentVolumeClaim": (
        "spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName",
    ),
    "Pod": ("spec",),
    "ReplicaSet": ("spec.selector",),
    "ClusterRoleBinding": ("roleRef",),
    "RoleBinding": ("roleRef",),
    "Secret": ("type", "stringData", "data"),
    "Service": ("spec.clusterIP",),
    "StatefulSet": ("spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"),
    "StorageClass": ("parameters", "provisioner"),
}  # fmt: skip


class Kubernetes(Package):
    """Every kind of object, custom resources and Helm releases."""

    name = "kubernetes"
    sdk = "pulumi_kubernetes"

    def check_config(self, news: Properties) -> list[str]:  # noqa: ARG002 - any kubeconfig will do
        """Nothing is read from the configuration: a kubeconfig needn't be known yet."""
        return []

    def replaces_provider(self, changed: set[str]) -> bool:  # noqa: ARG002 - same cluster
        """A changed kubeconfig is taken for the same cluster, as its endpoint decides at AWS."""
        return False

    def check(self, subject: Subject, olds: Properties, news: Properties, seed: bytes) -> Checked:
        """Name the object, put it into its namespace, judge it by its schema."""
        inputs = {key: value for key, value in news.items() if not key.startswith("__")}
        if subject.type == _RELEASE:
            return self._check_release(subject, olds, inputs, seed)
        metadata = dict(inputs.get("metadata") or {})
        filled = []
        if not metadata.get("name") and not metadata.get("generateName"):
            metadata["name"] = _automatic_name(subject.name, olds.get("metadata") or {}, olds, seed)
            filled.append("metadata.name")
        if str(inputs.get("kind")) not in _CLUSTER_SCOPED and not metadata.get("namespace"):
            metadata["namespace"] = str(subject.config.get("namespace") or "default")
        inputs["metadata"] = metadata
        problems = [*schemas.problems(inputs), *rules.problems(inputs)]
        return Checked({"__defaults": filled, **inputs}, problems)

    def _check_release(
        self, subject: Subject, olds: Properties, inputs: Properties, seed: bytes
    ) -> Checked:
        filled = []
        if not inputs.get("name"):
            inputs["name"] = _automatic_name(subject.name, olds, olds, seed)
            filled.append("name")
        inputs.setdefault("namespace", str(subject.config.get("namespace") or "default"))
        problems = [] if inputs.get("chart") else ["chart: a Helm release needs a chart"]
        return Checked({"__defaults": filled, **inputs}, problems)

    def verdict(
        self, subject: Subject, olds: Properties, news: Properties, found: list[diff.Change]
    ) -> Verdict:
        """Updates, and the replacements that immutable fields demand."""
        if subject.type == _RELEASE:
            paths: tuple[str, ...] = ("name", "namespace")
        else:
            paths = (*_IMMUTABLE_ANYWHERE, *_immutable(str(news.get("kind")), olds))
        replacing = [c for c in found if _listed(diff.general(c.path), paths)]
        explicit = not news.get("__defaults")
        same = self.unique_name(subject, olds) == self.unique_name(subject, news)
        return Verdict(found, replacing, delete_first=bool(replacing) and explicit and same)

    def unique_name(self, subject: Subject, inputs: Properties) -> str:  # noqa: ARG002 - by object
        """Namespace and name."""
        metadata = inputs.get("metadata") or inputs
        return _path(metadata)

    def name_taken(self, subject: Subject, name: str) -> str:
        """Kubernetes' own message."""
        return f"AlreadyExists: {subject.type} {name} already exists (creating {subject.name})"

    def new_id(self, subject: Subject, inputs: Properties, name: str) -> str:  # noqa: ARG002 - by object
        """Namespace and name, as the real provider writes them."""
        return self.unique_name(subject, inputs)

    def outputs(
        self, subject: Subject, id_: str, inputs: Properties, olds: Properties
    ) -> Properties:
        """The object with the metadata and status that the API server adds."""
        given = {key: value for key, value in inputs.items() if key != "__defaults"}
        if subject.type == _RELEASE:
            return {**given, **_release_outputs(id_, given)}
        metadata = dict(given.get("metadata") or {})
        uid = (olds.get("metadata") or {}).get("uid")
        if id_:
            metadata["uid"] = uid or str(uuid.uuid5(uuid.NAMESPACE_URL, subject.urn))
        else:
            metadata["uid"] = UNKNOWN
        filled: Properties = {"metadata": metadata}
        if schemas.has_status(str(given.get("apiVersion")), str(given.get("kind"))):
            filled["status"] = {} if id_ else UNKNOWN
        return {**given, **filled}

    def invoke(self, token: str, args: Properties, config: Properties) -> Properties:  # noqa: ARG002 - has no lookups
        """No lookup of the package is answered."""
        message = f"the sandbox has no answer to the lookup {token}: there is no cluster to ask"
        raise Rejected(message)


def _immutable(kind: str, olds: Properties) -> tuple[str, ...]:
    if kind in {"ConfigMap", "Secret"} and olds.get("immutable") is not True:
        return ("type",) if kind == "Secret" else ()
    return _IMMUTABLE.get(kind, ())


def _listed(path: str, paths: tuple[str, ...]) -> bool:
    return any(path == p or path.startswith((f"{p}.", f"{p}[")) for p in paths)


def _path(metadata: Properties) -> str:
    name = str(metadata.get("name") or "")
    if not name and metadata.get("generateName"):
        name = f"{metadata['generateName']}{secrets.token_hex(3)[:5]}"
    namespace = metadata.get("namespace")
    return f"{namespace}/{name}" if namespace else name


def _automatic_name(logical: str, old: Properties, olds: Properties, seed: bytes) -> str:
    if olds.get("__defaults") and not has_unknown(old.get("name")) and old.get("name"):
        return str(old["name"])
    return f"{logical}-{hashlib.sha256(seed + logical.encode()).hexdigest()[:_SUFFIX_DIGITS]}"


def _release_outputs(id_: str, given: Properties) -> dict[str, Any]:
    status: Any = UNKNOWN
    if id_ and not is_unknown(given.get("chart")):
        status = {
            "appVersion": str(given.get("version") or ""),
            "chart": str(given["chart"]),
            "name": str(given["name"]),
            "namespace": str(given["namespace"]),
            "revision": 1,
            "status": "deployed",
            "version": str(given.get("version") or ""),
        }
    return {"resourceNames": {} if id_ else UNKNOWN, "status": status}
