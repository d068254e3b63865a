"""State machines of Step Functions, each with a role of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, allow, create_role, service_trust


class StateMachine:
    """A standard state machine, with a role that no other has.

    It is no component of its own: its resources are children of the job that it starts. Nothing of
    it runs in the VPC, so it needs neither NAT nor an endpoint.

    What each execution did is kept for 90 days; nothing is logged besides, since that would take
    rights on all log deliveries of the account.

    Cost (us-east-1): 0.025 USD per 1,000 transitions, of which each state and each retry is one;
    4,000 of a month are free.

    Attributes:
        state_machine: the state machine.
        arn: its ARN, known in the first preview.
    """

    state_machine: aws.sfn.StateMachine
    arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        definition: Mapping[str, Any],
        *,
        purpose: str,
        statements: Sequence[Statement],
        environment: Environment,
        prerequisites: pulumi.Output[Sequence[pulumi.Resource]],
        parent: pulumi.Resource,
    ) -> None:
        """Create it.

        Args:
            name: the job's.
            definition: in Amazon States Language; values may be Outputs.
            purpose: what it does with the job, a part of its role's name.
            statements: what it may do.
            environment: where it is.
            prerequisites: what has to be there while it runs.
            parent: the component that it belongs to.
        """
        fixed_name = environment.regional_name(name, limit=80)
        role, policies = create_role(
            f"{name}-{purpose}",
            fixed_name=environment.global_name(name, purpose),
            # The state machine's ARN is the source that Step Functions sends (its guide, "Prevent
            # cross-service confused deputy issue"). The role is there before it, hence the name.
            trust=service_trust(environment, "states.amazonaws.com", _arn(environment, fixed_name)),
            environment=environment,
            parent=parent,
            statements=statements,
        )
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
        self.arn = _arn(environment, self.state_machine.name)

    def start_statements(self) -> Sequence[Statement]:
        """Return what starting it takes, in a role that whatever starts it has."""
        return [allow(["states:StartExecution"], [self.arn])]


def _arn(environment: Environment, name: pulumi.Input[str]) -> pulumi.Output[str]:
    return environment.arn("states", pulumi.Output.concat("stateMachine:", name))
