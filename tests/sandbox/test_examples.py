"""Every stack file deploys, with the pack, and settles; and what it is made of."""

import json
from collections import Counter
from typing import Any

import pytest
from check.configuration import configured
from check.engine_output import read
from check.evaluation import Level, evaluate
from fargate_policies.catalogue import RULES
from ruamel.yaml import YAML

from tests.sandbox.deployments import FILES, Deployed, Deployments, policy_levels, stack_name
from tests.sandbox.documents import documents, expected, previewed
from tests.sandbox.edges import missing_edges, named_pairs
from tests.sandbox.project import ROOT

pytestmark = pytest.mark.engine

PROJECT = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["name"]
"""Forks have their own."""

UNKNOWN_AT_FIRST = {
    "batch": [
        "BatchJob render-files-policy policy",
        "BatchJob render-job containerProperties",
        "FileSystem scratch-files-policy policy",
    ],
    "both-runtimes": [
        "EksService cache-eks-role assumeRolePolicy",
        "EksService catalogue-eks-role assumeRolePolicy",
        "EksService shop-eks-role assumeRolePolicy",
        "EksService worker-eks-role assumeRolePolicy",
        "EksService worker-eks-secrets-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "calls-on-eks": [
        "EksService catalogue-role assumeRolePolicy",
        "EksService page-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "dev": [
        "EksService reports-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "eks-teams": [
        "ContainerInsights container-insights-role assumeRolePolicy",
        "EksService intranet-role assumeRolePolicy",
        "EksService page-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "files": [
        "EcsService downloads-files-policy policy",
        "EcsService uploads-files-policy policy",
        "FileSystem documents-files-policy policy",
        "FileSystem scratch-files-policy policy",
    ],
    "jobs-on-eks": [
        "EksCronJob cleanup-role assumeRolePolicy",
        "EksCronJob nightly-report-role assumeRolePolicy",
        "EksCronJob nightly-report-secrets-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "private-eks": [
        "EksService hello-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "prod": [
        "EksService reports-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "scaling": [
        "EksService reports-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
    "secrets-on-eks": [
        "EksService archive-role assumeRolePolicy",
        "EksService reports-role assumeRolePolicy",
        "EksService reports-secrets-role assumeRolePolicy",
        "EksService shop-role assumeRolePolicy",
        "EksService shop-secrets-role assumeRolePolicy",
        "LoadBalancerController alb-controller-role assumeRolePolicy",
    ],
}
"""Documents that a first preview doesn't know, by stack: all others of all stacks are known.

The trust of a role for a Kubernetes service account names the cluster's issuer, which EKS chooses;
what says who uses files names ids, which EFS chooses
(docs/decisions/0002-known-at-the-first-preview.md).
"""


@pytest.fixture(scope="module", params=FILES, ids=stack_name)
def deployed(request: pytest.FixtureRequest, deployments: Deployments) -> Deployed:
    """A stack file, deployed."""
    return deployments.of(request.param)


def test_it_deploys_without_a_violation_of_a_rule_that_is_not_exempt(deployed: Deployed) -> None:
    assert deployed.up["result"] == "updated"
    violated = {violation["policy"] for violation in deployed.up["policies"]["violations"]}
    assert violated == deployed.exempt


@pytest.mark.parametrize("printed", ["first", "second", "up"])
def test_the_pack_without_an_engine_says_what_it_says_on_the_engine(
    deployed: Deployed, printed: str
) -> None:
    said: dict[str, Any] = getattr(deployed, printed)
    # What `up` has made is in the export; what the previews show is in their JSON.
    text = deployed.state.text if printed == "up" else json.dumps(said)

    levels = configured(RULES, json.dumps(dict.fromkeys(deployed.exempt, "advisory")))

    found = {
        (finding.rule.name, finding.urn)
        if finding.level is Level.UNDECIDED
        else (finding.rule.name, finding.urn, finding.level.value, finding.message)
        for finding in evaluate(RULES, read(text), levels)
    }
    assert found == {
        (violation["policy"], violation["urn"])
        if "can't run policy" in violation["message"]
        else (
            violation["policy"],
            violation["urn"],
            violation["enforcementLevel"],
            violation["message"].partition("\n")[2],
        )
        for violation in said["policies"]["violations"]
    }


def test_an_exemption_makes_a_rule_advice_for_an_example_that_exists() -> None:
    for levels in (ROOT / "examples").glob("*.policies.json"):
        assert levels in [policy_levels(file) for file in FILES]
        assert set(json.loads(levels.read_text()).values()) == {"advisory"}


def test_a_second_preview_shows_no_change(deployed: Deployed) -> None:
    assert [step for step in deployed.second["steps"] if step["op"] != "same"] == []


def test_the_state_and_the_cloud_agree(deployed: Deployed) -> None:
    in_cloud = sorted((entry.type, entry.id) for entry in deployed.cloud)
    assert in_cloud == deployed.state.managed()


def test_the_first_preview_knows_every_document_but_those_of_a_closed_list(
    deployed: Deployed,
) -> None:
    found = list(documents(previewed(deployed.first)))
    unknown = sorted(where for where, known in found if not known)
    assert unknown == UNKNOWN_AT_FIRST.get(deployed.stack, [])


def test_the_first_preview_has_each_document_that_is_deployed(deployed: Deployed) -> None:
    announced, made = (
        sorted(where for where, _ in documents(resources))
        for resources in (previewed(deployed.first), deployed.state.resources)
    )
    assert announced == made


def test_each_service_and_job_of_the_stack_file_has_its_documents(deployed: Deployed) -> None:
    announced = [where.split(" ", 1)[1] for where, _ in documents(previewed(deployed.first))]
    wanted = list(expected(deployed.config))
    assert wanted
    assert Counter(wanted) <= Counter(announced)
    for key in ("containerDefinitions", "executionRoleArn", "taskRoleArn"):
        assert sorted(one for one in announced if one.endswith(key)) == sorted(
            one for one in wanted if one.endswith(key)
        )


def test_the_closed_list_names_no_stack_that_is_gone() -> None:
    assert set(UNKNOWN_AT_FIRST) <= {stack_name(file) for file in FILES}


def test_whoever_names_a_resource_of_the_stack_depends_on_it(deployed: Deployed) -> None:
    prefix = f"{PROJECT}-{deployed.stack}"
    assert missing_edges(deployed.state.resources, prefix) == []
    assert named_pairs(deployed.state.resources, prefix) >= 10
