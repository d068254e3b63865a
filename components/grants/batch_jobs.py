"""Jobs of AWS Batch, as services are granted to submit them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.iam import Statement


@dataclass(frozen=True)
class GrantableBatchJob:
    """A job that waits in a queue of Batch.

    Attributes:
        submitting: what submitting it to its queue takes.
        definition: ARN of its definition, known in the first preview.
        queue: ARN of its queue, known in the first preview.
    """

    submitting: Sequence[Statement]
    definition: pulumi.Input[str]
    queue: pulumi.Input[str]

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement, on this job and this queue together."""
        return list(self.submitting) if levels else []

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return what SubmitJob asks for."""
        return {"JOB_DEFINITION": self.definition, "JOB_QUEUE": self.queue}
