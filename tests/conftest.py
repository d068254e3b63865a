"""What all tests share: Hypothesis without deadlines, and which run one after another.

The order matters where several processes share the work (`pytest -n`).
"""

from pathlib import PurePath

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # xdist has none

from tests.sandbox.deployments import FILES, stack_name

# A busy machine is no failure; speed is measured by benchmarks.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

OF_ONE_STACK = {"test_both_runtimes.py": "both-runtimes"}
"""Modules that read one deployed stack file."""
OF_EACH_STACK = ("test_examples.py", "test_order.py", "test_pod_roles.py")
"""Modules that read all of them; a test's parameters begin with the stack's name."""


class StackScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Keeps the tests of a module in one process, and all that read one deployed stack file.

    A deployment takes longer than all that is read from it, and the tests of a module share
    fixtures too. xdist's own groups don't work with pytest 9 (they rename a test's node).
    """

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """Return what a test shares a process with: a stack, or the rest of its module."""
    module, _, test = nodeid.partition("::")
    name = PurePath(module).name
    if name in OF_ONE_STACK:
        return OF_ONE_STACK[name]
    parameters = test.partition("[")[2]
    if name in OF_EACH_STACK and parameters:
        stacks = sorted(map(stack_name, FILES), key=len, reverse=True)
        return next((stack for stack in stacks if parameters.startswith(stack)), module)
    return module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> StackScheduling:
    """Share the work between processes."""
    return StackScheduling(config, log)
