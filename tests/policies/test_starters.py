"""How often the pack says what a role may start."""

from tests.policies.cases.event_targets import PASS_TWO, RUN_ONE, by_rule
from tests.policies.cases.starters import by_states
from tests.policies.protocol import Analyzer


def test_a_role_that_may_start_every_task_is_told_so_once(pack: Analyzer) -> None:
    for stack in (by_rule, by_states):
        found = pack.analyze_stack(stack({**RUN_ONE, "Resource": "*"}, PASS_TWO))
        assert len(found.violations("event-target-role")) == 1
