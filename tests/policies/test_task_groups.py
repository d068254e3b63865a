"""task-sg-from-alb: how often and where it reports a way from addresses to tasks."""

from tests.policies.cases.task_groups import (
    GROUP,
    OPEN,
    SG,
    attached,
    empty,
    from_group,
    group_rule,
)
from tests.policies.protocol import Analyzer, urn


def test_a_group_that_two_ways_lead_to_is_reported_once_at_the_tasks_group(pack: Analyzer) -> None:
    stack = [
        SG,
        *OPEN,
        group_rule("more-clients", "open", cidrIpv4="10.1.0.0/16"),
        attached("web", "group"),
        empty("a"),
        empty("b"),
        *(from_group(f"from-{source}", "group", source) for source in ("a", "b")),
        *(from_group(f"{source}-from-open", source, "open") for source in ("a", "b")),
    ]

    [violation] = pack.analyze_stack(stack).violations("task-sg-from-alb")

    assert violation.urn == urn(GROUP, "group")
    assert "which admits open, which admits addresses" in violation.message


def test_the_shortest_way_is_named(pack: Analyzer) -> None:
    stack = [
        SG,
        *OPEN,
        attached("web", "group"),
        empty("a"),
        from_group("from-a", "group", "a"),
        from_group("a-from-open", "a", "open"),
        from_group("from-open", "group", "open"),
    ]

    [violation] = pack.analyze_stack(stack).violations("task-sg-from-alb")

    assert "ingress: admits open, which admits addresses" in violation.message


def test_a_group_of_tasks_is_judged_by_itself_and_not_through_its_callee(pack: Analyzer) -> None:
    stack = [
        SG,
        empty("caller"),
        attached("web", "group"),
        attached("caller-service", "caller"),
        from_group("from-caller", "group", "caller"),
        group_rule("clients", "caller", cidrIpv4="10.0.0.0/16"),
    ]

    [violation] = pack.analyze_stack(stack).violations("task-sg-from-alb")

    assert "admits addresses to the tasks of caller-service" in violation.message


def test_a_way_of_a_thousand_groups_is_followed_to_its_end(pack: Analyzer) -> None:
    names = [f"g{number}" for number in range(1_000)]
    stack = [
        SG,
        attached("web", "group"),
        *(empty(name) for name in names),
        *(
            from_group(f"from-{source}", group, source)
            for group, source in zip(["group", *names], names, strict=False)
        ),
        group_rule("clients", names[-1], cidrIpv4="10.0.0.0/16"),
    ]

    [violation] = pack.analyze_stack(stack).violations("task-sg-from-alb")

    assert f"which admits {names[-1]}, which admits addresses" in violation.message
