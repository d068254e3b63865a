"""LoadBalancer's domain: a certificate that is issued before it is used, and alias records."""

from functools import partial

import pulumi
import pytest

from components.load_balancer.certificates import validated_domains
from components.settings import RouteSettings
from tests.unit.support import programs
from tests.unit.support.engine import UNKNOWN, Recorder

CERTIFICATE = "aws:acm/certificate:Certificate"
ISSUED = "aws:acm/certificateValidation:CertificateValidation"
RECORD = "aws:route53/record:Record"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
DOMAIN = {
    "name": "shop.example.com",
    "zone": "example.com",
    "alternativeNames": ["*.shop.example.com", "www.example.com"],
}


def with_routes(*hosts: str | None, **domain: object) -> None:
    balancer = programs.balancer(programs.network(), domain=domain or DOMAIN)
    for number, host in enumerate(hosts):
        service = pulumi.ComponentResource("test:service:It", f"s{number}")
        route = RouteSettings(path=f"/{number}/*", host=host)
        balancer.add_route(f"s{number}", 8080, route, parent=service)
    pulumi.export("url", balancer.url)


API, MAIN = "api.shop.example.com", "shop.example.com"
HOSTS = (API, None, API, MAIN, f"*.{MAIN}")


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(partial(with_routes, *HOSTS), preview=preview)


def test_the_certificate_has_all_names_and_is_validated_by_dns(run: Recorder) -> None:
    certificate = run.one(CERTIFICATE).inputs
    assert certificate["domainName"] == "shop.example.com"
    assert certificate["subjectAlternativeNames"] == ["*.shop.example.com", "www.example.com"]
    assert certificate["validationMethod"] == "DNS"


def test_a_certificate_for_one_name_has_no_empty_list_of_others() -> None:
    run = programs.run(partial(with_routes, name="example.com"), preview=False)
    assert "subjectAlternativeNames" not in run.one(CERTIFICATE).inputs


def test_each_domain_is_proven_once_a_wildcard_together_with_its_domain(run: Recorder) -> None:
    proofs = {r.name: r.inputs for r in run.of(RECORD) if "validation" in r.name}
    assert set(proofs) == {
        "public-validation-shop.example.com",
        "public-validation-www.example.com",
    }
    proof = proofs["public-validation-www.example.com"]
    assert proof["name"] in (UNKNOWN, "_proof.www.example.com.")
    assert proof["records"] in (
        UNKNOWN,
        [UNKNOWN],
        ["_value-of-www.example.com.acm-validations.aws."],
    )
    # A second certificate for the domain in the account, as while one is replaced, has the same.
    assert proof["allowOverwrite"] is True
    assert validated_domains(["a.b", "*.a.b", "b"]) == ["a.b", "b"]


def test_the_listener_waits_for_the_certificate_to_be_issued(run: Recorder) -> None:
    listener = run.one("aws:lb/listener:Listener", "public-https")
    issued = run.one(ISSUED)
    assert listener.sources["certificateArn"] == {issued.urn}
    proofs = {r.urn for r in run.of(RECORD) if "validation" in r.name}
    assert issued.sources["validationRecordFqdns"] >= proofs
    assert issued.timeouts[0] == "30m"


def test_the_zone_is_looked_up_by_name_among_public_ones_unless_its_id_is_given() -> None:
    found = programs.run(with_routes, preview=False)
    assert {r.inputs["zoneId"] for r in found.of(RECORD)} == {"Z-of-example.com"}
    given = programs.run(
        partial(with_routes, name="example.com", zoneId="Z0123456789"), preview=False
    )
    assert {r.inputs["zoneId"] for r in given.of(RECORD)} == {"Z0123456789"}


def test_each_host_has_one_alias_to_the_load_balancer(run: Recorder) -> None:
    aliases = [r for r in run.of(RECORD) if "alias" in r.name]
    assert sorted(r.inputs["name"] for r in aliases) == [
        "*.shop.example.com",  # as a route asks for it; of the certificate alone it wouldn't be
        "api.shop.example.com",
        "shop.example.com",
        "www.example.com",
    ]
    for record in aliases:
        (alias,) = record.inputs["aliases"]
        assert record.inputs["type"] == "A"
        assert record.sources["aliases"] == {run.one(BALANCER).urn}
        assert alias["evaluateTargetHealth"] is False
        assert "allowOverwrite" not in record.inputs


def test_a_wildcards_alias_is_not_taken_for_that_of_a_host() -> None:
    hosts = (f"*.{MAIN}", f"any.{MAIN}")
    run = programs.run(partial(with_routes, *hosts), preview=False)
    assert {r.inputs["name"] for r in run.of(RECORD)} >= set(hosts)
    assert len({r.urn for r in run.of(RECORD)}) == len(run.of(RECORD))


def test_records_belong_to_the_load_balancer_whichever_service_asked_first(run: Recorder) -> None:
    parent = run.one("fargate:loadbalancer:LoadBalancer").urn
    assert {r.parent for r in run.of(RECORD)} == {parent}


def test_a_wildcard_of_the_certificate_alone_catches_no_other_names_in_dns() -> None:
    run = programs.run(with_routes, preview=False)
    names = {r.inputs["name"] for r in run.of(RECORD) if "alias" in r.name}
    assert names == {"shop.example.com", "www.example.com"}


def test_without_a_domain_a_routes_host_gets_no_record() -> None:
    def program() -> None:
        balancer = programs.balancer(programs.network())
        service = pulumi.ComponentResource("test:service:It", "it")
        route = RouteSettings(path="/*", host="a.example.com")
        balancer.add_route("it", 8080, route, parent=service)

    assert not programs.run(program, preview=False).of(RECORD)


def test_its_url_is_the_domains(run: Recorder) -> None:
    assert run.exports["url"] == "https://shop.example.com"
