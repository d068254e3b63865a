"""What the stand-in needs to know of an AWS resource type, and what ids and ARNs are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.standins import diff
    from sandbox.standins.wire import Properties

ACCOUNT = "123456789012"
"""The one account of the stand-in cloud (AWS's own example number)."""

EVERYTHING_BUT_TAGS = ("*", "!tags")
"""Replacement paths of a type that can't be updated."""


@dataclass(frozen=True)
class Place:
    """Where a resource is.

    Attributes:
        region: such as ``us-east-1``.
    """

    region: str

    @property
    def partition(self) -> str:
        """The partition of the region."""
        for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
            if self.region.startswith(prefix):
                return partition
        return "aws"

    @property
    def dns_suffix(self) -> str:
        """The partition's domain."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a regional resource of the account."""
        return f"arn:{self.partition}:{service}:{self.region}:{ACCOUNT}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of the account that belongs to no region, such as a role."""
        return f"arn:{self.partition}:{service}::{ACCOUNT}:{resource}"


@dataclass(frozen=True)
class Facts:
    """What a resource's id and computed outputs follow from.

    Attributes:
        inputs: its inputs.
        place: where it is.
        id: its id; empty while that is being made.
        seed: what derived values are derived from: the id, or random for a new id.
        revision: the number of a resource that is numbered by its provider, else 0.
    """

    inputs: Properties
    place: Place
    id: str
    seed: str
    revision: int = 0

    def hex(self, label: str, digits: int) -> str:
        """Hexadecimal digits that depend on the resource and the label only."""
        return digest(f"{self.seed}/{label}", digits)

    def short_id(self, prefix: str, label: str = "") -> str:
        """An id in EC2's format, such as ``subnet-0c2f…`` with 17 digits."""
        return short_id(prefix, f"{self.seed}/{label or prefix}")

    def uuid(self, label: str) -> str:
        """A random-looking UUID of version 4."""
        digits = self.hex(label, 32)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def text(self, key: str) -> str:
        """An input as text; empty if it isn't given."""
        value = self.inputs.get(key)
        return "" if value is None else str(value)


def digest(text: str, digits: int) -> str:
    """The first hexadecimal digits of a text's hash."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def short_id(prefix: str, seed: str) -> str:
    """An id in EC2's format that follows from the seed."""
    return f"{prefix}-0{digest(seed, 16)}"


Outputs = Callable[[Facts], Mapping[str, Any]]
Check = Callable[[Mapping[str, Any]], list[str]]


@dataclass(frozen=True)
class Operation:
    """The API operation whose parameters a resource's inputs become.

    Attributes:
        service: botocore's name of the service.
        name: the operation.
        renames: input to parameter where they differ in more than case or a plural s; dotted
            paths reach nested parameters.
        skips: inputs that are no parameter of the operation, and what they are instead; a name
            that ends in ``*`` stands for all that begin so.
        json: inputs that hold a JSON document which is itself the parameter.
    """

    service: str
    name: str
    renames: Mapping[str, str] = field(default_factory=dict)
    skips: Mapping[str, str] = field(default_factory=dict)
    json: tuple[str, ...] = ()


_NO_PARAMETERS = {
    "namePrefix": "becomes the name",
    "region": "decides which endpoint is called",
}


def operation(
    service: str,
    name: str,
    renames: Mapping[str, str] | None = None,
    skips: Mapping[str, str] | None = None,
    json: tuple[str, ...] = (),
) -> Operation:
    """An operation, with the inputs that are no parameter of any operation skipped."""
    return Operation(service, name, renames or {}, {**_NO_PARAMETERS, **(skips or {})}, json)


@dataclass(frozen=True)
class Kind:
    """One resource type.

    Attributes:
        id: makes a new id.
        outputs: makes the computed outputs, nested ones inside the inputs they belong to.
        follows: computed outputs that an update computes anew; all others stay as they were.
        replaces: paths whose change needs a new resource; ``*`` is every path, ``!x`` all but x.
        replaces_if: further changes that need a new resource, given old and new inputs.
        defaults: inputs that the provider fills in when they are absent.
        name: the input that is named automatically when absent; empty for none.
        name_limit: longest automatic name in characters.
        name_prefix: what an automatic name begins with.
        unique: what no second resource of the type may share; None if AWS accepts doubles.
        taken: AWS's error code for a second one.
        most: how many there may be within what ``within`` says; 0 for any number.
        within: what such a limit counts in, which names begin with, up to a slash.
        numbered: the input that AWS counts revisions by; empty for none.
        revised: computed outputs that an update changes, since it makes another revision; empty
            where an update makes none.
        operations: API operations whose parameters the inputs become.
        checks: limits that no API model states.
    """

    id: Callable[[Facts], str]
    outputs: Outputs = lambda _: {}
    follows: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    replaces_if: Callable[[Properties, Properties, diff.Change], bool] = lambda *_: False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    name_limit: int = 255
    name_prefix: str = ""
    unique: Callable[[Facts], str] | None = None
    taken: str = "EntityAlreadyExists"
    most: int = 0
    within: Callable[[Facts], str] = lambda _: ""
    numbered: str = ""
    revised: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    checks: tuple[Check, ...] = ()
