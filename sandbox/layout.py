"""Where the sandbox keeps things: everything is under ``.sandbox/`` of the project."""

import re
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import BadInputError

ROOT = Path(__file__).resolve().parent.parent
_STACK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_SHARED = frozenset({"bin", "cli", "home", "state", "passphrase"})


@dataclass(frozen=True)
class Layout:
    """The paths of one stack's sandbox.

    Attributes:
        stack: The stack's name.
        stack_file: The stack file it is deployed from; it is read, never written.
        root: The project's folder, which holds Pulumi.yaml and ``__main__.py``.
        policy_config: The policy pack's configuration, as `pulumi up --policy-pack-config` takes
            it; none for the pack's own defaults.
    """

    stack: str
    stack_file: Path
    root: Path = ROOT
    policy_config: Path | None = None

    @classmethod
    def for_stack(cls, name: str, root: Path = ROOT) -> "Layout":
        """The layout of the stack whose file is ``Pulumi.NAME.yaml``."""
        return cls(_checked(name), root / f"Pulumi.{name}.yaml", root)

    @classmethod
    def for_config(cls, file: Path, root: Path = ROOT) -> "Layout":
        """The layout of a stack named after any stack file: ``examples/jobs.yaml`` is ``jobs``."""
        return cls(_checked(file.stem.removeprefix("Pulumi.")), file.resolve(), root)

    @property
    def base(self) -> Path:
        """The folder of all stacks."""
        return self.root / ".sandbox"

    @property
    def folder(self) -> Path:
        """This stack's folder: the copies that the CLI works on, the locks, the cloud's record."""
        return self.base / self.stack

    @property
    def project_copy(self) -> Path:
        """The copy of Pulumi.yaml."""
        return self.folder / "Pulumi.yaml"

    @property
    def stack_copy(self) -> Path:
        """The copy of the stack file."""
        return self.folder / f"Pulumi.{self.stack}.yaml"

    @property
    def placeholder(self) -> Path:
        """The placeholder secret, encrypted with this stack's key."""
        return self.folder / "placeholder.json"

    @property
    def deployed(self) -> Path:
        """The fingerprint of the configuration that was last deployed."""
        return self.folder / "deployed"

    @property
    def rehearsed(self) -> Path:
        """The fingerprint of the program and the settings that it last accepted."""
        return self.folder / "rehearsed"

    @property
    def record(self) -> Path:
        """The stand-ins' record of this stack's cloud."""
        return self.folder / "cloud.db"

    @property
    def state(self) -> Path:
        """The Pulumi backend of all stacks."""
        return self.base / "state"

    @property
    def pulumi_home(self) -> Path:
        """PULUMI_HOME of all stacks."""
        return self.base / "home"

    @property
    def shims(self) -> Path:
        """The folder that is put first on the CLI's PATH."""
        return self.base / "bin"

    @property
    def passphrase(self) -> Path:
        """The passphrase of the state's secrets."""
        return self.base / "passphrase"

    @property
    def policies(self) -> Path:
        """The policy pack."""
        return self.root / "policies"


def _checked(name: str) -> str:
    if not _STACK_NAME.fullmatch(name) or name in _SHARED:
        raise BadInputError(
            f"{name!r} cannot be a stack's name: it starts with a letter or digit, holds letters, "
            f"digits, '-', '_' and '.', has at most 100 characters, and is none of "
            f"{', '.join(sorted(_SHARED))}."
        )
    return name
