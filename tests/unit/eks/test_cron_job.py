"""EksCronJob: pods that start at times, isolated as those of services are."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from components import EksCronJob, Queue, SecretsOperator
from components.grants import Grantable, GrantableSecret
from components.settings import JobSettings, QueueSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT, ISSUER
from tests.unit.support.documents import statements, trust, web_identity_trust
from tests.unit.support.engine import Recorder

CRON_JOB = "kubernetes:batch/v1:CronJob"
GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database-a1B2c3"  # noqa: S105 - an ARN


def report(**given: object) -> None:
    cluster = programs.eks(programs.network(), namespaces={"shop": {}, "office": {}})
    settings = programs.section(
        JobSettings,
        {
            "image": programs.IMAGE,
            "runtime": "eks",
            "namespace": "office",
            "schedule": {"rate": "1 hour"},
            "timeout": 600,
            **given,
        },
    )
    assert settings.schedule
    grantables: dict[str, Grantable] = {
        "orders": Queue("orders", QueueSettings(), environment=ENVIRONMENT).grantable,
        "database": GrantableSecret.existing(SECRET, ENVIRONMENT, None),
    }
    EksCronJob(
        "report",
        settings,
        settings.schedule,
        cluster=cluster,
        controller=programs.controller(cluster),
        operator=SecretsOperator("operator", cluster=cluster, namespaces=["office"]),
        grantables=grantables,
    )


def known(**given: Any) -> Recorder:  # noqa: ANN401 - a job's settings
    return programs.run(partial(report, **given), preview=False)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    given: dict[str, Any] = {
        "schedule": {"cron": "0 3 ? * MON-FRI *", "timezone": "Europe/Berlin"},
        "grants": {"orders": ["send"]},
        "secrets": {"PASSWORD": "database"},
        "size": {"cpu": 1, "memory": 2048},
        "retries": 2,
        "delivery": {"maxAge": 10_800},
        "stopTimeout": 90,
        "command": ["report"],
    }
    return programs.run(partial(report, **given), preview=preview)


def spec(run: Recorder) -> Mapping[str, Any]:
    found: Mapping[str, Any] = run.one(CRON_JOB).inputs["spec"]
    return found


def job(run: Recorder) -> Mapping[str, Any]:
    found: Mapping[str, Any] = spec(run)["jobTemplate"]["spec"]
    return found


def pod(run: Recorder) -> Mapping[str, Any]:
    found: Mapping[str, Any] = job(run)["template"]["spec"]
    return found


def test_it_starts_at_the_schedules_times_in_its_time_zone(run: Recorder) -> None:
    assert (spec(run)["schedule"], spec(run)["timeZone"]) == ("0 3 * * MON-FRI", "Europe/Berlin")
    assert spec(run)["suspend"] is False


def test_a_start_that_could_not_be_is_made_up_for_within_the_age_of_a_delivery(
    run: Recorder,
) -> None:
    assert spec(run)["startingDeadlineSeconds"] == 10_800


@pytest.mark.parametrize(("given", "policy"), [({}, "Allow"), ({"concurrency": 1}, "Forbid")])
def test_one_at_a_time_forbids_a_second_run(given: dict[str, int], policy: str) -> None:
    assert spec(known(**given))["concurrencyPolicy"] == policy


def test_a_run_is_one_pod_and_another_one_for_each_retry_never_beside_the_one_before(
    run: Recorder,
) -> None:
    assert (job(run)["parallelism"], job(run)["completions"]) == (1, 1)
    assert job(run)["backoffLimit"] == 2
    assert job(run)["podReplacementPolicy"] == "Failed"
    assert pod(run)["restartPolicy"] == "Never"


def test_without_retries_a_pod_that_failed_is_not_started_again() -> None:
    assert job(known())["backoffLimit"] == 0


def test_a_run_has_failed_after_the_timeout_whether_its_pod_ever_started_or_not(
    run: Recorder,
) -> None:
    assert job(run)["activeDeadlineSeconds"] == 600
    # A pod's own deadline counts from when a kubelet has it, and is a failure to be retried.
    assert "activeDeadlineSeconds" not in pod(run)


def test_finished_pods_go_within_a_minute_as_fargate_bills_them(run: Recorder) -> None:
    assert job(run)["ttlSecondsAfterFinished"] == 60
    assert spec(run)["successfulJobsHistoryLimit"] == spec(run)["failedJobsHistoryLimit"] == 1


def test_its_pod_has_the_settings_of_a_services_pod_and_serves_nobody(run: Recorder) -> None:
    (container,) = pod(run)["containers"]
    assert (container["name"], container["args"]) == ("report", ["report"])
    assert container["resources"]["requests"] == {"cpu": "1000m", "memory": "1792Mi"}
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod(run)["securityContext"]["runAsNonRoot"] is True
    assert pod(run)["terminationGracePeriodSeconds"] == 90
    for served in ("ports", "readinessProbe", "livenessProbe", "lifecycle"):
        assert served not in container
    for type_ in ("core/v1:Service", "policy/v1:PodDisruptionBudget"):
        assert not run.of(f"kubernetes:{type_}")


def test_only_its_own_account_in_its_own_namespace_can_have_its_role(run: Recorder) -> None:
    account = run.one("kubernetes:core/v1:ServiceAccount", "report-account").inputs
    assert account["metadata"]["name"] == pod(run)["serviceAccountName"] == "report"
    assert account["automountServiceAccountToken"] is False
    assert pod(run)["automountServiceAccountToken"] is False
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == (
        "arn:aws:iam::111122223333:role/platform-test-eu-west-1-report-pod"
    )
    assert trust(known(), "report-role") == web_identity_trust(
        "arn:computed:eks-oidc", ISSUER, "office:report"
    )


def test_a_grant_becomes_a_statement_of_its_role_and_variables_of_its_pod(run: Recorder) -> None:
    (statement,) = statements(run, "report-policy")
    assert statement["Resource"] == ["arn:aws:sqs:eu-west-1:111122223333:platform-test-orders"]
    assert "sqs:SendMessage" in statement["Action"]
    names = {variable["name"] for variable in pod(run)["containers"][0]["env"]}
    assert "ORDERS_QUEUE_URL" in names


def test_a_secret_comes_from_a_copy_in_its_namespace_that_its_own_role_cannot_read(
    run: Recorder,
) -> None:
    copy = run.one("kubernetes:external-secrets.io/v1:ExternalSecret").inputs
    assert copy["metadata"]["namespace"] == "office"
    assert "secretsmanager" not in str(statements(run, "report-policy"))
    assert SECRET in str(statements(run, "report-secrets-policy"))
    sources = {e["name"]: e.get("valueFrom") for e in pod(run)["containers"][0]["env"]}
    assert sources["PASSWORD"]["secretKeyRef"]["key"] == "PASSWORD"


def test_its_pods_are_in_the_shared_group_and_their_own_which_lets_nobody_in(
    run: Recorder,
) -> None:
    policy = run.one(GROUPS, "report-groups").inputs
    assert (
        policy["spec"]["podSelector"]["matchLabels"] == (job(run)["template"]["metadata"]["labels"])
    )
    found = known()
    groups = found.one(GROUPS, "report-groups").inputs["spec"]["securityGroups"]["groupIds"]
    assert groups == ["eks-pods-id", "report-group-id"]
    rules = found.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert rules
    assert "report-group-id" not in [rule.inputs["securityGroupId"] for rule in rules]


def test_objects_are_in_the_jobs_namespace(run: Recorder) -> None:
    for type_, name in (
        (CRON_JOB, "report-cron-job"),
        (GROUPS, "report-groups"),
        ("kubernetes:core/v1:ServiceAccount", "report-account"),
    ):
        assert run.one(type_, name).inputs["metadata"]["namespace"] == "office"


@pytest.mark.parametrize(
    "needed", ["report-groups", "report-policy", "report-account", "alb-controller-release"]
)
def test_no_pod_starts_before_what_isolates_it_and_what_it_needs(
    needed: str, run: Recorder
) -> None:
    assert run.depends(run.one(CRON_JOB), run.named(needed))
