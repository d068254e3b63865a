"""A state machine that submits a job with fields of an event, or with a share identifier."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.batch.submission import Submission
from components.environment import Environment
from components.iam import Statement, allow, create_role, service_trust
from components.settings.job import DeliverySettings


class BatchSubmitter:
    """A state machine that submits a job, with a role that may submit this job alone.

    A rule of EventBridge submits by itself what needs neither: it passes no share identifier, and
    fields of an event only by an input transformer, which doesn't escape them (ADR 17).

    It is no component of its own: its resources are children of the job.

    Cost (us-east-1): 0.025 USD per 1,000 submissions and retries; 4,000 of a month are free.

    Attributes:
        state_machine: the state machine.
        arn: its ARN, known in the first preview.
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
        self._environment = environment
        name = submission.name
        fixed_name = environment.regional_name(name, limit=80)
        role, policies = create_role(
            f"{name}-submitter",
            fixed_name=environment.global_name(name, "submitter"),
            trust=service_trust(environment, "states.amazonaws.com", self._arn(fixed_name)),
            environment=environment,
            parent=parent,
            statements=submission.statements(),
        )
        definition = submission.states(variables, delivery, partition=environment.partition)
        self.state_machine = aws.sfn.StateMachine(
            f"{name}-state-machine",
            name=fixed_name,
            type="STANDARD",
            role_arn=environment.role_arn(role),
            definition=pulumi.Output.json_dumps(definition, sort_keys=True),
            opts=pulumi.ResourceOptions(
                parent=parent, depends_on=prerequisites.apply(lambda needed: [*needed, *policies])
            ),
        )
        self.arn = self._arn(self.state_machine.name)

    def start_statements(self) -> Sequence[Statement]:
        """Return what starting it takes, in a role that whatever starts it has."""
        return [allow(["states:StartExecution"], [self.arn])]

    def _arn(self, name: pulumi.Input[str]) -> pulumi.Output[str]:
        return self._environment.arn("states", pulumi.Output.concat("stateMachine:", name))
