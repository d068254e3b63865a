"""The copies of Pulumi.yaml and of the stack file that the CLI works on.

The CLI writes into its stack file (an encryption salt, respaced lines, namespaced keys), so it
never sees the project's own.
"""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sandbox.errors import BadInputError
from sandbox.layout import Layout

PLACEHOLDER = "placeholder-of-a-secret"  # a word, not a credential: it stands for `secure:` values
_SALT = "encryptionsalt"
_SECRETS_PROVIDER = ("secretsprovider", "encryptedkey", _SALT)
_PROJECT_SETTINGS_DROPPED = ("backend", "stackConfigDir", "options")


def load_project(layout: Layout) -> dict[str, Any]:
    """Read Pulumi.yaml.

    Raises:
        BadInputError: There is none, or it can't be read, or it has no name.
    """
    project = _load(layout.root / "Pulumi.yaml")
    if not isinstance(project.get("name"), str):
        raise BadInputError(f"{layout.root / 'Pulumi.yaml'} needs a `name`.")
    return project


def write_project(layout: Layout, project: dict[str, Any]) -> None:
    """Copy Pulumi.yaml, with the repository as `main`.

    Args:
        layout: The stack's paths.
        project: What `load_project` returned.
    """
    kept = {key: value for key, value in project.items() if key not in _PROJECT_SETTINGS_DROPPED}
    _dump(kept | {"main": str(layout.root)}, layout.project_copy)


def load_stack(layout: Layout) -> dict[str, Any]:
    """Read the stack file.

    Raises:
        BadInputError: It is missing or can't be read.
    """
    return _load(layout.stack_file)


def check_pack(layout: Layout, *, by_language_host: bool) -> None:
    """Check what the CLI would report obscurely, or hang on: that the policy pack can start.

    Args:
        layout: The stack's paths.
        by_language_host: Whether the CLI runs it through Pulumi's language host for Python, in
            the virtual environment that PulumiPolicy.yaml names, rather than by the sandbox.

    Raises:
        BadInputError: There is no pack, or its virtual environment has no interpreter.
    """
    manifest = layout.policies / "PulumiPolicy.yaml"
    if not manifest.exists():
        raise BadInputError(
            f"There is no {manifest}: the sandbox deploys nothing without its policy pack."
        )
    runtime = _load(manifest).get("runtime")
    options = runtime.get("options") if isinstance(runtime, dict) else None
    name = options.get("virtualenv") if isinstance(options, dict) else None
    if by_language_host and name and not (layout.policies / name / "bin" / "python").exists():
        raise BadInputError(
            f"{manifest} names the virtual environment {name}, which has no interpreter, and the "
            "Pulumi CLI runs the pack in it: `make up` makes it."
        )


def write_stack(layout: Layout, stack: dict[str, Any], encrypt: Callable[[str], None]) -> None:
    """Copy the stack file, without its secrets provider, with placeholders for its secrets.

    Args:
        layout: The stack's paths.
        stack: What `load_stack` returned; it is changed.
        encrypt: Called once for a stack that has secrets: has the CLI write the value as
            ``PLACEHOLDER_KEY`` into the copy, encrypted with the sandbox's own key.
    """
    salt = _load(layout.stack_copy).get(_SALT) if layout.stack_copy.exists() else None
    for key in _SECRETS_PROVIDER:
        stack.pop(key, None)
    stack.pop("environment", None)  # Pulumi ESC environments live in Pulumi Cloud
    if salt:
        stack[_SALT] = salt
    if not has_secrets(stack.get("config")):
        _dump(stack, layout.stack_copy)
        return
    placeholder = _placeholder(layout, salt, encrypt)
    stack[_SALT] = placeholder["salt"]
    stack["config"] = _replace_secrets(stack["config"], placeholder["secure"])
    _dump(stack, layout.stack_copy)


PLACEHOLDER_KEY = "sandbox:placeholder"


def _placeholder(
    layout: Layout, salt: str | None, encrypt: Callable[[str], None]
) -> dict[str, str]:
    if layout.placeholder.exists():
        known: dict[str, str] = json.loads(layout.placeholder.read_text(encoding="utf-8"))
        if known["salt"] == salt:
            return known
    _dump({_SALT: salt} if salt else {}, layout.stack_copy)
    encrypt(PLACEHOLDER)
    written = _load(layout.stack_copy)
    made = {"salt": written[_SALT], "secure": written["config"][PLACEHOLDER_KEY]["secure"]}
    layout.placeholder.write_text(json.dumps(made), encoding="utf-8")
    return made


def _is_secret(node: object) -> bool:
    return isinstance(node, dict) and list(node) == ["secure"]


def has_secrets(node: object) -> bool:
    """Whether a value of a stack file is encrypted or has an encrypted part."""
    if _is_secret(node):
        return True
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return any(has_secrets(child) for child in children)


def _replace_secrets(node: object, ciphertext: str) -> object:
    if _is_secret(node):
        return {"secure": ciphertext}
    if isinstance(node, dict):
        for key, child in node.items():
            node[key] = _replace_secrets(child, ciphertext)
    elif isinstance(node, list):
        node[:] = [_replace_secrets(child, ciphertext) for child in node]
    return node


def _yaml() -> YAML:
    """YAML 1.2, which is what the CLI reads, leaving every scalar as it was written."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    return yaml


def _load(path: Path) -> dict[str, Any]:
    try:
        data = _yaml().load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInputError(f"There is no {path}.{_others(path)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} cannot be read: {error}") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise BadInputError(f"{path}{where}: {problem}.") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise BadInputError(f"{path} must hold keys and values at the top, such as `config:`.")
    return data


def _others(path: Path) -> str:
    stacks = sorted(
        file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        for file in path.parent.glob("Pulumi.*.yaml")
    )
    return f" The stacks here are {', '.join(stacks)}." if stacks else ""


def _dump(data: dict[str, Any], path: Path) -> None:
    text = StringIO()
    _yaml().dump(data, text)
    path.write_text(text.getvalue(), encoding="utf-8")
