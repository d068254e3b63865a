"""Which tests run one after another where several processes share the work (`pytest -n`)."""

from pathlib import Path

import pytest


# Before xdist's own, which reads the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a module in one process, and so those that read one deployed stack file.

    A deployment takes longer than all that is read from it, and modules share fixtures too.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    files = (
        [value for value in callspec.params.values() if isinstance(value, Path)] if callspec else []
    )
    if "deployments" in getattr(item, "fixturenames", ()) and files:
        return files[0].name
    return str(item.path)
