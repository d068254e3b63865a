"""Both searches on many policies: numbers, and the policies that only one of them reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.policies.oracle.differences import Difference, differences
from tests.policies.oracle.published import Policy, roles_of_the_example
from tests.policies.oracle.tools import ours, ours_of_role, theirs, theirs_of_role


@dataclass(frozen=True)
class Comparison:
    """What the searches say of some policies.

    Attributes:
        title: which policies.
        policies: how many.
        both, neither, only_pack, only_cloudsplaining: how many of them have a way, to whom.
        by_pack, by_cloudsplaining: how many ways each finds, in all.
        differences: the ways that only one finds.
        disputed: those of the policies that only one reports, by the policy's name.
    """

    title: str
    policies: int
    both: int
    neither: int
    only_pack: int
    only_cloudsplaining: int
    by_pack: int
    by_cloudsplaining: int
    differences: Sequence[Difference]
    disputed: Mapping[str, Sequence[Difference]]

    @property
    def agreement(self) -> float:
        """The part of the policies about which they say the same."""
        return (self.both + self.neither) / self.policies


@dataclass(frozen=True)
class Verdict:
    """What is said of a role.

    Attributes:
        name: the role's.
        escalates: whether it can raise its permissions, by who made it.
        by_pack: whether the pack says so, of all its policies together.
        by_cloudsplaining: whether cloudsplaining says so of one of them.
    """

    name: str
    escalates: bool
    by_pack: bool
    by_cloudsplaining: bool


def compare(title: str, policies: Sequence[Policy]) -> Comparison:
    """Have both searches judge policies.

    Raises:
        UnexplainedError: if a difference has no cause.
    """
    found = [
        (policy, ours(policy.document, policy.name), theirs(policy.document)) for policy in policies
    ]
    disputed = {
        policy.name: list(differences(policy))
        for policy, by_pack, by_them in found
        if bool(by_pack) != bool(by_them)
    }
    answers = [(bool(by_pack), bool(by_them)) for _, by_pack, by_them in found]
    return Comparison(
        title=title,
        policies=len(policies),
        both=answers.count((True, True)),
        neither=answers.count((False, False)),
        only_pack=answers.count((True, False)),
        only_cloudsplaining=answers.count((False, True)),
        by_pack=sum(len(by_pack) for _, by_pack, _ in found),
        by_cloudsplaining=sum(len(by_them) for _, _, by_them in found),
        differences=[each for policy in policies for each in differences(policy)],
        disputed=disputed,
    )


def verdicts() -> list[Verdict]:
    """Return what is said of the roles of the example account whose names say what they are."""
    return [
        Verdict(
            role.name,
            escalates=not role.name.startswith("fp"),
            by_pack=bool(ours_of_role(role)),
            by_cloudsplaining=bool(theirs_of_role(role)),
        )
        for role in roles_of_the_example()
        if role.name.startswith(("fn", "fp", "privesc"))
    ]
