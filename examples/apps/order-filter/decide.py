"""Which orders a person has to look at: sums are more than an event pattern can say."""  # noqa: INP001 - a file of its own, no package

from collections.abc import Mapping
from typing import Any

LIMIT = 1000


def decide(message: Any) -> Mapping[str, str] | None:  # noqa: ANN401 - any JSON
    """Start the job for orders above the limit, and tell it what they come to."""
    total = sum(item["price"] * item["quantity"] for item in message["items"])
    return {"TOTAL": f"{total:.2f}"} if total > LIMIT else None
