"""Both ways in which a program runs: with everything known, and as the first preview."""

import pytest


@pytest.fixture(scope="module", params=[False, True], ids=["known", "preview"])
def preview(request: pytest.FixtureRequest) -> bool:
    """Whether computed outputs are unknown, as they are before anything was created."""
    return bool(request.param)
