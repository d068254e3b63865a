"""Queues, with policies and dead-letter queues in resources of their own."""

import json

from tests.policies.cases.case import AboutStack, Case, Json, one
from tests.policies.cases.resource_policies import TLS_ONLY
from tests.policies.protocol import UNKNOWN, StackResource

QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
REDRIVE_ALLOW = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"


def queue(name: str = "orders", /, **properties: Json) -> StackResource:
    return one(QUEUE, name, **{"sqsManagedSseEnabled": True, "redrivePolicy": "{}", **properties})


def tls_only(name: str = "orders", policy: object = TLS_ONLY) -> StackResource:
    return one(
        QUEUE_POLICY, f"{name}-policy", {"queueUrl": [name]}, queueUrl=UNKNOWN, policy=policy
    )


def without(key: str, value: object) -> str:
    """Return the policy that demands TLS, with one part of its statement changed."""
    document = json.loads(TLS_ONLY)
    document["Statement"][0][key] = value
    return json.dumps(document)


ABOUT = [
    AboutStack("queue-safe")
    .passes(
        {
            "queue and dead letters": [
                queue(),
                tls_only(),
                queue("dead", redrivePolicy=None),
                tls_only("dead"),
                one(REDRIVE_ALLOW, "allow", {"queueUrl": ["dead"]}, queueUrl=UNKNOWN),
            ],
            "a flag that is no text": [
                queue(),
                tls_only(policy=without("Condition", {"Bool": {"aws:SecureTransport": False}})),
            ],
            "the queue alone, by its name": [
                queue(name="orders.fifo"),
                tls_only(
                    policy=without(
                        "Resource", ["arn:aws:sqs:eu-west-1:111122223333:orders.fifo", "arn:aws:s3"]
                    )
                ),
            ],
            "everybody among others": [
                queue(),
                tls_only(policy=without("Principal", {"AWS": ["111122223333", "*"]})),
            ],
            "all actions of SQS among others": [
                queue(),
                tls_only(policy=without("Action", ["sqs:SendMessage", "sqs:*"])),
            ],
            "all actions": [queue(), tls_only(policy=without("Action", "*"))],
            "a policy of its own": [queue(policy=TLS_ONLY)],
            "who may send dead letters, of its own": [
                queue(policy=TLS_ONLY, redrivePolicy=None, redriveAllowPolicy="{}")
            ],
            "a key": [queue(sqsManagedSseEnabled=None, kmsMasterKeyId="alias/q"), tls_only()],
            "an unknown key": [
                queue(sqsManagedSseEnabled=None, kmsMasterKeyId=UNKNOWN),
                tls_only(),
            ],
            "a redrive policy of its own": [
                queue(redrivePolicy=None),
                tls_only(),
                one(REDRIVE, "redrive", {"queueUrl": ["orders"]}, queueUrl=UNKNOWN),
            ],
            "dead letters by reference": [
                one(
                    QUEUE,
                    "orders",
                    {"redrivePolicy": ["dead"]},
                    sqsManagedSseEnabled=True,
                    redrivePolicy=UNKNOWN,
                    policy=TLS_ONLY,
                ),
                queue("dead", redrivePolicy=None, policy=TLS_ONLY),
            ],
            "a policy by URL": [
                queue(url="https://sqs.eu-west-1.amazonaws.com/111122223333/orders"),
                one(
                    QUEUE_POLICY,
                    "policy",
                    queueUrl="https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
                    policy=TLS_ONLY,
                ),
            ],
            "dead letters by a redrive policy of its own": [
                queue(redrivePolicy=None, policy=TLS_ONLY),
                one(
                    REDRIVE,
                    "redrive",
                    {"queueUrl": ["orders"], "redrivePolicy": ["dead"]},
                    queueUrl=UNKNOWN,
                    redrivePolicy=UNKNOWN,
                ),
                queue("dead", redrivePolicy=None, policy=TLS_ONLY),
            ],
            "dead letters by ARN": [
                queue(redrivePolicy='{"deadLetterTargetArn": "arn:x"}', policy=TLS_ONLY),
                queue("dead", redrivePolicy="", policy=TLS_ONLY, arn="arn:x"),
            ],
        }
    )
    .fails(
        {
            "what AWS would choose": [
                one(
                    QUEUE,
                    "orders",
                    computed=["sqsManagedSseEnabled", "url"],
                    redrivePolicy="{}",
                    policy=TLS_ONLY,
                )
            ],
            "dead letters that nobody gave": [
                one(
                    QUEUE,
                    "orders",
                    computed=["redrivePolicy", "redriveAllowPolicy"],
                    sqsManagedSseEnabled=True,
                    policy=TLS_ONLY,
                )
            ],
            "a policy that nobody gave": [
                one(
                    QUEUE, "orders", None, ["policy"], sqsManagedSseEnabled=True, redrivePolicy="{}"
                )
            ],
            "encryption absent": [queue(sqsManagedSseEnabled=None), tls_only()],
            "encryption off": [queue(sqsManagedSseEnabled=False), tls_only()],
            "no policy": [queue()],
            "another queue's policy": [
                queue(),
                queue("dead", redriveAllowPolicy="{}"),
                tls_only("dead"),
            ],
            "a policy that isn't JSON": [queue(), tls_only(policy="{")],
            "TLS denied to some": [queue(), tls_only(policy=without("Principal", {"AWS": "1"}))],
            "TLS denied for some actions": [
                queue(),
                tls_only(policy=without("Action", "sqs:SendMessage")),
            ],
            "TLS allowed": [queue(), tls_only(policy=without("Effect", "Allow"))],
            "the opposite": [
                queue(),
                tls_only(policy=without("Condition", {"Bool": {"aws:SecureTransport": "true"}})),
            ],
            "everything denied, with TLS too": [queue(), tls_only(policy=without("Condition", {}))],
            "another key": [
                queue(),
                tls_only(policy=without("Condition", {"Bool": {"aws:ViaAWSService": "false"}})),
            ],
            "another operator": [
                queue(),
                tls_only(
                    policy=without("Condition", {"StringEquals": {"aws:SecureTransport": "false"}})
                ),
            ],
            "one condition too many": [
                queue(),
                tls_only(
                    policy=without(
                        "Condition",
                        {
                            "Bool": {"aws:SecureTransport": "false"},
                            "StringEquals": {"aws:PrincipalAccount": "1"},
                        },
                    )
                ),
            ],
            "no dead letters, in the provider's words": [queue(redrivePolicy=""), tls_only()],
            "no dead letters": [queue(redrivePolicy=None), tls_only()],
            "dead letters of another queue": [
                queue(redrivePolicy=None, policy=TLS_ONLY, arn="arn:x"),
                queue("other", redrivePolicy='{"deadLetterTargetArn": "arn:y"}', policy=TLS_ONLY),
            ],
            "a policy about another queue": [
                queue(name="orders"),
                tls_only(policy=without("Resource", "arn:aws:sqs:eu-west-1:111122223333:other")),
            ],
        }
    )
    .undecided(
        {
            "nothing known": [one(QUEUE, "orders")],
            "an unknown policy": [queue(), tls_only(policy=UNKNOWN)],
            "unknown encryption": [queue(sqsManagedSseEnabled=UNKNOWN), tls_only()],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
