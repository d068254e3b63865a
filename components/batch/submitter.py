"""A state machine that submits a job with fields of an event, or with a share identifier."""

from collections.abc import Mapping, Sequence

import pulumi

from components.batch.submission import Submission
from components.environment import Environment
from components.settings.job import DeliverySettings
from components.state_machine import StateMachine


class BatchSubmitter(StateMachine):
    """A state machine that submits a job, with a role that may submit this job alone.

    A rule of EventBridge submits by itself what needs neither: it passes no share identifier, and
    fields of an event only by an input transformer, which doesn't escape them (ADR 17).
    """

    def __init__(
        self,
        submission: Submission,
        delivery: DeliverySettings,
        *,
        variables: Mapping[str, str],
        environment: Environment,
        prerequisites: pulumi.Output[Sequence[pulumi.Resource]],
        parent: pulumi.Resource,
    ) -> None:
        super().__init__(
            submission.name,
            submission.states(variables, delivery, partition=environment.partition),
            purpose="submitter",
            statements=submission.statements(),
            environment=environment,
            prerequisites=prerequisites,
            parent=parent,
        )
