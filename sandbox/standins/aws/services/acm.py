"""Certificate Manager: certificates and the wait for their validation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, digest, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

# RequestCertificate in the ACM API reference.
_LONGEST_FIRST_NAME = 64
_MOST_NAMES = 10  # ACM's default quota, the first name included


def validation_record(domain: str) -> dict[str, str]:
    """The record that proves a domain: the same for each of its certificates in an account."""
    plain = domain.removeprefix("*.")
    name, value = digest(f"name/{plain}", 32), digest(f"value/{plain}", 32)
    return {
        "domainName": domain,
        "resourceRecordName": f"_{name}.{plain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{value}.{digest(plain, 10)}.acm-validations.aws.",
    }


def _names(inputs: Mapping[str, Any]) -> list[str]:
    names = [inputs.get("domainName"), *(inputs.get("subjectAlternativeNames") or [])]
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def _certificate(facts: Facts) -> dict[str, Any]:
    names = _names(facts.inputs)
    return {
        "arn": facts.id,
        "domainValidationOptions": [validation_record(name) for name in sorted(names)],
        "keyAlgorithm": "RSA_2048",
        "renewalEligibility": "INELIGIBLE",
        "status": "PENDING_VALIDATION",
        "subjectAlternativeNames": sorted(names),
        "type": "AMAZON_ISSUED",
    }


def _few_names(inputs: Mapping[str, Any]) -> list[str]:
    if len(_names(inputs)) <= _MOST_NAMES:
        return []
    return [f"subjectAlternativeNames: a certificate holds at most {_MOST_NAMES} names in all"]


KINDS = {
    "aws:acm/certificate:Certificate": Kind(
        id=lambda f: f.place.arn("acm", f"certificate/{f.uuid('certificate')}"),
        outputs=_certificate,
        replaces=(
            "certificateAuthorityArn", "domainName", "keyAlgorithm", "subjectAlternativeNames",
            "validationMethod", "validationOptions",
        ),
        operations=(
            operation(
                "acm",
                "RequestCertificate",
                renames={"validationOptions": "DomainValidationOptions"},
                skips={
                    **dict.fromkeys(
                        ("certificateBody", "certificateChain", "privateKey"), "ImportCertificate"
                    ),
                    "earlyRenewalDuration": "when the provider asks for a private one anew",
                    "privateKeyWo*": "ImportCertificate",
                },
            ),
        ),
        checks=(
            limits.check(
                "domainName",
                f"be at most {_LONGEST_FIRST_NAME} characters",
                lambda v: len(v) <= _LONGEST_FIRST_NAME,
            ),
            _few_names,
        ),
    ),
    # Exists in the provider only: it waits until ACM has issued the certificate.
    "aws:acm/certificateValidation:CertificateValidation": Kind(
        id=lambda _: "2026-11-02 12:00:00 +0000 UTC",
        replaces=("certificateArn", "validationRecordFqdns"),
        operations=(
            operation(
                "acm",
                "DescribeCertificate",
                skips={"validationRecordFqdns": "the provider compares them with ACM's own"},
            ),
        ),
    ),
}  # fmt: skip
