"""Which jobs of AWS Batch have failed, and what is told of them: EventBridge patterns."""

from collections.abc import Mapping
from typing import Any, Final

import pulumi

FAILED_PATHS: Final[Mapping[str, str]] = {
    "time": "$.time",
    "batchJob": "$.detail.jobId",
    "reason": "$.detail.statusReason",
    "attempts": "$.detail.attempts",
}
"""What of an event is told: not the container, which holds environment variables.

Each attempt has the container's exit code, reason and log stream where there is one.
"""


def failed_jobs_pattern(definition: pulumi.Input[str]) -> Mapping[str, Any]:
    """Return the event pattern that matches the failed jobs of one definition.

    A job has failed when it isn't tried any more: no retry is left, its time is up, or a person
    ended it. It is told of by its definition, so whoever submitted it, and to whichever queue. Of
    an array every event counts, a run's and the array's: which of them Batch sends isn't
    documented.

    Args:
        definition: ARN of the definition without a revision.
    """
    return {
        "source": ["aws.batch"],
        "detail-type": ["Batch Job State Change"],
        "detail": {
            "status": ["FAILED"],
            "jobDefinition": [{"prefix": pulumi.Output.concat(definition, ":")}],
        },
    }
