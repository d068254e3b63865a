"""Certificates, records, firewalls: what they compute and replace, and the lookups for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.standins.wire import UNKNOWN
from tests.sandbox.standins.cases import acm, route53, wafv2

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client

CERTIFICATE = "urn:pulumi:dev::p::aws:acm/certificate:Certificate::web"
RECORD = "urn:pulumi:dev::p::aws:route53/record:Record::web"
ACL = "urn:pulumi:dev::p::aws:wafv2/webAcl:WebAcl::web"
NAMES = acm.GOOD[acm.CERTIFICATE][0]
PROOF = {"type": "CNAME", "ttl": 60, "records": ["value"], "zoneId": "Z1", "name": "_1.example.com"}


def replaced(aws: Client, urn: str, olds: dict[str, Any], **change: object) -> list[str]:
    checked, _ = aws.check(urn, olds)
    news, _ = aws.check(urn, {**olds, **change}, checked)
    return list(aws.diff(urn, checked, news).replaces)


def test_a_wildcard_is_proven_by_the_same_record_as_its_domain(aws: Client) -> None:
    _, state, _ = aws.deploy(CERTIFICATE, **NAMES)
    one, other = state["domainValidationOptions"]
    assert {one["domainName"], other["domainName"]} == {"shop.example.com", "*.shop.example.com"}
    for key in ("resourceRecordName", "resourceRecordValue"):
        assert one[key] == other[key]
    assert one["resourceRecordName"].endswith(".shop.example.com.")


def test_a_second_certificate_for_a_domain_has_the_same_proof(aws: Client) -> None:
    _, first, _ = aws.deploy(CERTIFICATE, **NAMES)
    _, second, _ = aws.deploy(f"{CERTIFICATE}2", **NAMES)
    assert first["arn"] != second["arn"]
    assert first["domainValidationOptions"] == second["domainValidationOptions"]


def test_a_preview_knows_no_proof_yet(aws: Client) -> None:
    checked, _ = aws.check(CERTIFICATE, NAMES)
    _, state = aws.create(CERTIFICATE, checked, preview=True)
    assert state["domainValidationOptions"] == UNKNOWN


def test_a_certificate_with_other_names_is_another_one(aws: Client) -> None:
    for change in ({"domainName": "a.com"}, {"subjectAlternativeNames": ["b.com"]}):
        assert replaced(aws, CERTIFICATE, NAMES, **change) == list(change)


def test_a_record_that_exists_is_refused_unless_it_may_be_overwritten(aws: Client) -> None:
    aws.deploy(RECORD, **PROOF)
    with pytest.raises(Exception, match="InvalidChangeBatch"):
        aws.deploy(f"{RECORD}2", **PROOF)
    id_, state, _ = aws.deploy(f"{RECORD}3", **PROOF, allowOverwrite=True)
    assert (id_, state["fqdn"]) == ("Z1__1.example.com_CNAME", "_1.example.com")


def test_a_record_changes_its_values_in_place_and_its_name_not(aws: Client) -> None:
    assert replaced(aws, RECORD, PROOF, ttl=300, records=["other"]) == []
    assert replaced(aws, RECORD, PROOF, name="_2.example.com") == ["name"]


def test_a_firewall_changes_its_rules_in_place_and_counts_their_capacity(aws: Client) -> None:
    good = wafv2.GOOD[wafv2.ACL][0]
    _, state, _ = aws.deploy(ACL, **good)
    assert state["capacity"] == 2 + 700
    assert replaced(aws, ACL, good, rules=[wafv2.LIMIT]) == []
    assert replaced(aws, ACL, good, scope="CLOUDFRONT") == ["scope"]


def test_a_zone_is_found_by_name_or_by_id(aws: Client) -> None:
    token = "aws:route53/getZone:getZone"  # noqa: S105 - a lookup
    by_name = aws.invoke(token, name="example.com", privateZone=False)
    assert by_name["zoneId"].startswith("Z")
    assert by_name["name"] == "example.com"
    assert aws.invoke(token, zoneId="Z1")["zoneId"] == "Z1"
    assert by_name["zoneId"] != aws.invoke(token, name="example.org")["zoneId"]


def test_a_secrets_value_is_a_placeholder(aws: Client) -> None:
    token = "aws:secretsmanager/getSecretVersion:getSecretVersion"  # noqa: S105 - a lookup
    found = aws.invoke(token, secretId="shop/login")
    assert found["secretString"] == "sandbox"
    assert found["secretId"] == "shop/login"
    assert found["arn"].startswith("arn:aws:secretsmanager:us-east-1:123456789012:")


def test_an_alias_needs_no_time_to_live(aws: Client) -> None:
    _, problems = aws.check(RECORD, route53.GOOD[route53.RECORD][0])
    assert problems == []
