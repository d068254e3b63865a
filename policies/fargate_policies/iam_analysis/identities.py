"""Identities of a stack: roles with all their policies, and policies that no role has.

A role needn't be in the stack, only its name: what a stack gives it counts together all the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ..core.rule import Member, Stack
from ..core.values import Place, Undecided
from ..models.iam_document import ROLE, Statement, statements
from .permissions import Permissions

POLICY: Final = "aws:iam/policy:Policy"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
_POLICY_TYPES: Final = (
    POLICY,
    ROLE_POLICY,
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/userPolicy:UserPolicy",
)
IDENTITY_TYPES: Final = (ROLE, *_POLICY_TYPES)
_EXCLUSIVE: Final = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
_ATTACHMENTS: Final = (
    ("aws:iam/policyAttachment:PolicyAttachment", "roles", "policyArn"),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", "policyArn"),
    (_EXCLUSIVE, "roleName", "policyArns"),
)
"""Ways of attaching a managed policy: the type, and its properties for roles and for policies."""


@dataclass(frozen=True)
class Identity:
    """A role with its policies, or the policies of somebody who isn't in the stack.

    Attributes:
        member: the role, or the first of the policies.
        permissions: what its policies say, as far as they are known.
        complete: whether all of them are known; what can't be read is another rule's to report.
        own: ends of the ARNs by which it names itself: its role and its managed policies.
    """

    member: Member
    permissions: Permissions
    complete: bool
    own: tuple[str, ...]


def identities(stack: Stack) -> tuple[Identity, ...]:
    """Return every identity whose policies the stack holds.

    Policies that AWS maintains, and those of other stacks, aren't in it.
    """
    return stack.once(_identities)


def _identities(stack: Stack) -> tuple[Identity, ...]:
    return tuple(_each_identity(stack))


def _each_identity(stack: Stack) -> Iterator[Identity]:
    taken = set[str]()
    for role in stack.of_type(ROLE):
        holders = _policies_of(stack, role)
        boundaries = stack.referred(role, "permissionsBoundary", (POLICY,))
        # A boundary gives nobody a permission.
        taken.update(policy.urn for policy in (*holders, *boundaries))
        documents = [inline.at("policy") for inline in role.at("inlinePolicies").items()]
        documents += [holder.at("policy") for holder in holders]
        yield _identity(role, documents, (role, *holders), _limits(boundaries))
    for policies in _by_role_elsewhere(stack, taken).values():
        taken.update(policies)
        found = tuple(policies.values())
        yield _identity(next(iter(found)), [each.at("policy") for each in found], found)
    for policy in stack.of_type(*_POLICY_TYPES):
        if policy.urn not in taken:
            yield _identity(policy, [policy.at("policy")], (policy,))


def _by_role_elsewhere(stack: Stack, taken: set[str]) -> dict[str, dict[str, Member]]:
    """Return policies by the name of their role and by URN, where the stack doesn't hold the role.

    Args:
        stack: the stack.
        taken: URNs of the policies that its roles have.
    """
    found: defaultdict[str, dict[str, Member]] = defaultdict(dict)
    for policy in stack.of_type(ROLE_POLICY):
        if policy.urn not in taken and policy.at("role").text:
            found[policy.at("role").text][policy.urn] = policy
    of_the_stack = stack.with_text(ROLE, "name")
    for kind, of_roles, of_policies in _ATTACHMENTS:
        for name, attachments in stack.with_text(kind, of_roles).items():
            if name and name not in of_the_stack:
                for attachment in attachments:
                    for policy in stack.referred(attachment, of_policies, (POLICY,)):
                        found[name][policy.urn] = policy
    return found


def foreign_policies(stack: Stack, role: Member) -> Iterator[Place]:
    """Yield the ARNs of a role's policies that the stack doesn't hold, such as AWS's own."""
    for holder, key in _lists_of(stack, role):
        held = stack.referred(holder, key, (POLICY,))
        place = holder.at(key)
        for item in place.items() if isinstance(place.value, list) else [place]:
            of_the_stack = stack.named(item.text, (POLICY,)) if item.known else held
            if item.present and not of_the_stack:
                yield item


def _policies_of(stack: Stack, role: Member) -> list[Member]:
    found = list(_attached(stack, role, ROLE_POLICY, "role"))
    for holder, key in _lists_of(stack, role):
        found += stack.referred(holder, key, (POLICY,))
    return list({policy.urn: policy for policy in found}.values())


def _lists_of(stack: Stack, role: Member) -> Iterator[tuple[Member, str]]:
    """Yield what attaches managed policies to a role, with the property that names them."""
    yield role, "managedPolicyArns"
    for kind, of_roles, of_policies in _ATTACHMENTS:
        for attachment in _attached(stack, role, kind, of_roles):
            yield attachment, of_policies


def _attached(stack: Stack, role: Member, kind: str, key: str) -> Iterable[Member]:
    """Return what is attached to a role, by reference or by the role's name as plain text."""
    found = stack.referring(role, (kind,), key, (ROLE,))
    name = role.at("name").text
    named = stack.with_text(kind, key).get(name, []) if name else []
    return {each.urn: each for each in (*found, *named)}.values()


def _identity(
    member: Member,
    documents: list[Place],
    holders: tuple[Member, ...],
    limits: tuple[Statement, ...] | None = None,
) -> Identity:
    entries = [entry for document in documents for entry in statements(document)]
    known = tuple(entry for entry in entries if isinstance(entry, Statement))
    return Identity(
        member=member,
        permissions=Permissions(known, limits),
        complete=not any(isinstance(entry, Undecided) for entry in entries),
        own=tuple(_own_name(holder) for holder in holders if holder.type in (ROLE, POLICY)),
    )


def _limits(boundaries: list[Member]) -> tuple[Statement, ...] | None:
    """Return the statements of a role's boundary; None if there is none, or not all are known."""
    for boundary in boundaries:
        entries = list(statements(boundary.at("policy")))
        known = tuple(entry for entry in entries if isinstance(entry, Statement))
        if known and len(known) == len(entries):
            return known
    return None


def _own_name(holder: Member) -> str:
    """Return the end of the ARN of a role or a managed policy, which its path is a part of."""
    kind = "role" if holder.type == ROLE else "policy"
    return f"{kind}{holder.at('path').text or '/'}{holder.at('name').text}"
