"""Settings of a bucket."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.settings.base import matching
from components.settings.grantable import Declared, KeyName, arn_of

PREFIX = matching(
    r"[A-Za-z0-9!_.'()/-]+/",
    "must be the beginning of objects' keys, end in / and hold no wildcard, such as reports/2026/",
)
ACCOUNT = matching(r"\d{12}", "must be an account's twelve digits, in quotes")


class BucketSettings(Declared):
    """An S3 bucket: private, encrypted, versioned, reached over TLS only; or an existing one.

    About 0.023 USD per GB and month, 0.005 USD for 1,000 writes and 0.0004 USD for 1,000 reads
    (us-east-1).
    """

    kind: ClassVar[str] = "bucket"
    levels: ClassVar[tuple[str, ...]] = ("read", "write", "delete")
    of_existing: ClassVar[frozenset[str]] = frozenset({"arn", "key", "account", "prefix"})
    only_existing: ClassVar[frozenset[str]] = frozenset({"arn", "account", "prefix"})

    arn: Annotated[str, arn_of("bucket", r"s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")] | None = None
    """ARN of an existing bucket, such as another team's, to use instead of creating one. In another
    account its own policy has to admit this one. One that this stack creates goes by its name."""
    account: Annotated[str, ACCOUNT] | None = None
    """Account that owns the existing bucket; this stack's by default. A bucket's ARN doesn't name
    it, and after a bucket is deleted anybody may make one of the same name."""
    prefix: Annotated[str, Field(max_length=512), PREFIX] | None = None
    """What keys of an existing bucket must begin with for services to reach them, ending in /; all
    of them by default."""
    key: KeyName | None = None
    """A key declared under `keys` that encrypts objects; S3's own, which is free, by default. For
    an existing bucket, the key that it is encrypted with."""
    expire_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """Days after which an object is deleted; kept by default."""
    old_version_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    """Days for which an overwritten or deleted object can be brought back; it is billed as long."""
    deletion_protection: bool = True
    """Keep the bucket while it holds objects: deleting the stack fails then. False deletes them all
    with the bucket, their versions too."""
