"""Settings of an event bus."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.settings.base import matching
from components.settings.grantable import PLACE, Declared, arn_of

EventSource = Annotated[
    str,
    Field(max_length=256),
    matching(
        r"(?!aws\.)[A-Za-z0-9_./-]+",
        "must be letters, digits and . _ - /, and not begin with aws., which AWS keeps to itself",
    ),
]


class EventBusSettings(Declared):
    """An EventBridge event bus, reached over TLS only; or an existing one.

    1.00 USD for a million events of up to 64 KB (us-east-1).
    """

    kind: ClassVar[str] = "event bus"
    levels: ClassVar[tuple[str, ...]] = ("publish",)
    of_existing: ClassVar[frozenset[str]] = frozenset({"arn", "sources"})

    arn: (
        Annotated[str, arn_of("event bus", rf"events:{PLACE}:event-bus/[\w./-]{{1,256}}")] | None
    ) = None
    """ARN of an existing event bus, such as the account's default, to use instead of creating one.
    In another account its own policy has to admit this one."""
    sources: tuple[EventSource, ...] = ()
    """What services may name as an event's source; anything by default."""
