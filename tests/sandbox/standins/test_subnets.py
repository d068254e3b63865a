from __future__ import annotations

import ipaddress

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.standins.awsx.subnets import Spec, layout, parse

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
PUBLIC_AND_PRIVATE = [Spec("Public", 24), Spec("Private", 19)]


def test_the_subnets_lie_where_the_real_component_puts_them() -> None:
    _, subnets = layout("vpc", "10.0.0.0/16", ZONES, PUBLIC_AND_PRIVATE, None)
    assert [(s.name, s.cidr) for s in subnets] == [
        ("vpc-public-1", "10.0.0.0/24"),
        ("vpc-private-1", "10.0.32.0/19"),
        ("vpc-public-2", "10.0.64.0/24"),
        ("vpc-private-2", "10.0.96.0/19"),
        ("vpc-public-3", "10.0.128.0/24"),
        ("vpc-private-3", "10.0.160.0/19"),
    ]


def test_an_isolated_subnet_between_them_moves_neither() -> None:
    specs = [Spec("Public", 24), Spec("Isolated", 21), Spec("Private", 19)]
    _, with_tier = layout("vpc", "10.0.0.0/16", ZONES, specs, None)
    _, without = layout("vpc", "10.0.0.0/16", ZONES, PUBLIC_AND_PRIVATE, None)
    assert [s for s in with_tier if s.type != "Isolated"] == without
    assert [(s.name, s.cidr) for s in with_tier if s.type == "Isolated"] == [
        ("vpc-isolated-1", "10.0.8.0/21"),
        ("vpc-isolated-2", "10.0.72.0/21"),
        ("vpc-isolated-3", "10.0.136.0/21"),
    ]


def test_without_specs_each_zone_gets_a_private_and_a_public_subnet() -> None:
    sized, subnets = layout("vpc", "10.0.0.0/16", ZONES[:2], [], None)
    assert [(spec.type, spec.mask) for spec in sized] == [("Private", 18), ("Public", 19)]
    assert [s.cidr for s in subnets[:2]] == ["10.0.64.0/19", "10.0.0.0/18"]


def test_specs_without_masks_share_the_zone_equally() -> None:
    specs = [Spec("Public"), Spec("Private"), Spec("Isolated")]
    sized, _ = layout("vpc", "10.0.0.0/16", ZONES[:1], specs, None)
    assert {spec.mask for spec in sized} == {18}


def test_unused_space_is_reserved_without_a_subnet() -> None:
    specs = [Spec("Public", 24), Spec("Unused", 24), Spec("Private", 24)]
    _, subnets = layout("vpc", "10.0.0.0/16", ZONES[:1], specs, None)
    assert [s.cidr for s in subnets] == ["10.0.0.0/24", "10.0.2.0/24"]


def test_explicit_blocks_are_taken_as_they_are() -> None:
    specs = [Spec("Private", blocks=("10.0.4.0/24", "10.0.5.0/24"), name="apps")]
    _, subnets = layout("vpc", "10.0.0.0/16", ZONES[:2], specs, None)
    assert [(s.name, s.cidr) for s in subnets] == [
        ("vpc-apps-1", "10.0.4.0/24"),
        ("vpc-apps-2", "10.0.5.0/24"),
    ]


def test_a_block_for_each_zone_is_demanded() -> None:
    specs = [Spec("Private", blocks=("10.0.4.0/24",))]
    with pytest.raises(pulumi.InputPropertyError) as error:
        layout("vpc", "10.0.0.0/16", ZONES, specs, None)
    assert "subnetSpecs[0].cidrBlocks must hold one block for each of the 3" in error.value.reason


def test_subnets_that_do_not_fit_are_refused() -> None:
    with pytest.raises(pulumi.InputPropertyError) as error:
        layout("vpc", "10.0.0.0/24", ZONES, [Spec("Public", 25), Spec("Private", 25)], None)
    assert "need 256 addresses in each zone, which has 64" in error.value.reason


def test_gaps_left_by_alignment_count() -> None:
    specs = [Spec("Public", 26), Spec("Private", 25), Spec("Isolated", 26)]
    with pytest.raises(pulumi.InputPropertyError) as error:
        layout("vpc", "10.0.0.0/24", ZONES[:1], specs, None)
    assert "need 320 addresses in each zone, which has 256" in error.value.reason


def test_specs_are_read_by_their_wire_names_and_unmodelled_ones_refused() -> None:
    read = parse("vpc", [{"type": "Public", "size": 256, "tags": {"a": "b"}}])
    assert read == [Spec("Public", 24, tags={"a": "b"})]
    for spec, message in (
        ({"type": "Open"}, "subnetSpecs[0].type must be one of Public"),
        ({"type": "Public", "assignIpv6AddressOnCreation": True}, "is not modelled"),
    ):
        with pytest.raises(pulumi.InputPropertyError) as error:
            parse("vpc", [spec])
        assert message in error.value.reason


@given(
    prefix=st.integers(16, 22),
    zones=st.integers(1, 6),
    masks=st.lists(st.integers(24, 28), min_size=1, max_size=4),
)
def test_subnets_never_overlap_and_stay_within_the_vpc(
    prefix: int, zones: int, masks: list[int]
) -> None:
    vpc = f"10.0.0.0/{prefix}"
    names = [f"z{i}" for i in range(zones)]
    try:
        _, subnets = layout("vpc", vpc, names, [Spec("Private", mask) for mask in masks], None)
    except pulumi.InputPropertyError:
        return  # they don't fit, which is said
    found = [ipaddress.ip_network(subnet.cidr) for subnet in subnets]
    assert len(found) == zones * len(masks)
    for index, one in enumerate(found):
        assert one.subnet_of(ipaddress.ip_network(vpc))  # type: ignore[arg-type]  # both are IPv4
        assert not any(one.overlaps(other) for other in found[index + 1 :])
