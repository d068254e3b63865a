"""bucket-private: what buckets hold is nobody's who isn't named.

AWS closes new buckets by itself, so what opens one is judged: a block that is taken away, and a
list for everybody. `resource-policy-public` judges their policies.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub, trivy
from ..core.values import Findings, Place, is_true

_BLOCKS: Final = (
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
)
_LISTS: Final = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/bucketAcl:BucketAcl",
    "aws:s3/bucketAclV2:BucketAclV2",
)
_FLAGS: Final = (
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
)
_OPEN: Final = ("public-read", "public-read-write", "authenticated-read")
_GROUPS: Final = tuple(
    f"http://acs.amazonaws.com/groups/global/{name}" for name in ("AllUsers", "AuthenticatedUsers")
)
_OPENS: Final = "opens the bucket to everybody"


def _check(resource: Resource) -> Findings:
    if resource.type in _BLOCKS:
        for flag in _FLAGS:
            yield from resource.at(flag).require(is_true, "a bucket may be opened to everybody")
    else:
        yield from resource.at("acl").forbid(lambda acl: acl in _OPEN, _OPENS)
        for grantee in _grantees(resource):
            yield from grantee.at("uri").forbid(lambda uri: uri in _GROUPS, _OPENS)


def _grantees(resource: Resource) -> Iterator[Place]:
    yield from resource.at("grants").items()
    for grant in resource.at("accessControlPolicy", "grants").items():
        yield grant.at("grantee")


RULE = Rule(
    name="bucket-private",
    description="Buckets can't be opened to everybody.",
    fix=(
        "Set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets to"
        " true, and remove acl and grants to groups."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *security_hub("S3.1", "S3.2", "S3.3", "S3.8"),
        *checkov(*(f"CKV_AWS_{number}" for number in (20, 53, 54, 55, 56, 57))),
        *trivy("T0086", "T0087", "T0091", "T0092", "T0093"),
    ),
    types=(*_BLOCKS, *_LISTS),
    check=_check,
)
