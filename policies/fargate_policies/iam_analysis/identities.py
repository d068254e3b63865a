"""Identities of a stack: roles with all their policies, and policies that no role of it has."""

from collections.abc import Iterator
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
_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_EXCLUSIVE: Final = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
_LISTS: Final = (
    ("aws:iam/policyAttachment:PolicyAttachment", "roles", "policyArn"),
    (_EXCLUSIVE, "roleName", "policyArns"),
)
"""Other ways of attaching: the type, and its properties for roles and for policies."""


@dataclass(frozen=True)
class Identity:
    """A role with its policies, or a policy of somebody who isn't in the stack.

    Attributes:
        member: the role or the policy.
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
        taken.update(holder.urn for holder in holders)
        documents = [inline.at("policy") for inline in role.at("inlinePolicies").items()]
        documents += [holder.at("policy") for holder in holders]
        yield _identity(role, documents, (role, *holders))
    for policy in stack.of_type(*_POLICY_TYPES):
        if policy.urn not in taken:
            yield _identity(policy, [policy.at("policy")], (policy,))


def foreign_policies(stack: Stack, role: Member) -> Iterator[Place]:
    """Yield the ARNs of a role's policies that the stack doesn't hold, such as AWS's own."""
    for holder, key in _lists_of(stack, role):
        held = stack.referred(holder, key, (POLICY,))
        arns = {policy.at("arn").text for policy in held}
        place = holder.at(key)
        for item in place.items() if isinstance(place.value, list) else [place]:
            of_the_stack = item.text in arns if item.known else bool(held)
            if item.present and not of_the_stack:
                yield item


def _policies_of(stack: Stack, role: Member) -> list[Member]:
    found = list(_attached(stack, role, ROLE_POLICY))
    for holder, key in _lists_of(stack, role):
        found += stack.referred(holder, key, (POLICY,))
    return list({policy.urn: policy for policy in found}.values())


def _lists_of(stack: Stack, role: Member) -> Iterator[tuple[Member, str]]:
    """Yield what attaches managed policies to a role, with the property that names them."""
    yield role, "managedPolicyArns"
    for attachment in {each.urn: each for each in _attached(stack, role, _ATTACHMENT)}.values():
        yield attachment, "policyArn"
    for kind, of_roles, of_policies in _LISTS:
        for attachment in stack.referring(role, (kind,), of_roles, (ROLE,)):
            yield attachment, of_policies


def _attached(stack: Stack, role: Member, kind: str) -> list[Member]:
    """Return what is attached to a role, by reference or by the role's name as plain text."""
    found = stack.referring(role, (kind,), "role", (ROLE,))
    name = role.at("name").text
    return [*found, *stack.with_text(kind, "role").get(name, [])] if name else found


def _identity(member: Member, documents: list[Place], holders: tuple[Member, ...]) -> Identity:
    known: list[Statement] = []
    complete = True
    for document in documents:
        for entry in statements(document):
            if isinstance(entry, Statement):
                known.append(entry)
            elif isinstance(entry, Undecided):
                complete = False
    return Identity(
        member=member,
        permissions=Permissions(tuple(known)),
        complete=complete,
        own=tuple(
            f"{'role' if holder.type == ROLE else 'policy'}/{holder.at('name').text}"
            for holder in holders
            if holder.type in (ROLE, POLICY)
        ),
    )
