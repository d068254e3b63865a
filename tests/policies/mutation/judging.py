"""What the tests of a rule say of another rule in its place.

The tests themselves are called, in this process: by the cases they are parametrised with, and with
the pack's protocol in front of the one rule that is at stake.
"""

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.rule import AnyRule
from fargate_policies.core.server import Servicer

from tests.policies import (
    test_configuration,
    test_costs,
    test_parameters,
    test_remedies,
    test_rules,
    test_task_groups,
    test_trusted,
)
from tests.policies.cases.case import Case
from tests.policies.protocol import MANDATORY, REMEDIATE, Analyzer, Findings, direct

OF_CASES: Final = (
    test_rules.test_a_rule_judges_as_it_should,
    test_rules.test_a_violation_has_the_rules_level_and_says_where_and_what_to_do,
    test_remedies.test_what_fails_complies_after_its_remediation,
    test_remedies.test_what_a_remediation_leaves_is_still_a_violation,
    test_remedies.test_what_complies_is_not_touched,
    test_remedies.test_what_is_not_known_yet_stays_unknown,
    test_remedies.test_whatever_was_secret_is_secret_afterwards,
    test_remedies.test_no_remediation_breaks,
    test_remedies.test_a_remediation_changes_nothing_but_what_breaks_the_rule,
    test_rules.test_a_violation_tells_apart_what_may_be_wrong,
    test_parameters.test_a_parameter_admits_what_the_default_rejects,
    test_parameters.test_a_parameter_demands_what_the_default_leaves_open,
    test_rules.test_misshapen_properties_never_break_a_rule,
)
"""Tests with a case, a rule or a type among their parameters, the quickest first."""

OF_RULES: Final[Mapping[str, Sequence[Callable[..., None]]]] = {
    "alb-https": (test_parameters.test_tcp_may_be_passed_on_where_the_configuration_says_so,),
    "container-log-group": (test_parameters.test_log_groups_may_get_their_retention_elsewhere,),
    "cost-budget": (
        test_costs.test_a_violation_names_budget_and_cost,
        test_costs.test_pods_are_estimated_by_the_size_that_fargate_gives_them,
        test_costs.test_both_ends_of_the_scaling_of_pods_are_named,
        test_costs.test_both_ends_of_automatic_scaling_are_named,
        test_costs.test_what_runs_is_counted_within_the_range,
        test_costs.test_a_range_is_found_by_the_name_of_the_service,
        test_costs.test_a_price_of_another_region_is_named_as_such,
        test_costs.test_a_price_that_no_task_has_needs_not_be_known,
        test_costs.test_each_task_set_has_its_share_of_the_tasks_rounded_up,
        test_costs.test_a_disk_outside_us_east_1_is_estimated,
        test_costs.test_the_region_is_that_of_the_provider_where_the_service_names_none,
        test_costs.test_the_maximum_has_to_be_within_the_budget_where_that_is_demanded,
        test_costs.test_the_tag_of_a_budget_can_be_another,
        test_costs.test_a_malformed_budget_is_not_repeated,
        test_costs.test_these_tasks_cost_that,
        test_costs.test_what_stands_in_the_way_of_an_estimate_is_said,
        test_costs.test_a_service_without_a_number_of_tasks_has_none,
        test_costs.test_a_price_of_another_region_is_named_although_the_last_one_is_the_regions,
        test_costs.test_the_region_is_that_of_the_provider_where_the_cluster_names_none,
        test_costs.test_a_pod_gets_the_smallest_size_that_holds_what_it_asks_for,
        test_costs.test_quantities_are_read_as_kubernetes_reads_them,
        test_costs.test_the_cpu_of_a_pod_is_what_its_containers_request,
        test_costs.test_figures_that_are_secret_are_judged_and_not_told,
    ),
    "cost-nat-per-zone": (
        test_costs.test_gateways_are_counted_and_priced,
        test_costs.test_gateways_are_judged_at_their_vpc,
        test_costs.test_production_may_have_other_names,
    ),
    "cost-spot-safe": (test_costs.test_what_declares_safety_can_be_another_tag,),
    "ecs-capabilities": (test_remedies.test_containers_lose_only_what_is_not_allowed,),
    "ecs-unprivileged": (test_remedies.test_containers_lose_only_what_is_not_allowed,),
    "exec-role-minimal": (
        test_parameters.test_execution_roles_may_have_what_the_configuration_admits,
    ),
    "exemptions": (
        test_configuration.test_what_is_exempt_is_shown_with_reason_and_last_day,
        test_configuration.test_an_expired_exemption_exempts_nothing_and_is_a_violation,
    ),
    "exemptions-expired": (
        test_configuration.test_what_is_exempt_is_shown_with_reason_and_last_day,
        test_configuration.test_an_expired_exemption_exempts_nothing_and_is_a_violation,
    ),
    "iam-boundary": (test_remedies.test_no_boundary_is_set_while_several_are_accepted,),
    "k8s-sa-token": (
        test_remedies.test_a_controller_keeps_its_token_and_so_does_an_account_that_is_not_known_yet,
    ),
    "k8s-pod-groups": (test_parameters.test_pods_of_the_default_namespace_may_be_exempt,),
    "logs-retention": (
        test_remedies.test_logs_are_kept_for_the_configured_time,
        test_parameters.test_logs_may_be_kept_for_what_cloudwatch_takes,
    ),
    "task-sg-from-alb": (
        test_task_groups.test_a_group_that_two_ways_lead_to_is_reported_once_at_the_tasks_group,
        test_task_groups.test_the_shortest_way_is_named,
        test_task_groups.test_a_group_of_tasks_is_judged_by_itself_and_not_through_its_callee,
    ),
    "trust-no-public": (
        test_trusted.test_a_trusted_organization_and_an_identified_vendor_may_assume_a_role,
        test_trusted.test_without_a_binding_condition_neither_may,
        test_trusted.test_everybody_but_some_may_not_even_within_an_organization,
    ),
    "vpc-hygiene": (
        test_parameters.test_endpoints_for_ecr_are_demanded_where_the_configuration_says_so,
    ),
}
"""Tests of one rule, by its name."""

_OF_WHAT_IS_SHARED: Final = tuple(
    Path(test_rules.__file__).with_name(name)
    for name in (
        "test_container_keys.py",
        "test_iam_analysis.py",
        "test_json_text.py",
        "test_production.py",
    )
)
_SLOW: Final = "test_a_thousand_documents_are_analysed_within_five_seconds"


@dataclass(frozen=True)
class Trial:
    """A call of a test."""

    test: Callable[..., None]
    arguments: Mapping[str, Any]

    @property
    def fixtures(self) -> set[str]:
        """The names of the test's fixtures."""
        return inspect.signature(self.test).parameters.keys() - self.arguments.keys()

    def fails(self, fixtures: object) -> bool:
        """Whether the test fails, given what has its fixtures as attributes."""
        given = {name: getattr(fixtures, name) for name in self.fixtures}
        try:
            self.test(**self.arguments, **given)
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 - a broken rule may raise anything
            return True
        return False


def trials(rule: AnyRule) -> list[Trial]:
    """Return the calls of tests that are about a rule."""
    found = [
        Trial(test, arguments)
        for test in OF_CASES
        for arguments in _arguments(test)
        if _is_about(rule, arguments)
    ]
    own = OF_RULES.get(rule.name, ())
    return found + [Trial(test, arguments) for test in own for arguments in _arguments(test)]


def trials_of_what_is_shared() -> Iterator[Trial]:
    """Yield the calls of tests of what rules share, with the modules that are in place now."""
    for test in itertools.chain.from_iterable(map(_tests_in, _OF_WHAT_IS_SHARED)):
        found = [Trial(test, each) for each in _arguments(test)]
        yield from (trial for trial in found if not trial.fixtures)


def _tests_in(file: Path) -> list[Any]:
    """Return the tests of a file, imported anew; without those that take seconds."""
    module = ModuleType(file.stem)
    code = compile(file.read_text(encoding="utf-8"), str(file), "exec")
    exec(code, module.__dict__)  # noqa: S102 - our own
    return [
        test
        for name, test in vars(module).items()
        if name.startswith("test_") and name != _SLOW and not hasattr(test, "hypothesis")
    ]


def _arguments(test: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - a function with pytest's marks
    """Yield the arguments that a test is called with: those of each row if it is parametrised."""
    if not hasattr(test, "pytestmark"):
        yield {}
        return
    (mark,) = test.pytestmark
    names, rows = mark.args
    for row in rows:
        yield {names: row} if isinstance(names, str) else dict(zip(names, row, strict=True))


def _is_about(rule: AnyRule, arguments: Mapping[str, Any]) -> bool:
    case = arguments.get("case")
    if isinstance(case, Case):
        return case.rule == rule.name
    if "rule" in arguments:
        return bool(arguments["rule"] == rule.name)
    return arguments["kind"] in rule.types


def _served(rules: Sequence[AnyRule]) -> Analyzer:
    return direct(Servicer("test", rules))


class Judging:
    """The fixtures of those tests, for one rule in place of the pack's of that name."""

    def __init__(self, rule: AnyRule) -> None:
        self._rule = rule

    @cached_property
    def pack(self) -> Analyzer:
        return _served([self._rule])

    @property
    def configurable_pack(self) -> Analyzer:
        """A new one for each test, with all rules: they may be told of each other's exemptions."""
        return _served([self._rule if rule.name == self._rule.name else rule for rule in RULES])

    @cached_property
    def mending(self) -> Analyzer:
        analyzer = _served([self._rule])
        name = self._rule.name
        analyzer.configure({name: (REMEDIATE, test_remedies.PARAMETERS.get(name, {}))})
        return analyzer

    @cached_property
    def trusting(self) -> Analyzer:
        analyzer = _served([self._rule])
        analyzer.configure({self._rule.name: (MANDATORY, test_trusted.PARAMETERS)})
        return analyzer

    @property
    def rules(self) -> Mapping[str, AnyRule]:
        return {self._rule.name: self._rule}

    @cached_property
    def policies(self) -> Mapping[str, Any]:
        return {policy.name: policy for policy in self.pack.info().policies}

    def judged(self, case: Case) -> Findings:
        found = (
            self.pack.analyze_stack(case.stack)
            if case.stack
            else self.pack.analyze(case.kind, case.properties)
        )
        assert "please report this" not in found.messages()
        return found
