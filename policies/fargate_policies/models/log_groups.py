"""Log groups of CloudWatch."""

from typing import Final

from ..core.values import Value, as_integer

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"


def is_limited(retention: Value) -> bool:
    """Whether logs go after a number of days; without one, and with 0, they are kept for ever."""
    days = as_integer(retention)
    return days is not None and days > 0
