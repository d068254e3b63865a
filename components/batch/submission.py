"""How a job of AWS Batch is submitted: plain data, no resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.iam import Statement, allow
from components.jobs.task_states import FIRST_PAUSE, LONGEST_PAUSE, start_attempts, variables_of
from components.settings import BatchJobSettings
from components.settings.job import DeliverySettings

REFUSALS: Final = 3
"""Tries after a first one that Batch refused."""


@dataclass(frozen=True)
class Submission:
    """What submits one job to its queue.

    A definition without a revision is the latest active one: the provider registers a revision
    before it deregisters the one before, so there always is one, and nothing that submits the job
    changes with it.

    Attributes:
        name: the job's name.
        definition: ARN of its definition without a revision, known in the first preview.
        queue: ARN of its queue, known in the first preview.
        settings: what else is said.
    """

    name: str
    definition: pulumi.Input[str]
    queue: pulumi.Input[str]
    settings: BatchJobSettings

    def statements(self) -> Sequence[Statement]:
        """Return what submitting exactly this job to this queue takes.

        Of a definition that is given without a revision, some report that Batch asks about it as it
        stands, others about the revision that it finds. Both are this job.
        """
        revisions = pulumi.Output.concat(self.definition, ":*")
        return [allow(["batch:SubmitJob"], [self.definition, revisions, self.queue])]

    def parameters(self) -> Mapping[str, Any]:
        """Return SubmitJob's parameters, in the PascalCase of Scheduler and Step Functions."""
        array, share = self.settings.array, self.settings.share
        return {
            "JobName": self.name,
            "JobDefinition": self.definition,
            "JobQueue": self.queue,
            **({"ArrayProperties": {"Size": array}} if array else {}),
            **({"ShareIdentifier": share} if share else {}),
        }

    def states(
        self, variables: Mapping[str, str], delivery: DeliverySettings, *, partition: str
    ) -> Mapping[str, Any]:
        """Return the definition of a state machine that submits the job, and doesn't wait for it.

        Args:
            variables: paths of the event's fields, by variable.
            delivery: how hard to try.
            partition: AWS's partition, such as aws.
        """
        tries = start_attempts(delivery)
        overrides = {"ContainerOverrides": {"Environment": variables_of(variables)}}
        submit = {
            "Type": "Task",
            # The SDK's own call: the one that Step Functions optimizes has no share identifier.
            "Resource": f"arn:{partition}:states:::aws-sdk:batch:submitJob",
            "Parameters": {**self.parameters(), **(overrides if variables else {})},
            "Retry": [
                # What is wrong with the request stays wrong.
                _retrier("Batch.ClientException", min(REFUSALS, tries)),
                _retrier("States.TaskFailed", tries),
            ],
            "End": True,
        }
        return {"StartAt": "Submit", "States": {"Submit": submit}}


def _retrier(error: str, attempts: int) -> Mapping[str, Any]:
    return {
        "ErrorEquals": [error],
        "IntervalSeconds": FIRST_PAUSE,
        "BackoffRate": 2,
        "MaxAttempts": attempts,
        "MaxDelaySeconds": LONGEST_PAUSE,
    }
