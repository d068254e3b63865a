"""Settings of the web application firewall in front of the load balancer."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, RetentionDays, each_once, matching

ManagedRuleGroup = Literal[
    "AWSManagedRulesAdminProtectionRuleSet",
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesAnonymousIpList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesLinuxRuleSet",
    "AWSManagedRulesPHPRuleSet",
    "AWSManagedRulesSQLiRuleSet",
    "AWSManagedRulesUnixRuleSet",
    "AWSManagedRulesWindowsRuleSet",
    "AWSManagedRulesWordPressRuleSet",
]
"""The groups that AWS maintains without a fee of their own."""

RuleName = Annotated[
    str,
    Field(max_length=128),
    matching(r"[\w-]+", "must be the name of a rule in the group, such as SizeRestrictions_BODY"),
]


class WafSettings(Model):
    """AWS WAF: it refuses requests that look like an attack, and clients that send too many.

    5 USD a month, 1 USD a month for the rate limit and for each group of rules, and 0.60 USD per
    million requests. All groups together need more than the 1,500 capacity units that are included;
    each further 500 cost 0.20 USD per million requests.
    """

    enabled: bool = False
    """Create the firewall."""
    rate_limit: Annotated[int, Field(ge=10, le=2_000_000_000)] = 2_000
    """Requests that one IPv4 address may send within five minutes; more are answered with 403.
    People behind one office's or mobile network's address share it."""
    managed_rule_groups: Annotated[
        tuple[ManagedRuleGroup, ...], Field(max_length=11), AfterValidator(each_once)
    ] = (
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    )
    """Groups of rules that AWS maintains, in the order in which they are asked."""
    count_only: dict[
        ManagedRuleGroup, Annotated[tuple[RuleName, ...], Field(min_length=1, max_length=100)]
    ] = Field(default_factory=dict)
    """Rules of a group that count what they match instead of refusing it, such as
    SizeRestrictions_BODY of the common rules, which refuses bodies above 8 KB; none by default."""
    logs: bool = True
    """Log what was refused or counted (what was allowed is in the access logs). As in the requests
    that WAF samples, the values of cookies and authorization headers are left out. 0.50 USD per
    GB."""
    log_retention_days: RetentionDays = 30
    """Days for which these logs are kept."""

    @model_validator(mode="after")
    def _counts_in_groups_that_are_asked(self) -> Self:
        for group in self.count_only:
            if group not in self.managed_rule_groups:
                raise ValueError(
                    f"countOnly names {group}, which managedRuleGroups doesn't have; add it there, "
                    "or remove it here"
                )
        return self
