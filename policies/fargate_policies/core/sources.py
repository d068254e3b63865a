"""Where a rule comes from: the controls of other rule sets that it answers."""

from dataclasses import dataclass

_CHECKOV = "https://www.checkov.io/5.Policy%20Index/all.html"
_CDK_NAG = "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md"
_CIS = "https://www.cisecurity.org/benchmark/kubernetes"
_CONTROL_TOWER = "https://docs.aws.amazon.com/controltower/latest/controlreference/controls.html"
_PARLIAMENT = "https://github.com/duo-labs/parliament"
_PROWLER = "https://hub.prowler.com"


@dataclass(frozen=True)
class Source:
    """A control that a rule implements, or the documentation it follows.

    Attributes:
        framework: the rule set's or the guide's full name.
        reference: the control's id, or what the guide is about.
        url: where to read it.
    """

    framework: str
    reference: str
    url: str

    @property
    def tag(self) -> str:
        """The source as one of the policy's tags."""
        return f"{self.framework}: {self.reference}"


def security_hub(*ids: str) -> tuple[Source, ...]:
    """Return AWS Security Hub controls, such as ECS.2."""
    return tuple(Source("AWS Security Hub", id_, _security_hub_url(id_)) for id_ in ids)


def checkov(*ids: str) -> tuple[Source, ...]:
    """Return checkov's checks, such as CKV_AWS_333."""
    return tuple(Source("Checkov", id_, _CHECKOV) for id_ in ids)


def cdk_nag(*ids: str) -> tuple[Source, ...]:
    """Return rules of cdk-nag's AWS Solutions pack, such as ECS4."""
    return tuple(Source("cdk-nag AWS Solutions", id_, _CDK_NAG) for id_ in ids)


def trivy(*ids: str) -> tuple[Source, ...]:
    """Return Trivy's AWS misconfigurations, such as T0036 for AWS-0036."""
    return tuple(
        Source("Trivy", id_, f"https://avd.aquasec.com/misconfig/avd-aws-{id_.removeprefix('T')}")
        for id_ in ids
    )


def cis_eks(*ids: str) -> tuple[Source, ...]:
    """Return recommendations of the CIS Amazon EKS Benchmark, such as 4.2.1."""
    return tuple(Source("CIS Amazon EKS Benchmark", id_, _CIS) for id_ in ids)


def control_tower(*ids: str) -> tuple[Source, ...]:
    """Return AWS Control Tower's proactive controls, such as CT.ECS.PR.4."""
    return tuple(Source("AWS Control Tower", id_, _CONTROL_TOWER) for id_ in ids)


def prowler(*checks: str) -> tuple[Source, ...]:
    """Return Prowler's checks by what they are about."""
    return tuple(Source("Prowler", check, _PROWLER) for check in checks)


def parliament(*findings: str) -> tuple[Source, ...]:
    """Return findings of the parliament linter of IAM policies."""
    return tuple(Source("parliament", finding, _PARLIAMENT) for finding in findings)


def guide(name: str, subject: str, url: str) -> tuple[Source, ...]:
    """Return a section of a vendor's documentation."""
    return (Source(name, subject, url),)


def project(decision: str) -> tuple[Source, ...]:
    """Return a decision of this pack, for rules that no other rule set has."""
    return (Source("Fargate policy pack", decision, ""),)


def _security_hub_url(control: str) -> str:
    service = control.partition(".")[0].lower()
    anchor = control.lower().replace(".", "-")
    return (
        f"https://docs.aws.amazon.com/securityhub/latest/userguide/{service}-controls.html#{anchor}"
    )
