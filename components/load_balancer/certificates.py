"""Certificates and DNS records for a load balancer's own host names."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.settings.domain import DomainSettings

VALIDATION_TIMEOUT: Final = "30m"
"""How long an update waits for ACM to find the records. It takes minutes, or for ever where the
zone isn't the one that the internet asks."""

RECORD_TTL: Final = 300
"""Seconds for which resolvers remember a validation record."""


class DomainZone:
    """The hosted zone of a domain, and the records made there."""

    def __init__(self, name: str, settings: DomainSettings, *, parent: pulumi.Resource) -> None:
        """Find the zone.

        Args:
            name: prefix of the records' names.
            settings: the domain.
            parent: the component that the records belong to.
        """
        self._name = name
        self._settings = settings
        self._child = pulumi.ResourceOptions(parent=parent)
        self._zone_id = (
            pulumi.Output.from_input(settings.zone_id)
            if settings.zone_id
            else aws.route53.get_zone_output(name=settings.zone_name, private_zone=False).zone_id
        )
        self._hosts: set[str] = set()

    def create_certificate(self) -> pulumi.Output[str]:
        """Create the certificate with the records that prove the domain is ours.

        Returns:
            Its ARN, once it is issued.
        """
        certificate = aws.acm.Certificate(
            f"{self._name}-certificate",
            domain_name=self._settings.name,
            subject_alternative_names=sorted(self._settings.alternative_names) or None,
            validation_method="DNS",
            key_algorithm="RSA_2048",
            opts=self._child,
        )
        records = [
            self._validation_record(certificate, domain)
            for domain in validated_domains(self._settings.names)
        ]
        return aws.acm.CertificateValidation(
            f"{self._name}-certificate-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn for record in records],
            opts=pulumi.ResourceOptions.merge(
                self._child,
                pulumi.ResourceOptions(
                    custom_timeouts=pulumi.CustomTimeouts(create=VALIDATION_TIMEOUT)
                ),
            ),
        ).certificate_arn

    def point_to(self, balancer: aws.lb.LoadBalancer, hosts: Sequence[str]) -> None:
        """Create alias records that lead to a load balancer, one for each host that has none."""
        for host in hosts:
            if host in self._hosts:
                continue
            self._hosts.add(host)
            aws.route53.Record(
                f"{self._name}-alias-{host.replace('*', '_')}",
                zone_id=self._zone_id,
                name=host,
                type="A",
                aliases=[
                    aws.route53.RecordAliasArgs(
                        name=balancer.dns_name,
                        zone_id=balancer.zone_id,
                        # There is no second record to answer with instead.
                        evaluate_target_health=False,
                    )
                ],
                opts=self._child,
            )

    def _validation_record(
        self, certificate: aws.acm.Certificate, domain: str
    ) -> aws.route53.Record:
        option = certificate.domain_validation_options.apply(
            lambda options: next(
                found for found in options if validated_domain(found.domain_name or "") == domain
            )
        )
        return aws.route53.Record(
            f"{self._name}-validation-{domain}",
            zone_id=self._zone_id,
            name=option.apply(_record_name),
            type=option.apply(_record_type),
            records=[option.apply(_record_value)],
            ttl=RECORD_TTL,
            # Each certificate for a domain in an account has the same record.
            allow_overwrite=True,
            opts=self._child,
        )


def validated_domain(name: str) -> str:
    """Return what a name is validated by: a wildcard and its domain share one record."""
    return name.removeprefix("*.")


def validated_domains(names: Sequence[str]) -> Sequence[str]:
    """Return the domains whose records validate a certificate with all these names."""
    return sorted({validated_domain(name) for name in names})


def _known(text: str | None) -> str:
    if text is None:
        raise pulumi.RunError("loadBalancer.domain: ACM named no record to validate it with")
    return text


def _record_name(option: aws.acm.outputs.CertificateDomainValidationOption) -> str:
    return _known(option.resource_record_name)


def _record_type(option: aws.acm.outputs.CertificateDomainValidationOption) -> str:
    return _known(option.resource_record_type)


def _record_value(option: aws.acm.outputs.CertificateDomainValidationOption) -> str:
    return _known(option.resource_record_value)
