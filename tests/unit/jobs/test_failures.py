"""JobFailures: who is told of failed jobs, by rules and alarms that nobody else can use."""

import json
from typing import Any

import pulumi
import pytest

from components import Workloads
from components.jobs.failed_tasks import failure_pattern
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import Recorder

PLACE = "eu-west-1:111122223333"
TOPIC = f"arn:aws:sns:{PLACE}:platform-test-job-failures"
ON_CALL = f"arn:aws:sns:{PLACE}:on-call"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
JOBS = {
    name: {"image": programs.IMAGE, "schedule": {"rate": "1 hour"}} for name in ("report", "sweep")
}


def deploy(*, preview: bool = False, **given: object) -> Recorder:
    settings = programs.settings(**{"jobs": JOBS, **given})

    def program() -> None:
        ecs = programs.ecs(programs.network())
        workloads = Workloads(
            "workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=None, behind=None
        )
        if workloads.job_failures:
            pulumi.export("topic", workloads.job_failures.topic_arn)

    return programs.run(program, preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return deploy(preview=preview, failures={"emails": ["team@example.com", "boss@example.com"]})


@pytest.fixture(scope="module")
def on_call(*, preview: bool) -> Recorder:
    return deploy(
        preview=preview,
        topics={"on-call": {"arn": ON_CALL, "key": "seal"}},
        keys={"seal": {"alias": "alias/seal"}},
        failures={"topic": "on-call"},
    )


def document(run: Recorder, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run.named(name).inputs["policy"])["Statement"]
    return found


def test_each_job_has_a_rule_for_its_own_failed_tasks(run: Recorder) -> None:
    assert {rule.name for rule in run.of(RULE)} == {"report-failed", "sweep-failed"}
    given = run.one(RULE, "report-failed").inputs
    assert given["name"] == "platform-test-report-failed"
    assert (given["eventBusName"], given["state"]) == ("default", "ENABLED")
    assert json.loads(given["eventPattern"]) == failure_pattern(
        "report",
        cluster_arn=f"arn:aws:ecs:{PLACE}:cluster/platform-test-ecs",
        revisions=f"arn:aws:ecs:{PLACE}:task-definition/platform-test-report:",
    )


def test_a_message_about_each_failed_task_goes_to_the_topic(run: Recorder) -> None:
    given = run.one(TARGET, "report-failed-message").inputs
    assert given["rule"] == "platform-test-report-failed"
    assert given["arn"] == TOPIC
    assert run.exports["topic"] == TOPIC
    assert (
        given["roleArn"] == "arn:aws:iam::111122223333:role/platform-test-eu-west-1-report-failures"
    )
    template = given["inputTransformer"]["inputTemplate"]
    assert template.startswith('{"job": "report", "message": "A task of job report failed", ')
    assert set(given["inputTransformer"]["inputPaths"]) == {
        "time", "task", "stopCode", "reason", "containers",
    }  # fmt: skip


def test_only_its_rule_has_the_role_that_publishes(run: Recorder) -> None:
    assert trust(run, "report-failures-role") == service_trust(
        "events.amazonaws.com",
        f"arn:aws:events:{PLACE}:rule/platform-test-report-failed",
        ENVIRONMENT.account,
    )


def test_the_role_may_publish_there_and_use_its_key_for_that_alone(run: Recorder) -> None:
    assert statements(run, "report-failures-policy") == [
        {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [TOPIC]},
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": [f"arn:aws:kms:{PLACE}:key/*"],
            "Condition": {
                "ForAnyValue:StringEquals": {
                    "kms:ResourceAliases": ["alias/platform-test-job-failures-key"]
                },
                "StringEquals": {"kms:ViaService": "sns.eu-west-1.amazonaws.com"},
            },
        },
    ]


def test_a_rule_sends_nothing_before_its_role_may_publish(run: Recorder) -> None:
    target = run.one(TARGET, "report-failed-message")
    assert run.named("report-failures-policy").urn in target.dependencies


def test_an_alarm_rings_when_a_task_failed_that_was_started_directly_and_is_well_without_data(
    *, preview: bool
) -> None:
    jobs = {"report": {**JOBS["report"], "delivery": {"direct": True}}}
    given = deploy(preview=preview, jobs=jobs).one(ALARM, "report-failed-alarm").inputs
    assert (given["namespace"], given["metricName"]) == ("AWS/Events", "TriggeredRules")
    assert given["dimensions"] == {"RuleName": "platform-test-report-failed"}
    assert (given["statistic"], given["period"], given["evaluationPeriods"]) == ("Sum", 300, 1)
    assert (given["comparisonOperator"], given["threshold"]) == ("GreaterThanThreshold", 0)
    assert given["treatMissingData"] == "notBreaching"
    assert given["alarmActions"] == [TOPIC]


@pytest.mark.parametrize("retries", [0, 2])
def test_the_alarm_of_any_other_job_rings_when_no_retry_is_left_or_none_could_start(
    retries: int, *, preview: bool
) -> None:
    jobs = {"report": {**JOBS["report"], "retries": retries}}
    given = deploy(preview=preview, jobs=jobs).one(ALARM, "report-failed-alarm").inputs
    assert (given["namespace"], given["metricName"]) == ("AWS/States", "ExecutionsFailed")
    state_machine = f"arn:aws:states:{PLACE}:stateMachine:platform-test-report"
    assert given["dimensions"] == {"StateMachineArn": state_machine}
    assert (given["statistic"], given["treatMissingData"]) == ("Sum", "notBreaching")


def test_an_alarm_rings_while_there_are_starts_that_aws_gave_up(run: Recorder) -> None:
    given = run.one(ALARM, "report-undelivered-alarm").inputs
    queue = run.named("report-undelivered")
    assert given["namespace"] == "AWS/SQS"
    assert given["metricName"] == "ApproximateNumberOfMessagesVisible"
    assert given["dimensions"] == {"QueueName": queue.inputs["name"]}
    assert (given["statistic"], given["threshold"]) == ("Maximum", 0)
    assert given["treatMissingData"] == "ignore"
    assert given["alarmActions"] == [TOPIC]
    assert queue.inputs["name"] in given["alarmDescription"]
    assert queue.urn in run.one(ALARM, "report-undelivered-alarm").dependencies


def test_the_topic_admits_exactly_the_alarms_and_nobody_without_tls(run: Recorder) -> None:
    refused, alarms = document(run, "job-failures-policy")
    assert (refused["Effect"], refused["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert alarms == {
        "Sid": "Alarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {
            "ArnEquals": {
                "aws:SourceArn": [
                    f"arn:aws:cloudwatch:{PLACE}:alarm:platform-test-{job}-{what}"
                    for job in JOBS
                    for what in ("failed", "undelivered")
                ]
            },
            "StringEquals": {"aws:SourceAccount": "111122223333"},
        },
    }
    names = {alarm.inputs["name"] for alarm in run.of(ALARM)}
    admitted = alarms["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert {arn.rpartition(":")[2] for arn in admitted} == names


def test_the_topic_is_encrypted_with_a_key_that_cloudwatch_may_use_for_it_alone(
    run: Recorder,
) -> None:
    topic = run.one("aws:sns/topic:Topic")
    assert topic.inputs["name"] == "platform-test-job-failures"
    assert topic.inputs["kmsMasterKeyId"] == "alias/platform-test-job-failures-key"
    assert topic.inputs["signatureVersion"] == 2
    key = run.one("aws:kms/key:Key")
    assert run.depends(topic, run.named("job-failures-key-alias"))
    assert key.inputs["enableKeyRotation"] is True
    assert document(run, "job-failures-key")[1:] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}},
        }
    ]


def test_addresses_are_subscribed(run: Recorder) -> None:
    subscribed = [found.inputs for found in run.of("aws:sns/topicSubscription:TopicSubscription")]
    assert subscribed == [
        {"topic": TOPIC, "protocol": "email", "endpoint": address}
        for address in ("team@example.com", "boss@example.com")
    ]


def test_a_topic_that_exists_takes_the_place_of_the_stacks_own(on_call: Recorder) -> None:
    assert on_call.exports["topic"] == ON_CALL
    assert {target.inputs["arn"] for target in on_call.of(TARGET)} == {ON_CALL}
    assert all(alarm.inputs["alarmActions"] == [ON_CALL] for alarm in on_call.of(ALARM))
    for type_ in ("aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "aws:kms/key:Key"):
        assert not on_call.of(type_)


def test_rules_publish_to_it_with_the_key_that_is_declared_for_it(on_call: Recorder) -> None:
    publish, key = statements(on_call, "report-failures-policy")
    assert publish == {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [ON_CALL]}
    assert key["Condition"]["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": ["alias/seal"]}


@pytest.mark.parametrize("place", ["eu-west-1:444455556666", "us-east-1:111122223333"])
def test_a_topic_elsewhere_is_refused_before_anything_starts(place: str) -> None:
    region, account = place.split(":")
    with pytest.raises(pulumi.RunError, match=rf"failures\.topic: .*{account} and region {region}"):
        deploy(topics={"far": {"arn": f"arn:aws:sns:{place}:far"}}, failures={"topic": "far"})


def test_without_jobs_there_is_nothing_to_tell() -> None:
    run = deploy(jobs={}, failures={"emails": ["team@example.com"]})
    assert not run.of("fargate:jobs:JobFailures")
    assert not run.of("aws:sns/topic:Topic")


@pytest.mark.parametrize("kind", [RULE, TARGET])
def test_every_job_of_the_example_is_watched(kind: str) -> None:
    jobs = set(programs.read_stack("jobs")["jobs"])
    run = programs.platform("jobs", preview=False)
    watched = {
        found.name.removesuffix("-message").removesuffix("-failed") for found in run.of(kind)
    }
    assert jobs <= watched
