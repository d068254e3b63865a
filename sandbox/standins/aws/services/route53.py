"""Route 53: records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_SET = "ChangeBatch.Changes.ResourceRecordSet"
_ROUTING = (
    "cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy", "latencyRoutingPolicies", "multivalueAnswerRoutingPolicy",
    "weightedRoutingPolicies",
)  # fmt: skip


def _plain(facts: Facts) -> str:
    return facts.text("name").rstrip(".").lower()


def _record_id(facts: Facts) -> str:
    parts = (facts.text("zoneId"), _plain(facts), facts.text("type"), facts.text("setIdentifier"))
    return "_".join(part for part in parts if part)


def _unique(facts: Facts) -> str:
    """Creating a record that exists is refused, unless the resource may overwrite it."""
    return "" if facts.inputs.get("allowOverwrite") else _record_id(facts)


def _answer(inputs: Mapping[str, Any]) -> list[str]:
    """An alias, or values with their time to live (ResourceRecordSet in the API reference)."""
    if inputs.get("aliases"):
        given = [key for key in ("records", "ttl") if inputs.get(key) is not None]
        return [f"{key}: can't be given together with aliases" for key in given]
    missing = [key for key in ("records", "ttl") if inputs.get(key) is None]
    return [f"{key}: must be given for a record that is no alias" for key in missing]


KINDS = {
    "aws:route53/record:Record": Kind(
        id=_record_id,
        outputs=lambda f: {"fqdn": _plain(f)},
        replaces=("name", "setIdentifier", "zoneId"),
        unique=_unique,
        taken="InvalidChangeBatch",
        operations=(
            operation(
                "route53",
                "ChangeResourceRecordSets",
                renames={
                    "aliases": f"{_SET}.AliasTarget",
                    "healthCheckId": f"{_SET}.HealthCheckId",
                    "name": f"{_SET}.Name",
                    "records": f"{_SET}.ResourceRecords",
                    "setIdentifier": f"{_SET}.SetIdentifier",
                    "ttl": f"{_SET}.TTL",
                    "type": f"{_SET}.Type",
                    "zoneId": "HostedZoneId",
                },
                skips={
                    "allowOverwrite": "chooses UPSERT instead of CREATE",
                    **dict.fromkeys(_ROUTING, "becomes several members of the record set"),
                },
            ),
        ),
        checks=(
            _answer,
            limits.at_most("aliases", 1, "alias"),
            limits.check("name", "hold no space", lambda v: " " not in v),
        ),
    ),
}
