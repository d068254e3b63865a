"""LoadBalancer's firewall: a rate limit, AWS's groups, no credentials in its log."""

from functools import partial
from typing import Any

import pytest

from components.load_balancer.web_acl import web_acl_rules
from components.settings.waf import WafSettings
from tests.unit.support import programs
from tests.unit.support.engine import Recorder

ACL = "aws:wafv2/webAcl:WebAcl"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
WAF = {
    "enabled": True,
    "rateLimit": 500,
    "managedRuleGroups": [
        "AWSManagedRulesSQLiRuleSet",
        "AWSManagedRulesCommonRuleSet",
    ],
    "countOnly": {"AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"]},
    "logRetentionDays": 7,
}


def with_waf(**waf: object) -> None:
    programs.balancer(programs.network(), allowedCidrs=["203.0.113.0/24"], waf=waf or WAF)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(with_waf, preview=preview)


def rules(run: Recorder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run.one(ACL).inputs["rules"]
    return found


def test_it_stands_in_front_of_the_load_balancer_and_lets_the_rest_pass(run: Recorder) -> None:
    acl, association = run.one(ACL), run.one("aws:wafv2/webAclAssociation:WebAclAssociation")
    assert acl.inputs["scope"] == "REGIONAL"
    assert acl.inputs["defaultAction"] == {"allow": {}}
    assert association.sources["webAclArn"] == {acl.urn}
    balancer = run.one("aws:lb/loadBalancer:LoadBalancer")
    assert association.sources["resourceArn"] == {balancer.urn}


def test_a_new_association_outlives_the_old_one(run: Recorder) -> None:
    # Deleting one takes the load balancer out of whichever web ACL it is in by then.
    association = run.one("aws:wafv2/webAclAssociation:WebAclAssociation")
    assert association.delete_before_replace


def test_an_address_with_too_many_requests_in_five_minutes_is_refused_first(run: Recorder) -> None:
    limit = rules(run)[0]
    assert (limit["priority"], limit["action"]) == (0, {"block": {}})
    assert limit["statement"]["rateBasedStatement"] == {
        "limit": 500,
        "aggregateKeyType": "IP",
        "evaluationWindowSec": 300,
    }


def test_the_managed_groups_follow_in_order_and_decide_by_themselves(run: Recorder) -> None:
    groups = rules(run)[1:]
    assert [(found["priority"], found["name"]) for found in groups] == [
        (1, "AWSManagedRulesSQLiRuleSet"),
        (2, "AWSManagedRulesCommonRuleSet"),
    ]
    for found in groups:
        statement = found["statement"]["managedRuleGroupStatement"]
        assert found["overrideAction"] == {"none": {}}
        assert (statement["vendorName"], statement["name"]) == ("AWS", found["name"])


def test_a_rule_that_only_counts_is_overridden_in_its_group_alone(run: Recorder) -> None:
    sqli, common = (found["statement"]["managedRuleGroupStatement"] for found in rules(run)[1:])
    assert "ruleActionOverrides" not in sqli
    assert common["ruleActionOverrides"] == [
        {"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}
    ]


def test_by_default_there_are_the_three_groups_for_everybody() -> None:
    assert [rule.name for rule in web_acl_rules(WafSettings())] == [
        "rate-limit",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]


def test_its_log_group_has_the_name_that_waf_demands_and_is_known_at_the_first_preview(
    run: Recorder,
) -> None:
    group, logging = (
        run.one("aws:cloudwatch/logGroup:LogGroup", "public-acl-logs"),
        run.one(LOGGING),
    )
    assert group.inputs["name"] == "aws-waf-logs-platform-test-public"
    assert group.inputs["retentionInDays"] == 7
    assert logging.inputs["logDestinationConfigs"] == [
        "arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-platform-test-public"
    ]
    assert logging.sources["logDestinationConfigs"] == {group.urn}


def test_it_logs_what_was_refused_or_counted(run: Recorder) -> None:
    logging = run.one(LOGGING).inputs
    (kept,) = logging["loggingFilter"]["filters"]
    assert logging["loggingFilter"]["defaultBehavior"] == "DROP"
    assert (kept["behavior"], kept["requirement"]) == ("KEEP", "MEETS_ANY")
    assert [c["actionCondition"]["action"] for c in kept["conditions"]] == [
        "BLOCK",
        "COUNT",
        "EXCLUDED_AS_COUNT",
    ]


def test_credentials_are_in_neither_its_log_nor_its_samples(run: Recorder) -> None:
    # What the logging configuration redacts, request sampling shows all the same.
    assert run.one(ACL).inputs["dataProtectionConfig"] == {
        "dataProtections": [
            {
                "action": "SUBSTITUTION",
                "field": {"fieldType": "SINGLE_HEADER", "fieldKeys": ["authorization", "cookie"]},
                "excludeRateBasedDetails": False,
                "excludeRuleMatchDetails": False,
            }
        ]
    }


def test_it_may_keep_no_log(*, preview: bool) -> None:
    run = programs.run(partial(with_waf, enabled=True, logs=False), preview=preview)
    assert not run.of(LOGGING)
    assert not [r for r in run.registrations if r.name == "public-acl-logs"]


def test_the_acl_has_an_automatic_name_so_that_it_can_be_replaced(run: Recorder) -> None:
    assert "name" not in run.one(ACL).inputs


def test_its_metrics_arent_mixed_with_those_of_another_stack(run: Recorder) -> None:
    visibility = run.one(ACL).inputs["visibilityConfig"]
    assert visibility["metricName"] == "platform-test-public-acl"
