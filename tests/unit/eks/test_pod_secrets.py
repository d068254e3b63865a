"""Secrets of pods: copied by a role that reads exactly these, and new versions start new pods."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components import EksService, SecretsOperator
from components.grants import Grantable, GrantableKey, GrantableParameter, GrantableSecret
from components.settings import ParameterSettings
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, ENVIRONMENT, ISSUER, lookup
from tests.unit.support.documents import statements, trust, web_identity_trust
from tests.unit.support.engine import UNKNOWN, Recorder, deploy

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"
COPY = "kubernetes:external-secrets.io/v1:ExternalSecret"

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database-a1B2c3"
ELSEWHERE = "arn:aws:secretsmanager:eu-north-1:111122223333:secret:shop/payments-d4E5f6"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/url"
SECRETS = {
    "DB_PASSWORD": "database:password",
    "DB_USER": "database:user",
    "PAYMENTS": "payments",
    "SHOP_URL": "shop-url",
}
DECLARED: dict[str, Grantable] = {
    "database": GrantableSecret.existing(ARN, ENVIRONMENT, GrantableKey(KEY)),
    "payments": GrantableSecret.existing(ELSEWHERE, ENVIRONMENT, None),
    "shop-url": GrantableParameter.existing(
        programs.section(ParameterSettings, {"name": "/shop/url"}), ENVIRONMENT, None
    ),
}


def web(
    secrets: Mapping[str, str],
    *,
    preview: bool = False,
    current: str = "1",
    namespace: str = "shop",
) -> Recorder:
    """Deploy a service with these secrets, of which `database` has a version `current`."""

    def answer(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if arguments.get("secretId") == ARN:
            assert arguments["region"] == "eu-west-1"
            return {"versions": [{"versionId": current, "versionStages": ["AWSCURRENT"]}]}
        if function == "aws:ssm/getParameter:getParameter":
            assert arguments == {"name": "/shop/url", "withDecryption": False}
        return lookup(function, arguments)

    def program() -> None:
        cluster = programs.eks(programs.network(), namespaces={"shop": {}, "office": {}})
        EksService(
            "web",
            programs.service(runtime="eks", secrets=secrets, namespace=namespace),
            cluster=cluster,
            controller=programs.controller(cluster),
            operator=SecretsOperator("operator", cluster=cluster, namespaces=["office", "shop"]),
            grantables=DECLARED,
        )

    return deploy(program, replace(CLOUD, lookup=answer), preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return web(SECRETS, preview=preview)


def variables(run: Recorder) -> dict[str, Any]:
    """Return where each variable of the pods comes from."""
    spec = run.one(DEPLOYMENT).inputs["spec"]["template"]["spec"]
    return {one["name"]: one.get("valueFrom") for one in spec["containers"][0]["env"]}


def copies(run: Recorder) -> dict[str, Mapping[str, Any]]:
    """Return the specification of each ExternalSecret by the name of its store."""
    specs = [found.inputs["spec"] for found in run.of(COPY)]
    return {spec["secretStoreRef"]["name"]: spec for spec in specs}


def test_only_an_account_that_no_pod_has_can_have_the_reading_role() -> None:
    for namespace in ("shop", "office"):
        run = web(SECRETS, namespace=namespace)
        assert trust(run, "web-secrets-role") == web_identity_trust(
            "arn:computed:eks-oidc", ISSUER, f"{namespace}:web.secrets"
        )
        pods = run.one(DEPLOYMENT).inputs["spec"]["template"]["spec"]
        assert pods["serviceAccountName"] == "web"


def test_the_role_reads_exactly_these(run: Recorder) -> None:
    assert statements(run, "web-secrets-policy") == [
        {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": [ARN]},
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": [KEY],
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:SecretARN": ARN,
                    "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
                }
            },
        },
        {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": [ELSEWHERE]},
        # The operator asks for parameters one by one, unlike ECS.
        {"Effect": "Allow", "Action": ["ssm:GetParameter"], "Resource": [PARAMETER]},
    ]


def test_the_services_own_code_may_not_read_them(run: Recorder) -> None:
    names = {found.name for found in run.of("aws:iam/rolePolicy:RolePolicy")}
    assert "web-secrets-policy" in names
    assert "web-policy" not in names


def test_the_account_has_the_role_and_no_token_of_kubernetes_by_itself(run: Recorder) -> None:
    account = run.named("web-secrets-account").inputs
    assert account["metadata"]["name"] == "web.secrets"
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == (
        "arn:aws:iam::111122223333:role/platform-test-eu-west-1-web-secrets"
    )
    assert account["automountServiceAccountToken"] is False


def test_no_service_can_be_named_like_the_account(run: Recorder) -> None:
    name = run.named("web-secrets-account").inputs["metadata"]["name"]
    settings = {"services": {name: {"image": programs.IMAGE}}}
    with pytest.raises(Exception, match="lower-case letters, digits and single hyphens"):
        programs.settings(**settings)


def test_the_namespaces_operator_may_ask_for_this_accounts_token_and_no_others(
    run: Recorder,
) -> None:
    role = run.named("web-secrets-token").inputs
    assert role["rules"] == [
        {
            "apiGroups": [""],
            "resources": ["serviceaccounts/token"],
            "resourceNames": ["web.secrets"],
            "verbs": ["create"],
        }
    ]
    binding = run.named("web-secrets-operator").inputs
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "secrets-shop", "namespace": "external-secrets"}
    ]
    assert binding["roleRef"]["kind"] == "Role"
    assert binding["roleRef"]["name"] == role["metadata"]["name"] == "web.secrets"


def test_each_store_of_aws_and_region_is_read_by_the_services_own_account(run: Recorder) -> None:
    stores = {
        found.inputs["metadata"]["name"]: found.inputs["spec"]["provider"]["aws"]
        for found in run.of(STORE)
    }
    auth = {"jwt": {"serviceAccountRef": {"name": "web.secrets"}}}
    assert stores == {
        "web-secretsmanager-eu-west-1": {
            "service": "SecretsManager",
            "region": "eu-west-1",
            "auth": auth,
        },
        "web-secretsmanager-eu-north-1": {
            "service": "SecretsManager",
            "region": "eu-north-1",
            "auth": auth,
        },
        "web-parameterstore-eu-west-1": {
            "service": "ParameterStore",
            "region": "eu-west-1",
            "auth": auth,
        },
    }


def test_each_variable_is_a_key_of_a_copied_secret(run: Recorder) -> None:
    assert {name: spec["data"] for name, spec in copies(run).items()} == {
        "web-secretsmanager-eu-west-1": [
            {"secretKey": "DB_PASSWORD", "remoteRef": {"key": ARN, "property": "password"}},
            {"secretKey": "DB_USER", "remoteRef": {"key": ARN, "property": "user"}},
        ],
        "web-secretsmanager-eu-north-1": [
            {"secretKey": "PAYMENTS", "remoteRef": {"key": ELSEWHERE}}
        ],
        "web-parameterstore-eu-west-1": [
            {"secretKey": "SHOP_URL", "remoteRef": {"key": "/shop/url"}}
        ],
    }


def test_the_pods_read_them_from_their_environment_and_no_value_is_in_the_deployment(
    run: Recorder,
) -> None:
    found = variables(run)
    assert found.keys() == SECRETS.keys()
    for spec in copies(run).values():
        secret = spec["target"]["name"]
        assert secret != UNKNOWN
        for item in spec["data"]:
            variable = item["secretKey"]
            assert found[variable] == {"secretKeyRef": {"name": secret, "key": variable}}


def test_a_copy_is_refreshed_and_gone_with_what_asked_for_it(run: Recorder) -> None:
    for spec in copies(run).values():
        assert (spec["refreshPolicy"], spec["refreshInterval"]) == ("Periodic", "1h0m0s")
        assert spec["target"]["creationPolicy"] == "Owner"
        assert spec["target"]["deletionPolicy"] == "Retain"


def test_a_secret_that_cannot_be_read_fails_the_update_before_any_pod_starts(
    run: Recorder,
) -> None:
    for found in (*run.of(STORE), *run.of(COPY)):
        assert found.inputs["metadata"]["annotations"] == {"pulumi.com/waitFor": "condition=Ready"}
        assert run.depends(run.one(DEPLOYMENT), found)


def secret_names(run: Recorder) -> dict[str, str]:
    return {store: spec["target"]["name"] for store, spec in copies(run).items()}


def test_a_new_version_makes_a_new_secret_and_so_new_pods() -> None:
    before, after = web(SECRETS, current="1"), web(SECRETS, current="2")
    names = secret_names(before)
    changed = {store for store, name in secret_names(after).items() if name != names[store]}
    assert changed == {"web-secretsmanager-eu-west-1"}
    assert variables(before)["DB_USER"] != variables(after)["DB_USER"]
    assert variables(before)["PAYMENTS"] == variables(after)["PAYMENTS"]


def test_the_old_secret_stays_until_the_pods_that_read_it_are_gone(run: Recorder) -> None:
    # The operator deletes a Secret that its ExternalSecret no longer names; with another
    # ExternalSecret the old Secret stays until Pulumi, at the end, deletes what it replaced.
    for found in run.of(COPY):
        assert found.inputs["metadata"]["name"] == found.inputs["spec"]["target"]["name"]
        assert not found.delete_before_replace


@pytest.mark.parametrize(
    "other", [{"A": "database:user"}, {"B": "database:password"}, {"A": "database"}]
)
def test_another_content_is_another_secret(other: dict[str, str]) -> None:
    assert secret_names(web({"A": "database:password"})) != secret_names(web(other))


@pytest.mark.parametrize(
    "before",
    [
        "web-secrets-account",
        "web-secrets-policy",
        "web-secrets-operator",
        "operator-secrets-shop",
        "operator-external-secrets-definitions",
        "eks-namespace-shop",
    ],
)
def test_a_store_comes_after(run: Recorder, before: str) -> None:
    for store in run.of(STORE):
        assert run.depends(store, run.named(before))


def test_all_of_it_is_in_the_services_namespace() -> None:
    run = web(SECRETS, namespace="office")
    names = ("web-secrets-account", "web-secrets-token", "web-secrets-operator")
    found = [*map(run.named, names), *run.of(STORE), *run.of(COPY)]
    assert {one.inputs["metadata"]["namespace"] for one in found} == {"office"}
    subject = run.named("web-secrets-operator").inputs["subjects"][0]
    assert subject["name"] == "secrets-office"


def test_a_service_without_secrets_has_none_of_it() -> None:
    run = web({})
    assert not run.of(STORE)
    assert not run.of("kubernetes:rbac.authorization.k8s.io/v1:Role")
    assert not [one for one in run.of("aws:iam/role:Role") if "secrets" in one.name]


def test_secrets_without_an_operator_are_an_error() -> None:
    def program() -> None:
        cluster = programs.eks(programs.network())
        EksService(
            "web",
            programs.service(runtime="eks", secrets={"A": "database"}),
            cluster=cluster,
            controller=programs.controller(cluster),
            grantables=DECLARED,
        )

    with pytest.raises(pulumi.RunError) as raised:
        programs.run(program, preview=False)
    assert str(raised.value) == "web: its secrets need the secrets operator"
