"""The environment that the CLI, the program, the pack and the stand-ins run in.

Only the variables named here are taken over from the user's environment, so that no credential,
proxy or Pulumi setting reaches anything that the sandbox starts.
"""

import contextlib
import os
import secrets
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox.layout import Layout

_KEPT = frozenset(
    {
        *("HOME", "USER", "LOGNAME", "SHELL", "PATH", "TMPDIR", "TMP", "TEMP", "TZ"),
        *("LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES"),
        *("LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONUTF8"),
    }
)
_KEPT_PREFIXES = ("LC_", "SANDBOX_")
_ANALYZER = "pulumi-analyzer-policy-python"


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that the sandbox's processes may see.

    What AWS's and Kubernetes' libraries would read from the home folder is pointed at nothing.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    return kept | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "KUBECONFIG": os.devnull,
    }


@contextlib.contextmanager
def exactly(environment: Mapping[str, str]) -> Iterator[None]:
    """Give this process no other environment than this one, for a while."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def for_cli(layout: Layout, command: Path, base: Mapping[str, str]) -> dict[str, str]:
    """The environment of the Pulumi CLI: its state, home and secrets are under ``.sandbox/``.

    Args:
        layout: The stack's paths.
        command: The CLI; its folder is on PATH for the commands of ``sandbox run``.
        base: An environment that `clean` returned.
    """
    path = os.pathsep.join([str(layout.shims), str(command.parent), base.get("PATH", os.defpath)])
    return {
        **base,
        "PATH": path,
        "PULUMI_BACKEND_URL": f"file://{layout.state}",
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(layout.passphrase),
        "PULUMI_STACK": layout.stack,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
        "PULUMI_SUPPRESS_NEO_LINK": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
    }


def prepare(layout: Layout) -> None:
    """Create the folders, the passphrase and the pack's starter that `for_cli` names."""
    for folder in (layout.folder, layout.state, layout.pulumi_home, layout.shims):
        folder.mkdir(parents=True, exist_ok=True)
    _create_once(layout.passphrase, secrets.token_urlsafe(32))
    starter = shlex.quote(str(Path(__file__).parent / "policy_plugin.py"))
    # The CLI's arguments are the engine's address, the folder and then the options of
    # PulumiPolicy.yaml (-virtualenv=…), which Python's runner would misread.
    _write(
        layout.shims / _ANALYZER,
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -u {starter} "$1" "$2"\n',
        0o755,
    )


def _create_once(path: Path, text: str) -> None:
    """Create a private file; of several runs at the same time, one wins and all use its text."""
    if path.exists():
        return
    draft = _draft(path, text, 0o600)
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _write(path: Path, text: str, mode: int) -> None:
    """Write a file that other runs may be reading or writing at the same time."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        _draft(path, text, mode).replace(path)


def _draft(path: Path, text: str, mode: int) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return draft
