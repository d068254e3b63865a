"""logs-retention: logs are kept for a chosen time, not for ever."""

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, as_integer, is_set


def _check(resource: Resource) -> Findings:
    yield from resource.at("retentionInDays").require(
        lambda days: (as_integer(days) or 0) > 0, "logs are kept, and paid for, for ever"
    )
    if resource.settings["requireKms"]:
        yield from resource.at("kmsKeyId").require(
            is_set, "the logs aren't encrypted with a key of this account"
        )


RULE = Rule(
    name="logs-retention",
    description="Log groups have a retention.",
    fix=(
        "Set retentionInDays; a KMS key of the account is advised (kmsKeyId, demanded by the"
        " parameter `requireKms`)."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("CloudWatch.16"), *checkov("CKV_AWS_66", "CKV_AWS_158")),
    parameters={
        "requireKms": Parameter("whether a KMS key of the account must encrypt", default=False)
    },
    types=("aws:cloudwatch/logGroup:LogGroup",),
    check=_check,
)
