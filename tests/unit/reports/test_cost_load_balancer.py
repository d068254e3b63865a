"""What is in front of a load balancer: a firewall is billed, a certificate and records aren't."""

from decimal import Decimal

import pytest

from reports.cost.report import cost_report
from tests.unit.reports.builders import exported, resource

ACL = "aws:wafv2/webAcl:WebAcl"


def test_a_firewall_costs_by_itself_by_its_rules_and_by_requests() -> None:
    rules = [{"name": name} for name in ("rate-limit", "common", "known-bad")]
    report = cost_report(exported(resource(ACL, "acl", {"rules": rules})))
    assert report.monthly == Decimal(5) + 3 * Decimal(1)
    assert [each.price.unit for each in report.usage] == ["million requests"]
    assert cost_report(exported(resource(ACL, "acl", {}))).monthly == Decimal(5)


@pytest.mark.parametrize(
    "kind",
    [
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:route53/record:Record",
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    ],
)
def test_what_belongs_to_a_certificate_or_a_firewall_is_free(kind: str) -> None:
    report = cost_report(exported(resource(kind, "it", {})))
    assert report.monthly == 0
    assert report.gaps == ()
