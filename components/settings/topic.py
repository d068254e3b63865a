"""Settings of a topic."""

from typing import Annotated, ClassVar

from components.settings.grantable import PLACE, Declared, KeyName, arn_of


class TopicSettings(Declared):
    """An SNS topic, encrypted, reached over TLS only; or an existing one.

    The first million requests of a month are free, then 0.50 USD a million, and deliveries by their
    kind: to SQS nothing (us-east-1).
    """

    kind: ClassVar[str] = "topic"
    levels: ClassVar[tuple[str, ...]] = ("publish",)

    arn: Annotated[str, arn_of("topic", rf"sns:{PLACE}:[\w-]{{1,256}}(\.fifo)?")] | None = None
    """ARN of an existing topic, such as another team's, to use instead of creating one. In another
    account its own policy has to admit this one."""
    key: KeyName | None = None
    """A key declared under `keys` that encrypts the messages; by default the account's AWS managed
    key for SNS, with which other services of AWS, such as CloudWatch alarms, can't publish here.
    For an existing topic, the key that it is encrypted with."""
