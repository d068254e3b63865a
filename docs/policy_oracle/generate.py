"""Write docs/policy_oracle/README.md, the pack beside cloudsplaining: `make policy-docs`.

The comparison itself is tests/policies/oracle/.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from fargate_policies.iam_analysis.escalation import METHODS

from tests.policies.oracle import published
from tests.policies.oracle.comparison import Comparison, compare, verdicts
from tests.policies.oracle.differences import NOT_KNOWN, Difference, alike
from tests.policies.oracle.tools import OUR_WAYS, THEIR_WAYS, Way

PAGE: Final = Path(__file__).with_name("README.md")
MARK: Final = (
    "<!-- Written by `make policy-docs` from docs/policy_oracle/; changes here are lost. -->"
)
_WRITTEN: Final = {
    action.lower(): action for method in METHODS for action in ("iam:PassRole", *method.actions)
}
_SHOWN: Final = 5
"""How many ways of a policy are shown for a cause."""
_REASONS: Final = {
    (NOT_KNOWN, True): "cloudsplaining doesn't know the way; they are listed below.",
    ("condition", True): (
        "cloudsplaining passes over a statement with a condition, whatever it says. The pack counts"
        " it, unless the condition says which resources, or has roles passed only to services that"
        " the way isn't about. It doesn't weigh other conditions: dates and `aws:CalledVia` are"
        " among them."
    ),
    ("resource", True): (
        "For cloudsplaining only `*` is every resource. For the pack each pattern is that doesn't"
        " say how names begin, such as `arn:aws:ec2:*:*:instance/*`, and what `NotResource` leaves."
        " An identity's own role and policies count by name, too."
    ),
    ("denial", True): (
        "cloudsplaining takes what is denied on one resource, or under a condition, for denied"
        " altogether."
    ),
    ("more actions", True): (
        "cloudsplaining asks for actions that the way can do without: `ecs:RunTask` takes another"
        " role for a task definition that is there, so that none has to be registered."
    ),
    ("more actions", False): (
        "The pack asks for actions that cloudsplaining doesn't, and the way takes: a Data Pipeline"
        " that was only created, not defined and activated, runs nothing."
    ),
}
"""What a cause means, by whether it is the pack that finds the way."""

TEXT: Final = """{mark}

# The policy pack beside cloudsplaining

[cloudsplaining](https://github.com/salesforce/cloudsplaining) looks for privilege escalation in
single policies, the rule [iam-privesc](../policies/iam-privesc.md) in all policies of a role
together. Here both have judged the same policies, one by one:

{releases}

Every difference has a cause that was tried: a change of the policy, such as leaving out its
conditions, after which the other one finds the way too. A test fails on a difference that none of
the causes below explains.

## How far they agree

Whether a policy has a way to more permissions at all:

| Policies | Number | Both say yes | Both say no | Only the pack | Only cloudsplaining | Agree |
|-|-|-|-|-|-|-|
{numbers}

Which ways. One that asks for more actions besides is the same way:

| Policies | Found by cloudsplaining | By the pack too | Found by the pack | By cloudsplaining too |
|-|-|-|-|-|
{ways}

## What they differ over

A way counts once for each policy. Where it takes two causes to explain it, it counts for both.

| Cause | Found by | Ways | What it is |
|-|-|-|-|
{causes}

The ways that cloudsplaining doesn't know:

{unknown}

## Roles whose answer is known

The example account has the roles of Bishop Fox's IAM Vulnerable, whose names say what a tool should
find: something for `privesc` and `fn` (what tools miss), nothing for `fp` (what tools wrongly
report). The pack is right about {right} of {known} roles, cloudsplaining, which judges their
policies one by one, about {their_right}. Those that one of them is wrong about:

| Role | Can raise its permissions | The pack says | cloudsplaining says |
|-|-|-|-|
{roles}

The condition of `fp5` holds before 2020 only; the pack doesn't weigh dates.

## Policies that only one of them reports

| Policy | Found by | Ways | Cause |
|-|-|-|-|
{policies}
"""


def page() -> str:
    """Return the page.

    Raises:
        UnexplainedError: if a difference has no cause.
    """
    compared = [
        compare("Of cloudsplaining's ways, one for each", published.of_ways()),
        compare("Of cloudsplaining's example account", published.of_the_example()),
        compare("That AWS maintains", published.of_aws()),
    ]
    found = [difference for each in compared for difference in each.differences]
    roles = verdicts()
    return TEXT.format(
        mark=MARK,
        releases=releases(),
        numbers="\n".join(map(_numbers, compared)),
        ways="\n".join(map(_ways, compared)),
        causes="\n".join(_causes(found)),
        unknown="\n".join(f"- {way}" for way in unknown()),
        right=sum(role.escalates == role.by_pack for role in roles),
        their_right=sum(role.escalates == role.by_cloudsplaining for role in roles),
        known=len(roles),
        roles="\n".join(
            _row(role.name, *map(_said, (role.escalates, role.by_pack, role.by_cloudsplaining)))
            for role in roles
            if not role.escalates == role.by_pack == role.by_cloudsplaining
        ),
        policies="\n".join(row for each in compared for row in _disputed(each)),
    )


def releases() -> str:
    """Return what was compared, as a list. The numbers are about these releases."""
    return (
        f"- cloudsplaining {version('cloudsplaining')}, with the actions that policy-sentry"
        f" {version('policy-sentry')} lists\n- a policy for each of its {len(THEIR_WAYS)} ways, as"
        " its own test makes them, and the policies of the example account that comes with it\n"
        f"- the policies that AWS maintains, as moto {version('moto')} carries them (the newest is"
        f" of {published.date_of_aws()})"
    )


def unknown() -> list[str]:
    """Return the ways that cloudsplaining doesn't know, each as its actions."""
    ways = [way for way in OUR_WAYS if not any(alike(way, each) for each in THEIR_WAYS.values())]
    return [_written(way) for way in sorted(ways, key=sorted)]


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _said(yes: bool) -> str:  # noqa: FBT001 - a word for it
    return "yes" if yes else "no"


def _numbers(compared: Comparison) -> str:
    numbers = (compared.both, compared.neither, compared.only_pack, compared.only_cloudsplaining)
    return _row(compared.title, compared.policies, *numbers, f"{compared.agreement:.1%}")


def _ways(compared: Comparison) -> str:
    return _row(
        compared.title,
        compared.by_cloudsplaining,
        compared.by_cloudsplaining - sum(not each.by_pack for each in compared.differences),
        compared.by_pack,
        compared.by_pack - sum(each.by_pack for each in compared.differences),
    )


def _causes(found: Sequence[Difference]) -> Iterator[str]:
    counts = Counter((cause, each.by_pack) for each in found for cause in each.causes)
    for key, count in counts.most_common():
        yield _row(key[0], _finder(by_pack=key[1]), count, _REASONS[key])


def _disputed(compared: Comparison) -> Iterator[str]:
    for name, found in compared.disputed.items():
        by_cause: dict[tuple[str, ...], list[str]] = {}
        for each in found:
            by_cause.setdefault(each.causes, []).append(_written(each.way))
        for causes, ways in by_cause.items():
            shown = ways if len(ways) <= _SHOWN else [*ways[:_SHOWN], f"{len(ways) - _SHOWN} more"]
            finder = _finder(by_pack=found[0].by_pack)
            yield _row(name, finder, "<br>".join(shown), " and ".join(causes))


def _finder(*, by_pack: bool) -> str:
    return "the pack" if by_pack else "cloudsplaining"


def _written(way: Way) -> str:
    """Return a way as its actions, iam:PassRole first."""
    actions = sorted(way, key=lambda action: (action != "iam:passrole", action))
    return " + ".join(f"`{_WRITTEN.get(action, action)}`" for action in actions)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
