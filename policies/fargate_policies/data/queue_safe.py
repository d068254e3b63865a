"""queue-safe: messages are encrypted at rest and on the way, and failed ones are kept.

About a stack, since policies and dead-letter queues are resources of their own.
"""

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import cdk_nag, checkov, security_hub
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation, is_true
from ..models.iam_document import Statement, is_everything, matches, statements
from ..models.json_text import parsed

_QUEUE = "aws:sqs/queue:Queue"
_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
_REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
_REDRIVE_ALLOW = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"


def _check(stack: Stack) -> Findings:
    for queue in stack.of_type(_QUEUE):
        if not queue.known:
            yield Undecided(f"properties of {queue.name}")
            continue
        yield from _check_encryption(queue)
        yield from _check_transport(stack, queue)
        if not _has_dead_letters(stack, queue) and not _is_dead_letters(stack, queue):
            yield Violation("redrivePolicy: failed messages have no dead-letter queue", queue.urn)


def _check_encryption(queue: Member) -> Findings:
    managed = queue.at("sqsManagedSseEnabled")
    if queue.at("kmsMasterKeyId").present or is_true(managed.value):
        return
    if managed.value is UNKNOWN:
        yield Undecided(f"{managed.path} of {queue.name}")
    else:
        yield Violation("sqsManagedSseEnabled: messages aren't encrypted at rest", queue.urn)


def _check_transport(stack: Stack, queue: Member) -> Findings:
    documents = [queue.at("policy")]
    documents += [policy.at("policy") for policy in _about(stack, queue, _POLICY)]
    if any(_demands_tls(document, queue.at("name").text) for document in documents):
        return
    if any(document.value is UNKNOWN for document in documents):
        yield Undecided(f"policy of {queue.name}")
    else:
        yield Violation("policy: requests without TLS aren't denied", queue.urn)


def _demands_tls(document: Place, name: str) -> bool:
    return any(
        isinstance(entry, Statement) and _denies_plain_text(entry) and _is_about(entry, name)
        for entry in statements(document)
    )


def _is_about(statement: Statement, name: str) -> bool:
    return any(matches(resource.rpartition(":")[2], name) for resource in statement.resources)


def _denies_plain_text(statement: Statement) -> bool:
    everybody = any(map(is_everything, statement.principals.get("AWS", ())))
    every_action = any(
        is_everything(action) or action.lower() == "sqs:*" for action in statement.actions
    )
    conditions = [(each.operator, each.key, each.values) for each in statement.conditions]
    insecure = conditions == [("bool", "aws:securetransport", ("false",))]
    return not statement.allows and everybody and every_action and insecure


def _has_dead_letters(stack: Stack, queue: Member) -> bool:
    return queue.at("redrivePolicy").present or bool(_about(stack, queue, _REDRIVE))


def _is_dead_letters(stack: Stack, queue: Member) -> bool:
    if queue.at("redriveAllowPolicy").present or _about(stack, queue, _REDRIVE_ALLOW):
        return True
    if stack.referring(queue, (_QUEUE, _REDRIVE), "redrivePolicy", (_QUEUE,)):
        return True
    arn = queue.at("arn").text
    return bool(arn) and any(
        arn == _target_arn(other.at("redrivePolicy")) for other in stack.of_type(_QUEUE, _REDRIVE)
    )


def _target_arn(redrive_policy: Place) -> str:
    place = parsed(redrive_policy)
    return place.at("deadLetterTargetArn").text if isinstance(place, Place) else ""


def _about(stack: Stack, queue: Member, kind: str) -> list[Member]:
    """Return the resources of a kind that are attached to the queue."""
    return stack.referring(queue, (kind,), "queueUrl", (_QUEUE,))


RULE = StackRule(
    name="queue-safe",
    description="Queues are encrypted, reached by TLS only, and have a dead-letter queue.",
    fix=(
        "Set sqsManagedSseEnabled or kmsMasterKeyId; deny sqs:* to everybody where"
        " aws:SecureTransport is false; set redrivePolicy (and on the dead-letter queue itself"
        " redriveAllowPolicy)."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(
        *security_hub("SQS.1"),
        *checkov("CKV_AWS_27"),
        *cdk_nag("SQS2", "SQS3", "SQS4"),
    ),
    types=(_QUEUE,),
    check=_check,
)
