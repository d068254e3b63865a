"""Cases of Certificate Manager."""

from __future__ import annotations

from typing import Any

CERTIFICATE = "aws:acm/certificate:Certificate"
ARN = (
    r"arn:aws:acm:us-east-1:123456789012:certificate/"
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
)

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    CERTIFICATE: (
        {
            "domainName": "shop.example.com",
            "subjectAlternativeNames": ["*.shop.example.com"],
            "validationMethod": "DNS",
            "keyAlgorithm": "RSA_2048",
        },
        ARN,
        ARN,
    ),
    "aws:acm/certificateValidation:CertificateValidation": (
        {
            "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
            "validationRecordFqdns": ["_1.example.com"],
        },
        r"\d{4}-\d\d-\d\d .* UTC",
        "",
    ),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (CERTIFICATE, {"domainName": "no name"}, "domainName: must match"),
    (CERTIFICATE, {"domainName": "a" * 61 + ".com"}, "domainName: must be at most 64"),
    (
        CERTIFICATE,
        {"domainName": "a.com", "validationMethod": "PHONE"},
        "validationMethod: must be one of EMAIL, DNS, HTTP",
    ),
    (
        CERTIFICATE,
        {"domainName": "a.com", "keyAlgorithm": "RSA_512"},
        "keyAlgorithm: must be one of RSA_1024",
    ),
    (
        CERTIFICATE,
        {
            "domainName": "a.com",
            "subjectAlternativeNames": [f"{letter}.a.com" for letter in "bcdefghijk"],
        },
        "at most 10 names",
    ),
    (
        "aws:acm/certificateValidation:CertificateValidation",
        {"certificateArn": "shop.example.com"},
        "certificateArn: must be 20 to 2048 characters",
    ),
]
