"""Availability zones: what of a service each one has."""

from typing import Final

ZONE_LABEL: Final = "fargate/zone"
"""What pods of one zone carry, and what their Fargate profile selects by."""
PROFILE_LABEL: Final = "eks.amazonaws.com/fargate-profile"
"""Names the profile of a pod that several match, such as its namespace's and its zone's (EKS user
guide, "Define which Pods use Fargate when launched")."""


def shares(number: int, zones: int) -> tuple[int, ...]:
    """Return each zone's share of a number; together they are the number, and differ by one."""
    return tuple(number // zones + (zone < number % zones) for zone in range(zones))


def zone_name(zone: int) -> str:
    """Return what a zone is called here; the first is 1."""
    return f"zone-{zone}"


def zone_profile(namespace: str, zone: int) -> str:
    """Return the name of the Fargate profile of a namespace's pods in one zone."""
    return f"{namespace}-{zone_name(zone)}"
