"""WAF: web ACLs, what they protect and where they log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation
from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

# Capacity of AWS's managed groups (AWS WAF developer guide, "AWS Managed Rules rule groups list").
_CAPACITY = {
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesWordPressRuleSet": 100,
}
_SCOPES = {"REGIONAL": "regional", "CLOUDFRONT": "global"}
_WINDOWS = (60, 120, 300, 600)
_LOG_PREFIX = "aws-waf-logs-"


def _managed(rule: Mapping[str, Any]) -> str:
    group = limits.value_at(rule, "statement.managedRuleGroupStatement.name")
    return str(group or "")


def _capacity(rules: list[Mapping[str, Any]]) -> int:
    return sum(_CAPACITY.get(_managed(rule), 2) for rule in rules)


def _acl(facts: Facts) -> dict[str, Any]:
    scope = _SCOPES.get(facts.text("scope"), "regional")
    return {
        "arn": facts.place.arn("wafv2", f"{scope}/webacl/{facts.text('name')}/{facts.id}"),
        "capacity": _capacity(facts.inputs.get("rules") or []),
        "lockToken": facts.uuid("lock"),
    }


def _rules(inputs: Mapping[str, Any]) -> list[str]:
    """Rule in the API reference: what each needs, and what they may not share."""
    rules = [r for r in inputs.get("rules") or [] if isinstance(r, dict) and not has_unknown(r)]
    found = [
        f"rules: must not share a {key}"
        for key in ("name", "priority")
        if len({str(rule.get(key)) for rule in rules}) < len(rules)
    ]
    for index, rule in enumerate(rules):
        wanted = "overrideAction" if _managed(rule) else "action"
        if not rule.get(wanted):
            found.append(f"rules[{index}].{wanted}: must be given for this kind of statement")
        window = limits.value_at(rule, "statement.rateBasedStatement.evaluationWindowSec")
        if window is not None and window not in _WINDOWS:
            allowed = ", ".join(map(str, _WINDOWS))
            found.append(f"rules[{index}]: evaluationWindowSec must be one of {allowed}")
    return found


def _destination(inputs: Mapping[str, Any]) -> list[str]:
    destinations = inputs.get("logDestinationConfigs") or []
    known = [arn for arn in destinations if isinstance(arn, str) and not has_unknown(arn)]
    if all(_LOG_PREFIX in arn for arn in known):
        return []
    return [f"logDestinationConfigs: the destination's name must begin with {_LOG_PREFIX}"]


KINDS = {
    "aws:wafv2/webAcl:WebAcl": Kind(
        id=lambda f: f.uuid("acl"),
        outputs=_acl,
        follows=("capacity", "lockToken"),
        replaces=("name", "namePrefix", "scope"),
        name_limit=128,
        unique=lambda f: f"{f.text('scope')}/{f.text('name')}",
        taken="WAFDuplicateItemException",
        operations=(
            operation(
                "wafv2", "CreateWebACL", skips={"ruleJson": "the rules, in the API's own form"}
            ),
        ),
        checks=(_rules,),
    ),
    # A load balancer has one web ACL; a second association replaces the first without a word.
    "aws:wafv2/webAclAssociation:WebAclAssociation": Kind(
        id=lambda f: f"{f.text('webAclArn')},{f.text('resourceArn')}",
        replaces=("resourceArn", "webAclArn"),
        operations=(operation("wafv2", "AssociateWebACL"),),
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Kind(
        id=lambda f: f.text("resourceArn"),
        replaces=("resourceArn",),
        operations=(
            operation(
                "wafv2",
                "PutLoggingConfiguration",
                renames={
                    key: f"LoggingConfiguration.{key[0].upper()}{key[1:]}"
                    for key in (
                        "logDestinationConfigs", "loggingFilter", "redactedFields", "resourceArn",
                    )
                },
            ),
        ),
        checks=(limits.at_most("logDestinationConfigs", 1, "destination"), _destination),
    ),
}  # fmt: skip
