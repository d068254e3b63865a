"""topic-encrypted: messages of topics are encrypted where they wait."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub, trivy
from ..core.values import Findings, Violation


def _check(resource: Resource) -> Findings:
    key = resource.at("kmsMasterKeyId")
    if not key.present:
        yield Violation(f"{key.path}: messages aren't encrypted at rest")


RULE = Rule(
    name="topic-encrypted",
    description="Topics are encrypted.",
    fix="Set kmsMasterKeyId, to alias/aws/sns at least; alarms need a key whose policy lets them.",
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("SNS.1"), *checkov("CKV_AWS_26"), *trivy("T0095")),
    types=("aws:sns/topic:Topic",),
    check=_check,
)
