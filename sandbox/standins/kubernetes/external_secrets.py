"""What the API server refuses about objects of the External Secrets Operator.

Source: the custom resource definitions of external-secrets.io/v1 (ExternalSecret, and SecretStore
with the provider for AWS). Server-side apply refuses a field that a definition doesn't have, so a
misspelt one is found here too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sandbox.standins.wire import has_unknown, is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GROUP = "external-secrets.io/v1"
_DURATION = re.compile(r"0|(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+\Z")
_SECRET_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}\Z")
_STORE_KINDS = ("SecretStore", "ClusterSecretStore")


class _Object(NamedTuple):
    """What an object may and must have: known keys, those required, and values of a few."""

    known: frozenset[str]
    required: tuple[str, ...] = ()
    one_of: tuple[tuple[str, tuple[str, ...]], ...] = ()


def _object(
    known: str, required: str = "", one_of: Mapping[str, tuple[str, ...]] | None = None
) -> _Object:
    return _Object(frozenset(known.split()), tuple(required.split()), tuple((one_of or {}).items()))


_STORE_REFERENCE = _object("kind name", "name", {"kind": _STORE_KINDS})
_EXTERNAL_SECRET = _object(
    "data dataFrom refreshInterval refreshPolicy secretStoreRef syncWindows target",
    one_of={"refreshPolicy": ("CreatedOnce", "Periodic", "OnChange")},
)
_TARGET = _object(
    "creationPolicy deletionPolicy immutable manifest name template",
    one_of={
        "creationPolicy": ("Owner", "Orphan", "Merge", "None"),
        "deletionPolicy": ("Delete", "Merge", "Retain"),
    },
)
_DATA = _object("remoteRef secretKey sourceRef", "remoteRef secretKey")
_REMOTE_REFERENCE = _object(
    "conversionStrategy decodingStrategy key metadataPolicy nullBytePolicy property version",
    "key",
    {
        "conversionStrategy": ("Default", "Unicode"),
        "decodingStrategy": ("Auto", "Base64", "Base64URL", "None"),
        "metadataPolicy": ("None", "Fetch"),
    },
)
_STORE = _object("conditions controller provider refreshInterval retrySettings", "provider")
_AWS = _object(
    "additionalRoles auth customSessionTags externalID prefix region role secretsManager service"
    " sessionTags sessionTagsPolicy transitiveTagKeys",
    "region service",
    {"service": ("SecretsManager", "ParameterStore")},
)
_AUTH = _object("jwt secretRef")
_JWT = _object("serviceAccountRef")
_ACCOUNT_REFERENCE = _object("audiences name namespace", "name")


def external_secret(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an ExternalSecret."""
    yield from _version(manifest)
    if is_unknown(manifest.get("spec")):
        return
    spec = _at(manifest, "spec")
    yield from _judge(spec, "spec", _EXTERNAL_SECRET)
    interval = spec.get("refreshInterval")
    if isinstance(interval, str) and not has_unknown(interval) and not _DURATION.match(interval):
        yield "spec.refreshInterval: must be a duration, such as 1h0m0s"
    if "secretStoreRef" in spec:
        yield from _judge(_at(spec, "secretStoreRef"), "spec.secretStoreRef", _STORE_REFERENCE)
    yield from _judge(_at(spec, "target"), "spec.target", _TARGET)
    if not spec.get("data") and not spec.get("dataFrom"):
        yield "spec: must have data or dataFrom"
    data = spec.get("data")
    for index, item in enumerate(data if isinstance(data, list) else []):
        path = f"spec.data[{index}]"
        if not isinstance(item, dict):
            continue
        yield from _judge(item, path, _DATA)
        yield from _judge(_at(item, "remoteRef"), f"{path}.remoteRef", _REMOTE_REFERENCE)
        key = item.get("secretKey")
        if isinstance(key, str) and not has_unknown(key) and not _SECRET_KEY.match(key):
            yield f"{path}.secretKey: must be 1 to 253 letters, digits and ._-"


def secret_store(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a SecretStore."""
    yield from _version(manifest)
    if is_unknown(manifest.get("spec")):
        return
    spec = _at(manifest, "spec")
    yield from _judge(spec, "spec", _STORE)
    provider = _at(spec, "provider")
    if not is_unknown(spec.get("provider")) and len(provider) != 1:
        yield "spec.provider: must be exactly one provider"
    if "aws" not in provider:
        return
    path = "spec.provider.aws"
    aws = _at(provider, "aws")
    yield from _judge(aws, path, _AWS)
    yield from _judge(_at(aws, "auth"), f"{path}.auth", _AUTH)
    jwt = _at(_at(aws, "auth"), "jwt")
    yield from _judge(jwt, f"{path}.auth.jwt", _JWT)
    if "serviceAccountRef" in jwt:
        reference = _at(jwt, "serviceAccountRef")
        yield from _judge(reference, f"{path}.auth.jwt.serviceAccountRef", _ACCOUNT_REFERENCE)


def _version(manifest: Mapping[str, Any]) -> Iterator[str]:
    if manifest.get("apiVersion") != _GROUP:
        yield f"apiVersion: must be {_GROUP}, the only one that the operator serves"


def _at(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A member that should be an object; empty if it is absent or unknown."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _judge(value: Mapping[str, Any], path: str, allowed: _Object) -> Iterator[str]:
    extra = sorted(set(value) - allowed.known)
    if extra:
        known = ", ".join(sorted(allowed.known))
        yield f"{path}: has no {', '.join(extra)}; known are {known}"
    # What is absent altogether is its parent's fault.
    missing = [key for key in allowed.required if value and value.get(key) in (None, "")]
    if missing:
        yield f"{path}: must have {', '.join(missing)}"
    for key, values in allowed.one_of:
        given = value.get(key)
        if given is not None and not has_unknown(given) and given not in values:
            yield f"{path}.{key}: must be one of {', '.join(values)}"
