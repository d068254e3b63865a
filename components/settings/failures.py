"""Settings of what happens when a job fails."""

from typing import Annotated

from pydantic import AfterValidator, Field

from components.settings.base import Model, each_once, matching

Email = Annotated[
    str,
    Field(max_length=254),
    matching(
        r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", "must be an e-mail address, such as team@example.com"
    ),
]


class FailuresSettings(Model):
    """Who is told when a task of a job fails, or AWS gives up starting one.

    Each job on ECS has a rule that sends the failed task's stop code, reason and exit codes to a
    topic, an alarm for failed tasks, and one for starts or messages that were given up; the workers
    of a queue have one for messages that wait too long. A job on EKS has an alarm on the number of
    its failed runs and refused starts, which the cluster's audit log tells. Cost (us-east-1): 0.10
    USD a month for each alarm, so 0.20 USD for most jobs, at most 0.30 USD for the metric of one on
    EKS, and 1 USD a month for the key of the stack's own topic; e-mails are free to 1,000 a month,
    then 2.00 USD for 100,000.
    """

    topic: str | None = None
    """Name of a topic that exists already, such as the one of those on call: declared below topics
    with its arn, in this account and region. Its own policy and key have to admit CloudWatch.
    Without it the stack has a topic of its own, encrypted with a key of its own: CloudWatch can't
    publish with the AWS managed key for SNS."""
    emails: Annotated[tuple[Email, ...], AfterValidator(each_once)] = ()
    """E-mail addresses that are subscribed to the stack's own topic. Each gets a mail from AWS and
    has to confirm it within two days."""
