"""Finds out that ECS took a deployment back, which would look like a success otherwise.

A deployment that fails is rolled back by ECS: the service is steady again, with the old tasks, and
that is all that the provider waits for (pulumi/pulumi-awsx#1848, pulumi/pulumi-aws#4487).
"""

import pulumi
import pulumi_aws as aws


def fail_if_rolled_back(
    name: str,
    *,
    cluster: pulumi.Input[str],
    service: aws.ecs.Service,
    task_definition: pulumi.Output[str],
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """Compare what a service runs with what it was told to run, in each update.

    It is a lookup that waits for the service: it comes after the deployment, and in an update
    without one it finds an earlier deployment that was rolled back. A preview makes none: after an
    update that was interrupted before the service's turn, the service rightly runs what it ran,
    and the preview of the update that goes on from there must not fail.

    Args:
        name: the service's name.
        cluster: ARN of its cluster.
        service: the service.
        task_definition: ARN of the task definition that it should run.
        parent: the service's component.

    Returns:
        ARN of the task definition that runs. It fails with a `pulumi.RunError` where that is
        another one.
    """
    if pulumi.runtime.is_dry_run():
        return task_definition
    found = aws.ecs.get_service_output(
        cluster_arn=cluster,
        service_name=service.name,
        opts=pulumi.InvokeOutputOptions(parent=parent, depends_on=[service]),
    )
    return pulumi.Output.all(found, task_definition).apply(
        lambda known: checked(name, running=_running(known[0]), intended=known[1])
    )


def checked(name: str, *, running: str, intended: str) -> str:
    """Return `running` where it is what was intended.

    Raises:
        pulumi.RunError: it is another task definition.
    """
    if running == intended:
        return running
    raise pulumi.RunError(
        f"services.{name}: the deployment of {_revision(intended)} was rolled back; ECS runs "
        f"{_revision(running)}. Its tasks didn't become healthy, or an alarm rang: the service's "
        f"events and the logs of its stopped tasks say why. Deploy a version that works; to try "
        "the same one again, run pulumi refresh and then pulumi up"
    )


def _running(service: aws.ecs.GetServiceResult) -> str:
    """Return the task definition of the deployment that counts: the primary one."""
    for deployment in service.deployments:
        if deployment.status == "PRIMARY":
            return deployment.task_definition
    return service.task_definition


def _revision(arn: str) -> str:
    """Return family:revision of a task definition's ARN."""
    return arn.rpartition("/")[2]
