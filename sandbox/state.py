"""Reads a stack's state as the CLI keeps it in its folder backend, without calling the CLI."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.errors import SandboxError

_SECRET_MARK = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the engine's mark of special values
STACK_TYPE = "pulumi:pulumi:Stack"
_PROVIDER_PREFIX = "pulumi:providers:"


@dataclass(frozen=True)
class Resource:
    """A resource in the state.

    Attributes:
        urn: Its URN.
        type: Its type token.
        name: Its name.
        id: The cloud's id; empty for components.
        parent: Its parent's URN; empty for the stack.
        custom: Whether a provider manages it, rather than being a component.
        delete: Whether it is an old one of a replacement, still to be deleted.
    """

    urn: str
    type: str
    name: str
    id: str
    parent: str
    custom: bool
    delete: bool

    @property
    def is_provider(self) -> bool:
        """Whether it is a provider's configuration rather than something in a cloud."""
        return self.type.startswith(_PROVIDER_PREFIX)


@dataclass(frozen=True)
class State:
    """What the stack holds.

    Attributes:
        resources: Its resources in the order of the state.
        outputs: The stack's outputs, secrets as ``[secret]``.
        has_secret_output: Whether one of them is a secret.
        pending: The operations that an earlier run began and never finished: type and URN.
    """

    resources: tuple[Resource, ...] = ()
    outputs: dict[str, Any] | None = None
    has_secret_output: bool = False
    pending: tuple[tuple[str, str], ...] = ()


def path_of(backend: Path, project: str, stack: str) -> Path:
    """The state's file in a folder backend."""
    return backend / ".pulumi" / "stacks" / project / f"{stack}.json"


def read(path: Path) -> State | None:
    """The stack's state, or None when the stack does not exist.

    Raises:
        SandboxError: The file isn't what the CLI writes.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise SandboxError(
            f"{path} holds the stack's state and can't be read. The one before it is "
            f"{path.name}.bak beside it: copy it over, and run the same command again."
        ) from None
    deployment = document.get("checkpoint", {}).get("latest") or {}
    entries = deployment.get("resources") or []
    stack: dict[str, Any] = next((one for one in entries if one["type"] == STACK_TYPE), {})
    outputs = stack.get("outputs") or {}
    shown = {name: without_secrets(value) for name, value in outputs.items()}
    return State(
        resources=tuple(_resource(entry) for entry in entries),
        outputs=shown,
        has_secret_output=shown != outputs,
        pending=tuple(
            (operation["type"], operation["resource"]["urn"])
            for operation in deployment.get("pending_operations") or []
        ),
    )


def without_secrets(value: object) -> object:
    """A value of the state, with ``[secret]`` in place of each secret."""
    if isinstance(value, dict):
        if _SECRET_MARK in value and "ciphertext" in value:
            return "[secret]"
        return {key: without_secrets(child) for key, child in value.items()}
    if isinstance(value, list):
        return [without_secrets(child) for child in value]
    return value


def name_of(urn: str) -> str:
    """The resource's name: the last part of its URN."""
    return urn.rsplit("::", 1)[-1]


def type_of(urn: str) -> str:
    """The resource's own type token, without its parents' that the URN also holds."""
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _resource(entry: dict[str, Any]) -> Resource:
    return Resource(
        urn=entry["urn"],
        type=entry["type"],
        name=name_of(entry["urn"]),
        id=entry.get("id", ""),
        parent=entry.get("parent", ""),
        custom=entry.get("custom", False),
        delete=entry.get("delete", False),
    )
