"""What PulumiPolicy.yaml, which the engine reads, says of the pack."""

import re
from pathlib import Path
from typing import Final

_MANIFEST: Final = Path(__file__).resolve().parents[2] / "PulumiPolicy.yaml"
_VERSION: Final = re.compile(r"""^version: *["']?([^"'\s]+)""", re.MULTILINE)


def version() -> str:
    """Return the pack's version; 0.0.1 without one, as in Pulumi's own packs."""
    found = _VERSION.search(_MANIFEST.read_text(encoding="utf-8"))
    return found[1] if found else "0.0.1"
