"""QueueWorker: tasks that work on a queue, scaled by what waits for each of them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pulumi
import pytest

from components import Queue, QueueWorker, Workloads
from components.grants import GrantableQueue
from components.settings import JobSettings, QueueSettings
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, ENVIRONMENT, lookup, service_of
from tests.unit.support.documents import statements
from tests.unit.support.engine import UNKNOWN, Recorder, Registration, deploy
from tests.unit.support.reach import Connection, reach

SERVICE = "aws:ecs/service:Service"
TARGET = "aws:appautoscaling/target:Target"
POLICY = "aws:appautoscaling/policy:Policy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PLACE = "eu-west-1:111122223333"
TRIGGER = {"name": "pictures", "secondsPerMessage": 10, "latency": 600, "max": 20}


def job(settings: Mapping[str, object] = MappingProxyType({}), **queue: object) -> JobSettings:
    trigger = {**TRIGGER, **queue}
    return programs.section(JobSettings, {"image": programs.IMAGE, "queue": trigger, **settings})


def resize(settings: JobSettings, arn: str | None = None) -> None:
    if arn:
        queue = GrantableQueue.existing(arn, ENVIRONMENT, None)
    else:
        queue = Queue("pictures", QueueSettings(), environment=ENVIRONMENT).grantable
    assert settings.queue
    QueueWorker(
        "resize",
        settings,
        settings.queue,
        cluster=programs.ecs(programs.network()),
        grantables={"pictures": queue},
    )


def deployed(settings: JobSettings, arn: str | None = None, *, preview: bool = False) -> Recorder:
    return programs.run(partial(resize, settings, arn), preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return deployed(job(), preview=preview)


def service(run: Recorder) -> Registration:
    return run.one(SERVICE)


def queries(given: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON
    return {query["id"]: query for query in given}


def test_it_is_a_service_without_a_port_in_private_subnets(run: Recorder) -> None:
    given = service(run).inputs
    network = given["networkConfiguration"]
    assert network["assignPublicIp"] is False
    assert network["subnets"] in (UNKNOWN, [f"subnet-private-{zone}" for zone in (1, 2, 3)])
    assert not given.get("loadBalancers")
    assert not given.get("serviceConnectConfiguration")
    definition = run.one("aws:ecs/taskDefinition:TaskDefinition").inputs
    (container,) = json.loads(definition["containerDefinitions"])
    assert container["portMappings"] == []


def test_nobody_connects_to_it_and_it_reaches_https_only(run: Recorder) -> None:
    assert reach(run) == {Connection("resize-group", "0.0.0.0/0", 443)}


@pytest.mark.parametrize(
    ("capacity", "strategy"),
    [
        (None, [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]),
        (
            {"onDemand": {"base": 1}, "spot": {"weight": 3}},
            [
                {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
                {"capacityProvider": "FARGATE_SPOT", "weight": 3},
            ],
        ),
    ],
)
def test_it_runs_on_spot_unless_its_capacity_says_otherwise(
    capacity: object, strategy: object
) -> None:
    settings = job({"capacity": capacity} if capacity else {})
    assert service(deployed(settings)).inputs["capacityProviderStrategies"] == strategy


def test_scaling_owns_the_number_of_tasks(run: Recorder) -> None:
    assert service(run).inputs["desiredCount"] == 0
    assert service(run).ignore_changes == ("desiredCount",)
    limits = run.one(TARGET).inputs
    assert (limits["minCapacity"], limits["maxCapacity"]) == (0, 20)
    assert limits["resourceId"] == "service/platform-test-ecs/resize"


def test_tasks_at_work_are_not_moved_to_another_zone(run: Recorder) -> None:
    assert service(run).inputs["availabilityZoneRebalancing"] == "DISABLED"


def test_a_deployment_that_fails_is_rolled_back_and_fails_the_update(run: Recorder) -> None:
    given = service(run).inputs
    assert given["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert given["waitForSteadyState"] is True
    assert service(run).timeouts == ("28m", "28m", "28m")


def test_a_version_that_was_taken_back_fails_the_update_by_the_jobs_key() -> None:
    def answer(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if function != "aws:ecs/getService:getService":
            return lookup(function, arguments)
        return service_of("arn:computed:older")

    with pytest.raises(pulumi.RunError, match=r"^jobs\.resize: the deployment of .* rolled back"):
        deploy(partial(resize, job()), replace(CLOUD, lookup=answer), preview=False)


def test_it_starts_after_all_that_its_tasks_need(run: Recorder) -> None:
    for needed in (
        "resize-execution-policy",
        "resize-task-policy",
        "resize-https-egress",
        "ecs-capacity",
        "resize-logs",
    ):
        assert run.depends(service(run), run.named(needed)), needed
    routes = {route.urn for route in run.of("aws:ec2/route:Route")}
    assert routes <= service(run).dependencies


def test_its_tasks_may_receive_from_the_queue_and_protect_themselves(run: Recorder) -> None:
    assert statements(run, "resize-task-policy") == [
        {
            "Effect": "Allow",
            "Action": [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
            ],
            "Resource": [f"arn:aws:sqs:{PLACE}:platform-test-pictures"],
        },
        {
            "Effect": "Allow",
            "Action": ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
            "Resource": [f"arn:aws:ecs:{PLACE}:task/platform-test-ecs/*"],
        },
    ]


def test_its_environment_says_where_the_queue_is(run: Recorder) -> None:
    definition = run.one("aws:ecs/taskDefinition:TaskDefinition").inputs
    (container,) = json.loads(definition["containerDefinitions"])
    variables = {each["name"]: each["value"] for each in container["environment"]}
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/platform-test-pictures"
    assert variables == {"PICTURES_QUEUE_URL": url}


def test_a_grant_to_send_as_well_is_kept() -> None:
    found = statements(deployed(job({"grants": {"pictures": ["send"]}})), "resize-task-policy")
    assert {"sqs:ReceiveMessage", "sqs:SendMessage"} <= set(found[0]["Action"])


def test_the_messages_for_each_task_are_held(run: Recorder) -> None:
    policy = run.one(POLICY, "resize-scaling-backlog").inputs
    assert policy["policyType"] == "TargetTrackingScaling"
    held = policy["targetTrackingScalingPolicyConfiguration"]
    assert (held["targetValue"], held["scaleOutCooldown"], held["scaleInCooldown"]) == (
        60,
        180,
        300,
    )
    found = queries(held["customizedMetricSpecification"]["metrics"])
    assert [id_ for id_, query in found.items() if query["returnData"]] == ["backlog"]
    assert "60.00" in found["backlog"]["expression"]
    for id_, metric in (
        ("visible", "ApproximateNumberOfMessagesVisible"),
        ("hidden", "ApproximateNumberOfMessagesNotVisible"),
    ):
        assert found[id_]["metricStat"] == {
            "stat": "Maximum",
            "metric": {
                "namespace": "AWS/SQS",
                "metricName": metric,
                "dimensions": [{"name": "QueueName", "value": "platform-test-pictures"}],
            },
        }
    assert found["running"]["metricStat"] == {
        "stat": "Average",
        "metric": {
            "namespace": "ECS/ContainerInsights",
            "metricName": "RunningTaskCount",
            "dimensions": [
                {"name": "ClusterName", "value": "platform-test-ecs"},
                {"name": "ServiceName", "value": "resize"},
            ],
        },
    }


def test_an_alarm_on_unattended_messages_starts_the_first_task(
    run: Recorder, *, preview: bool
) -> None:
    alarm = run.one(ALARM)
    assert alarm.inputs["name"] == "platform-test-resize-unattended"
    assert (alarm.inputs["comparisonOperator"], alarm.inputs["threshold"]) == (
        "GreaterThanOrEqualToThreshold",
        1,
    )
    assert alarm.inputs["evaluationPeriods"] == 1
    found = queries(alarm.inputs["metricQueries"])
    assert [id_ for id_, query in found.items() if query["returnData"]] == ["unattended"]
    assert {
        id_: query["metric"]["metricName"] for id_, query in found.items() if "metric" in query
    } == {
        "visible": "ApproximateNumberOfMessagesVisible",
        "hidden": "ApproximateNumberOfMessagesNotVisible",
        "received": "NumberOfMessagesReceived",
        "empty": "NumberOfEmptyReceives",
    }
    for query in found.values():
        if "metric" in query:
            assert query["metric"]["period"] == 60
            assert query["metric"]["dimensions"] == {"QueueName": "platform-test-pictures"}
    policy = run.one(POLICY, "resize-scaling-first")
    if not preview:
        assert alarm.inputs["alarmActions"] == ["arn:computed:resize-scaling-first"]
    assert policy.urn in alarm.sources["alarmActions"]
    assert policy.inputs["stepScalingPolicyConfiguration"] == {
        "adjustmentType": "ChangeInCapacity",
        "metricAggregationType": "Maximum",
        "cooldown": 300,
        "stepAdjustments": [{"metricIntervalLowerBound": "0", "scalingAdjustment": 1}],
    }


def test_a_queue_that_has_stopped_publishing_raises_no_alarm(run: Recorder) -> None:
    assert run.one(ALARM).inputs["treatMissingData"] == "notBreaching"


def test_where_a_task_always_runs_nothing_has_to_start_the_first() -> None:
    found = deployed(job(min=2))
    assert [policy.name for policy in found.of(POLICY)] == ["resize-scaling-backlog"]
    assert not found.of(ALARM)
    assert service(found).inputs["desiredCount"] == 2


def test_a_targets_policies_are_made_one_after_another(run: Recorder) -> None:
    chain = [*run.of(TARGET), *run.of(POLICY)]
    assert len(chain) == 3
    for before, after in pairwise(chain):
        assert before.urn in after.dependencies


def test_new_capacity_starts_new_tasks() -> None:
    triggers = [
        service(deployed(job(given))).inputs["triggers"]
        for given in ({}, {"capacity": "on-demand"})
    ]
    assert triggers == [{"capacity": "spot"}, {"capacity": "on-demand"}]


def test_a_queue_that_exists_already_is_worked_on_by_its_name() -> None:
    found = deployed(job(), f"arn:aws:sqs:{PLACE}:theirs")
    dimensions = [
        query["metric"]["dimensions"]
        for query in found.one(ALARM).inputs["metricQueries"]
        if "metric" in query
    ]
    assert dimensions == 4 * [{"QueueName": "theirs"}]


@pytest.mark.parametrize("place", ["eu-central-1:111122223333", "eu-west-1:444455556666"])
def test_a_queue_whose_metrics_are_elsewhere_is_refused(place: str) -> None:
    region, account = place.split(":")
    with pytest.raises(pulumi.RunError) as raised:
        deployed(job(), f"arn:aws:sqs:{place}:pictures")
    assert str(raised.value).startswith(
        f"jobs.resize.queue.name: pictures is in {region} of account {account}, and so are the "
        "metrics that workers are scaled by; this stack is in eu-west-1 of 111122223333"
    )


def test_a_page_that_gives_no_such_queue_is_told_so() -> None:
    settings = job()

    def program() -> None:
        assert settings.queue
        cluster = programs.ecs(programs.network())
        QueueWorker("resize", settings, settings.queue, cluster=cluster, grantables={})

    with pytest.raises(pulumi.RunError, match=r"^jobs\.resize\.queue\.name: no queue named pict"):
        programs.run(program, preview=False)


def alarms(queue: Mapping[str, object], *, preview: bool) -> Mapping[str, Registration]:
    """Return the alarms of a stack whose one job works on a queue, by name."""
    resize = {"image": programs.IMAGE, "queue": TRIGGER}
    settings = programs.settings(jobs={"resize": resize}, queues={"pictures": queue})

    def program() -> None:
        ecs = programs.ecs(programs.network())
        Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=None, behind=None)

    return {alarm.name: alarm for alarm in programs.run(program, preview=preview).of(ALARM)}


def test_an_alarm_tells_of_messages_that_its_tasks_gave_up(*, preview: bool) -> None:
    given = alarms({}, preview=preview)["resize-undelivered-alarm"].inputs
    assert given["metricName"] == "ApproximateNumberOfMessagesVisible"
    assert given["dimensions"] == {"QueueName": "platform-test-pictures-dead-letters"}
    assert given["alarmActions"] == [f"arn:aws:sns:{PLACE}:platform-test-job-failures"]


def test_what_becomes_of_an_existing_queue_s_messages_is_for_its_owner_to_watch() -> None:
    given = alarms({"arn": f"arn:aws:sqs:{PLACE}:pictures"}, preview=False)
    assert set(given) == {"resize-failed-alarm", "resize-late-alarm", "resize-unattended"}


@pytest.mark.parametrize("queue", [{}, {"arn": f"arn:aws:sqs:{PLACE}:pictures"}])
def test_an_alarm_tells_of_messages_that_wait_much_longer_than_they_may(
    queue: Mapping[str, object], *, preview: bool
) -> None:
    given = alarms(queue, preview=preview)["resize-late-alarm"].inputs
    assert (given["namespace"], given["metricName"]) == (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
    )
    name = "pictures" if queue else "platform-test-pictures"
    assert given["dimensions"] == {"QueueName": name}
    assert (given["statistic"], given["comparisonOperator"]) == ("Maximum", "GreaterThanThreshold")
    assert given["threshold"] == 2 * 600 + 1_800 + 3 * 10
    assert f"of the queue {name} is older than 3030 seconds" in given["alarmDescription"]
    # An idle queue publishes nothing.
    assert given["treatMissingData"] == "notBreaching"
    assert given["alarmActions"] == [f"arn:aws:sns:{PLACE}:platform-test-job-failures"]
