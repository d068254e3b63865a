"""A job's task that Step Functions starts, waits for, stops in time and starts again."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import parts
from components.iam import Statement, allow, create_role, service_trust
from components.jobs.event_arrays import environment_overrides, tasks_of_batch
from components.jobs.task import JobTask
from components.jobs.task_states import Parameters, overrides, task_states
from components.settings import JobSettings

EVENTS_RULE = "StepFunctionsGetEventsForECSTaskRule"
"""Rule of Step Functions' own, one in an account and region, by which it learns of a task's end."""


class SupervisedTask:
    """A state machine that runs a job's task, with a role that may run this task alone.

    It is no component of its own: its resources are children of the job that starts it. Nothing of
    it runs in the VPC, so it needs neither NAT nor an endpoint.

    A timeout and an execution that somebody stops stop the task too (StopTask). Both an exit code
    and a timeout end the execution as FAILED, so CloudWatch counts both as ExecutionsFailed. A
    standard state machine keeps what each execution did for 90 days; nothing is logged besides,
    since that would take rights on all log deliveries of the account.

    Each execution runs the revision that was deployed when it started. A deployment deregisters
    that revision: the task that runs goes on, and a retry after it fails.

    Fields of the execution's input become environment variables of the job's own container. Where
    that is a batch of events, each variable is an array, and more than a task takes are several.

    Cost (us-east-1): 0.025 USD per 1,000 transitions, of which each state and each retry is one: a
    run has one state, four with variables of a batch, and two more with a limit of concurrency.
    4,000 of a month are free.

    Attributes:
        state_machine: the state machine.
        arn: its ARN, known in the first preview.
    """

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        task: JobTask,
        *,
        variables: Mapping[str, str] | None = None,
        parent: pulumi.Resource,
    ) -> None:
        self._name = name
        self._settings = settings
        self._task = task
        self._variables = variables or {}
        self._environment = task.cluster.network.environment
        self._parent = parent
        self._fixed_name = self._environment.regional_name(name, limit=80)
        role, policies = self._create_role()
        self.state_machine = self._create_state_machine(role, policies)
        self.arn = self._arn(self.state_machine.name)

    def start_statements(self) -> Sequence[Statement]:
        """Return what starting it takes, in a role that whatever starts it has."""
        return [allow(["states:StartExecution"], [self.arn])]

    def _arn(self, name: pulumi.Input[str]) -> pulumi.Output[str]:
        return self._environment.arn("states", pulumi.Output.concat("stateMachine:", name))

    def _create_role(self) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        """Create what Step Functions has while it runs this state machine, and no other.

        The state machine's ARN is the source that it sends (Step Functions guide, "Prevent
        cross-service confused deputy issue"). The role has to be there before it, hence the name.
        """
        return create_role(
            f"{self._name}-supervisor",
            fixed_name=self._environment.global_name(self._name, "supervisor"),
            trust=service_trust(
                self._environment, "states.amazonaws.com", self._arn(self._fixed_name)
            ),
            environment=self._environment,
            parent=self._parent,
            statements=[*self._task.run_statements(), *self._watch_statements()],
        )

    def _watch_statements(self) -> Sequence[Statement]:
        """Return what waiting for the task, stopping it and counting its like takes."""
        return [
            self._task.watch_statement(),
            allow(
                ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
                [self._environment.arn("events", f"rule/{EVENTS_RULE}")],
            ),
            *([self._task.list_statement()] if self._settings.concurrency else []),
        ]

    def _create_state_machine(
        self, role: aws.iam.Role, policies: Sequence[aws.iam.RolePolicy]
    ) -> aws.sfn.StateMachine:
        name, variables = self._task.name, self._variables
        in_batches = bool(self._settings.event_batch and variables)
        definition = task_states(
            self._settings,
            partition=self._environment.partition,
            run_task=_run_parameters(
                self._task, _overrides(name, variables, in_batches=in_batches)
            ),
            tasks=tasks_of_batch(name, variables) if in_batches else None,
            list_tasks={
                "Cluster": self._task.cluster_arn,
                "Family": self._task.definition.family,
            },
        )
        return aws.sfn.StateMachine(
            f"{self._name}-state-machine",
            name=self._fixed_name,
            type="STANDARD",
            role_arn=self._environment.role_arn(role),
            definition=pulumi.Output.json_dumps(definition, sort_keys=True),
            opts=pulumi.ResourceOptions(
                parent=self._parent,
                depends_on=self._task.prerequisites.apply(lambda needed: [*needed, *policies]),
            ),
        )


def _overrides(
    container: str, variables: Mapping[str, str], *, in_batches: bool
) -> Parameters | None:
    if in_batches:
        return environment_overrides(container, "{% $states.input.environment %}")
    return overrides(container, variables) if variables else None


def _run_parameters(task: JobTask, given: Parameters | None) -> Parameters:
    """Return RunTask's parameters, of which Step Functions takes these but not all.

    It starts one task, marks it as its own (StartedBy), and doesn't take EnableECSManagedTags.
    """
    return {
        "Cluster": task.cluster_arn,
        "TaskDefinition": task.definition.arn,
        "CapacityProviderStrategy": [
            {"CapacityProvider": provider, "Base": part.base, "Weight": part.weight}
            for provider, _, part in parts(task.capacity)
        ],
        "NetworkConfiguration": {
            "AwsvpcConfiguration": {
                "Subnets": task.cluster.network.private_subnet_ids,
                "SecurityGroups": [task.group_id],
                "AssignPublicIp": "DISABLED",
            }
        },
        "EnableExecuteCommand": False,
        "PropagateTags": "TASK_DEFINITION",
        **({"Overrides": given} if given else {}),
    }
