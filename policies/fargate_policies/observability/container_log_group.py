"""container-log-group: what containers write to CloudWatch is kept for a chosen time.

`ecs-logging` judges whether a container logs, and `logs-retention` the log groups of a stack; a
container may still write to a group that nothing gives a retention. ECS and Batch make one that
keeps everything for ever where awslogs-create-group says so, and Fluent Bit where auto_create_group
does without log_retention_days. The proxy of Service Connect is a container too, whose access log
is written with its own. What goes elsewhere than to CloudWatch isn't judged.

Pods on EKS Fargate are logged by a router that EKS runs, as the ConfigMap aws-logging in the
namespace aws-observability says, and without it what they write is lost. So a stack that holds a
Fargate profile and pods that it takes must hold the ConfigMap. Of a stack that holds the profile
alone nothing is said: its pods, and so the ConfigMap too, are applied by somebody else.
"""

from fnmatch import fnmatchcase
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Parameter, Stack, StackRule
from ..core.sources import checkov, guide, security_hub
from ..core.values import Findings, Place, Undecided, Value, Violation, is_false
from ..models.containers import CONTAINER_TYPES, judge_containers
from ..models.fargate_profiles import PROFILE, takes_pods
from ..models.launches import SERVICE
from ..models.log_groups import LOG_GROUP, is_limited
from ..models.log_router import (
    CONFIG_MAP,
    NAMESPACE,
    configures_router,
    in_lower_case,
    is_on,
    is_routers,
    outputs,
    pattern_of,
)

_ON: Final = {"1", "t", "true"}
"""How a driver's option is switched on: what Go's strconv.ParseBool takes."""
_CLOUDWATCH: Final = {"cloudwatch", "cloudwatch_logs"}
"""What Fluent Bit calls its two ways to CloudWatch Logs."""


def _check(stack: Stack) -> Findings:
    for definition in stack.of_type(*CONTAINER_TYPES):
        for finding in judge_containers(definition, lambda container: _judge(stack, container)):
            yield definition.own(finding)
    for service in stack.of_type(SERVICE):
        connect = service.at("serviceConnectConfiguration")
        if not is_false(connect.at("enabled").value):
            for finding in _judge(stack, connect):
                yield service.own(finding)
    for namespace in filter(is_routers, stack.of_type(NAMESPACE)):
        label = namespace.at("metadata", "labels", "aws-observability")
        for finding in label.require(
            lambda value: value == "enabled", "the router that logs pods isn't switched on"
        ):
            yield namespace.own(finding)
    yield from _check_pods(stack)


def _judge(stack: Stack, container: Place) -> Findings:
    configuration = container.at("logConfiguration")
    driver, options = configuration.at("logDriver"), configuration.at("options")
    if not driver.known:
        yield driver.unreadable()
    elif driver.value == "awslogs":
        yield from options.at("awslogs-create-group").forbid(
            _is_on, "a log group that is made at the start of a task has no retention"
        )
        yield from _judge_group(stack, options.at("awslogs-group"))
    elif driver.value == "awsfirelens":
        yield from _judge_output(stack, in_lower_case(options))


def _is_on(value: Value) -> bool:
    return str(value).lower() in _ON


def _check_pods(stack: Stack) -> Findings:
    routers = [(each, configures_router(each)) for each in stack.of_type(CONFIG_MAP)]
    for config_map, configures in routers:
        if configures is None:
            yield Undecided(f"metadata of {config_map.name}")
        elif configures:
            for finding in _judge_router(stack, config_map):
                yield config_map.own(finding)
    if any(configures is not False for _, configures in routers):
        return
    for profile in stack.of_type(PROFILE):
        taken = takes_pods(stack, profile)
        if taken is None:
            yield Undecided(f"pods of {profile.name}")
        elif taken:
            yield Violation(
                "what its pods write is lost: the stack has no ConfigMap aws-logging in"
                " aws-observability",
                profile.urn,
            )


def _judge_router(stack: Stack, config_map: Member) -> Findings:
    found = outputs(config_map)
    if not found:
        yield Violation("data.output.conf: has no section OUTPUT, so what pods write is lost")
    for output in found:
        yield from _judge_output(stack, output)


def _judge_output(stack: Stack, output: Place) -> Findings:
    plugin = output.at("name")
    if not plugin.known:
        yield plugin.unreadable()
    elif plugin.text.lower() in _CLOUDWATCH:
        made, days = output.at("auto_create_group"), output.at("log_retention_days")
        if not days.known:
            yield days.unreadable()
        elif not is_limited(days.value):
            yield from made.forbid(
                is_on, "without log_retention_days, a log group that is made has no retention"
            )
        names = [output.at("log_group_name"), output.at("log_group_template")]
        for name in names if names[1].present else names[:1]:
            yield from _judge_group(stack, name, made=is_on(made.value))


def _judge_group(stack: Stack, group: Place, *, made: bool = False) -> Findings:
    """Judge a log group by its name.

    Args:
        stack: where it is looked for.
        group: its name, in which Fluent Bit may put what the record says.
        made: whether it is made if there is none, of which its maker has been judged.
    """
    if not group.known:
        yield group.unreadable()
    elif not group.text:
        yield Violation(f"{group.path}: names no log group")
    elif not any(fnmatchcase(group.text, pattern) for pattern in stack.settings["keptGroups"]):
        yield from _judge_named(stack, group, made=made)


def _judge_named(stack: Stack, group: Place, *, made: bool) -> Findings:
    by_name, pattern = stack.with_text(LOG_GROUP, "name"), pattern_of(group.text)
    if pattern == group.text:
        found = [by_name[pattern]] if pattern in by_name else []
    else:
        found = [by_name[name] for name in by_name if name and fnmatchcase(name, pattern)]
    for alike in found:
        yield from _judge_retention(alike, group)
    if found or made:
        return
    if "" in by_name:
        # One whose name AWS has yet to choose.
        yield Undecided(f"the log group in {group.path}")
    else:
        yield Violation(f"{group.path}: nothing in the stack gives the log group a retention")


def _judge_retention(found: list[Member], group: Place) -> Findings:
    """Judge the log groups of one name, of which one with a retention is enough."""
    retentions = [each.at("retentionInDays") for each in found]
    if any(is_limited(days.value) for days in retentions):
        return
    if not all(days.known for days in retentions):
        yield Undecided(f"the retention of the log group in {group.path}")
    else:
        yield Violation(f"{group.path}: the log group {found[0].name} has no retention")


RULE = StackRule(
    name="container-log-group",
    description="Containers and pods log to a log group with a retention.",
    fix=(
        "Create a LogGroup with retentionInDays, name it in awslogs-group (Fluent Bit:"
        " log_group_name) and leave out awslogs-create-group, or give auto_create_group"
        " log_retention_days. For pods on Fargate, say so in the ConfigMap aws-logging of the"
        " namespace aws-observability, whose label aws-observability says enabled. Groups that get"
        " a retention elsewhere are for the parameter `keptGroups`."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(
        *security_hub("CloudWatch.16"),
        *checkov("CKV_AWS_66"),
        *guide(
            "Amazon ECS developer guide",
            "Send Amazon ECS logs to CloudWatch",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
        ),
        *guide(
            "Amazon EKS user guide",
            "Start AWS Fargate logging for your cluster",
            "https://docs.aws.amazon.com/eks/latest/userguide/fargate-logging.html",
        ),
    ),
    parameters={
        "keptGroups": Parameter(
            "names of log groups outside the stack that have a retention; with * as a wildcard", ()
        )
    },
    types=(*CONTAINER_TYPES, SERVICE, NAMESPACE, CONFIG_MAP, PROFILE),
    check=_check,
)
