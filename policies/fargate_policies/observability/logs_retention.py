"""logs-retention: logs are kept for a chosen time, not for ever."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Parameter, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, is_set
from ..models.log_groups import LOG_GROUP, is_limited

_CHOICES = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs takes; Security Hub asks for 365 unless told otherwise."""


def _check(resource: Resource) -> Findings:
    yield from resource.at("retentionInDays").require(
        is_limited, "logs are kept, and paid for, for ever"
    )
    if resource.settings["requireKms"]:
        yield from resource.at("kmsKeyId").require(
            is_set, "the logs aren't encrypted with a key of this account"
        )


def _remedy(resource: Resource) -> Iterator[Change]:
    """Keep logs for the configured time; which key encrypts them, their owner says."""
    if resource.at("retentionInDays").value in (None, 0):
        yield Change(("retentionInDays",), resource.settings["days"])


RULE = Rule(
    name="logs-retention",
    description="Log groups have a retention.",
    fix=(
        "Set retentionInDays (the remediation sets the parameter `days`); a KMS key of the account"
        " is advised (kmsKeyId, demanded by the parameter `requireKms`)."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("CloudWatch.16"), *checkov("CKV_AWS_66", "CKV_AWS_158")),
    parameters={
        "requireKms": Parameter("whether a KMS key of the account must encrypt", default=False),
        "days": Parameter("the retention that the remediation sets", 365, _CHOICES),
    },
    types=(LOG_GROUP,),
    check=_check,
    remedy=_remedy,
)
