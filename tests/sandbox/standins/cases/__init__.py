"""Cases of resource types, a module for each service: what AWS accepts, refuses, replaces.

Every module here is read; to add a service, add a module with a GOOD and a REFUSED.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {}
"""By type: inputs that AWS accepts, the id's form, the ARN's form (empty for a type without)."""
REFUSED: list[tuple[str, dict[str, Any], str]] = []
"""Type, inputs that AWS refuses, what the message says."""

for _found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    _module = importlib.import_module(f"{__name__}.{_found.name}")
    GOOD |= _module.GOOD
    REFUSED += _module.REFUSED
