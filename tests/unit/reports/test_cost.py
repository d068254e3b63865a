import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cost import ec2, prices
from reports.cost.fargate import split
from reports.cost.report import CostReport, as_json, as_text, cost_report, money
from tests.unit.reports.builders import UNKNOWN_TEXT, dev, exported, previewed, resource, urn

SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TARGET = "aws:appautoscaling/target:Target"
CLUSTER = "aws:ecs/cluster:Cluster"
CAPACITY = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
EKS = "aws:eks/cluster:Cluster"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SMALLEST = Decimal("9.010025")  # (0.25 x 0.04048 + 0.5 x 0.004445) x 730

FARGATE = [{"capacityProvider": "FARGATE", "weight": 1}]
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def task(**inputs: object) -> dict[str, Any]:
    given = {"family": "web", "cpu": "256", "memory": "512",
             "requiresCompatibilities": ["FARGATE"], **inputs}  # fmt: skip
    return resource(TASK, "task", given, id="web", outputs={"arn": "arn:task:1"})


def service(**inputs: object) -> dict[str, Any]:
    given = {"name": "web", "cluster": "arn:cluster/main", "taskDefinition": "arn:task:1",
             "desiredCount": 2, "capacityProviderStrategies": FARGATE, **inputs}  # fmt: skip
    return resource(SERVICE, "web", given, id="arn:service/web")


def target(low: int, high: int, resource_id: str = "service/main/web") -> dict[str, Any]:
    inputs = {"resourceId": resource_id, "scalableDimension": "ecs:service:DesiredCount",
              "minCapacity": low, "maxCapacity": high}  # fmt: skip
    return resource(TARGET, "scaling", inputs)


def pods(**spec: object) -> dict[str, Any]:
    requests = {"requests": {"cpu": "250m", "memory": "256Mi"}}
    template = {"metadata": {"labels": {"app": "api"}},
                "spec": {"containers": [{"resources": requests}]}}  # fmt: skip
    return resource(
        DEPLOYMENT,
        "api",
        {"metadata": {"name": "api", "namespace": "apps"}, "spec": {"template": template, **spec}},
    )


def profile(namespace: str, labels: dict[str, str] | None = None) -> dict[str, Any]:
    selector = {"namespace": namespace, **({"labels": labels} if labels else {})}
    return resource(PROFILE, f"profile-{namespace}", {"selectors": [selector]})


def amounts(report: CostReport) -> tuple[Decimal, Decimal, Decimal]:
    return report.monthly, report.low, report.high


def test_a_service_costs_its_tasks_of_its_definitions_size() -> None:
    report = cost_report(exported(task(), service()))
    assert amounts(report) == (2 * SMALLEST,) * 3
    assert report.gaps == ()


@pytest.mark.parametrize(
    ("region", "inputs", "strategy", "monthly"),
    [
        # (1 x 0.0696 + 2 x 0.0076) x 730
        ("sa-east-1", {"cpu": "1024", "memory": "2048"}, FARGATE, "61.904"),
        # (0.25 x 0.03238 + 0.5 x 0.00356) x 730
        ("us-east-1", {"runtimePlatform": {"cpuArchitecture": "ARM64"}}, FARGATE, "7.20875"),
        # (0.25 x 0.01288871 + 0.5 x 0.00141527) x 730
        ("us-east-1", {}, SPOT, "2.868763125"),
        # the smallest, and (30 - 20) x 0.000111 x 730
        ("us-east-1", {"ephemeralStorage": {"sizeInGib": 30}}, FARGATE, "9.820325"),
    ],
)
def test_region_architecture_capacity_and_disk_decide_what_a_task_costs(
    region: str, inputs: dict[str, Any], strategy: list[dict[str, Any]], monthly: str
) -> None:
    stack = exported(
        task(**inputs),
        service(desiredCount=1, capacityProviderStrategies=strategy),
        region=region,
    )
    assert cost_report(stack).monthly == Decimal(monthly)


@pytest.mark.parametrize(
    ("region", "strategy", "architecture", "known"),
    [
        ("af-south-1", FARGATE, "X86_64", "ca-central-1"),
        ("us-west-2", FARGATE, "ARM64", "eu-west-1"),
        ("eu-west-1", SPOT, "X86_64", "us-east-1"),
    ],
)
def test_a_region_without_a_known_price_is_said_and_not_guessed(
    region: str, strategy: list[dict[str, Any]], architecture: str, known: str
) -> None:
    stack = exported(
        task(runtimePlatform={"cpuArchitecture": architecture}),
        service(capacityProviderStrategies=strategy),
        region=region,
    )
    report = cost_report(stack)
    assert report.lines == ()
    (gap,) = report.gaps
    assert gap.name.endswith("Service web")
    assert f"no price known for {region}; prices are known for" in gap.reason
    assert known in gap.reason


def test_scaling_gives_the_range_and_holds_the_number_in_it() -> None:
    report = cost_report(exported(task(), service(desiredCount=1), target(2, 6)))
    assert amounts(report) == (2 * SMALLEST, 2 * SMALLEST, 6 * SMALLEST)


@pytest.mark.parametrize("in_stack", [True, False])
@pytest.mark.parametrize(
    ("resource_id", "taken"),
    [("service/main/web", True), ("service/other/web", False), ("service/main/api", False)],
)
def test_another_services_scaling_is_not_taken(
    in_stack: bool,  # noqa: FBT001 - a parameter
    resource_id: str,
    taken: bool,  # noqa: FBT001 - a parameter
) -> None:
    cluster = resource(CLUSTER, "main", {"name": "main"}, id="arn:cluster/main")
    clusters = [cluster] if in_stack else []
    report = cost_report(exported(*clusters, task(), service(), target(2, 6, resource_id)))
    assert report.high == (6 if taken else 2) * SMALLEST


def test_base_and_weights_share_the_tasks_among_providers() -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
    ]
    report = cost_report(
        exported(task(), service(desiredCount=9, capacityProviderStrategies=strategy))
    )
    assert [line.count.now for line in report.lines] == [3, 6]
    assert report.monthly == 3 * SMALLEST + 6 * Decimal("2.868763125")


@given(
    number=st.integers(0, 500),
    base=st.integers(0, 20),
    weights=st.lists(st.integers(0, 1000), min_size=2, max_size=4).filter(any),
)
def test_sharing_loses_and_adds_no_task(number: int, base: int, weights: list[int]) -> None:
    strategy = {str(at): (0, weight) for at, weight in enumerate(weights)}
    strategy["0"] = (base, weights[0])
    shares = split(number, strategy)
    rest = max(number - base, 0)
    assert sum(shares.values()) == number
    assert shares["0"] >= min(base, number)
    for at, weight in enumerate(weights[1:], start=1):
        assert abs(shares[str(at)] - rest * weight / sum(weights)) < 1


def test_without_a_strategy_the_clusters_default_counts() -> None:
    cluster = resource(CLUSTER, "main", {"name": "main"}, id="arn:cluster/main")
    default = resource(
        CAPACITY, "c", {"clusterName": "main", "defaultCapacityProviderStrategies": SPOT}
    )
    report = cost_report(
        exported(cluster, default, task(), service(capacityProviderStrategies=None))
    )
    assert report.monthly == 2 * Decimal("2.868763125")


@pytest.mark.parametrize("inputs", [{"launchType": "EC2"}, {}])
def test_a_service_that_is_not_on_fargate_is_said_not_to_be_priced(inputs: dict[str, Any]) -> None:
    report = cost_report(exported(task(), service(capacityProviderStrategies=None, **inputs)))
    assert [gap.reason for gap in report.gaps] == ["runs on EC2, not on Fargate"]


def test_public_addresses_of_tasks_are_counted() -> None:
    network = {"assignPublicIp": True}
    report = cost_report(exported(task(), service(networkConfiguration=network), target(2, 3)))
    assert report.monthly == 2 * SMALLEST + 2 * Decimal("3.65")
    assert report.high == 3 * SMALLEST + 3 * Decimal("3.65")


def test_a_task_definition_without_service_is_billed_by_use() -> None:
    report = cost_report(exported(task()))
    assert report.lines == ()
    assert [(each.price.amount, each.price.unit) for each in report.usage] == [
        (Decimal("0.0123425"), "hour")
    ]


def test_a_deployment_costs_its_pods_with_the_overhead_of_eks() -> None:
    report = cost_report(
        exported(resource(EKS, "eks", {"name": "eks"}), profile("apps"), pods(replicas=3))
    )
    # with the control plane and its extended support by use
    assert report.monthly == 3 * SMALLEST + 73


def test_an_autoscaler_gives_a_deployments_range() -> None:
    scaler = resource(
        HPA,
        "scaler",
        {
            "metadata": {"namespace": "apps"},
            "spec": {
                "scaleTargetRef": {"kind": "Deployment", "name": "api"},
                "minReplicas": 2,
                "maxReplicas": 5,
            },
        },
    )
    report = cost_report(exported(profile("apps"), pods(), scaler))
    assert amounts(report) == (2 * SMALLEST, 2 * SMALLEST, 5 * SMALLEST)


@pytest.mark.parametrize(
    ("namespace", "labels", "on_fargate"),
    [
        ("apps", None, True),
        ("ap*", None, True),
        ("app?", {"app": "a*"}, True),
        ("other", None, False),
        ("apps", {"app": "web"}, False),
        ("apps", {"tier": "*"}, False),
    ],
)
def test_only_pods_that_a_profile_takes_run_on_fargate(
    namespace: str,
    labels: dict[str, str] | None,
    on_fargate: bool,  # noqa: FBT001 - a parameter
) -> None:
    report = cost_report(exported(profile(namespace, labels), pods()))
    assert report.monthly == (SMALLEST if on_fargate else 0)
    assert bool(report.gaps) is not on_fargate


def test_add_ons_cost_what_their_configuration_says_or_is_assumed() -> None:
    configuration = json.dumps({"replicaCount": 3, "resources": {"requests": {"memory": "1Gi"}}})
    report = cost_report(
        exported(
            profile("kube-system"),
            resource("aws:eks/addon:Addon", "dns", {"addonName": "coredns",
                                                   "configurationValues": configuration}),
            resource("aws:eks/addon:Addon", "metrics", {"addonName": "metrics-server"}),
            resource("aws:eks/addon:Addon", "cni", {"addonName": "vpc-cni"}),
            resource("aws:eks/addon:Addon", "other", {"addonName": "adot"}),
        )
    )  # fmt: skip
    # CoreDNS: 1 GB and 256 MB become 0.25 vCPU and 2 GB: (0.01012 + 0.00889) x 730 each
    by_name = {line.name: line.monthly for line in report.lines}
    assert by_name == {"dns": 3 * Decimal("13.8773"), "metrics": 2 * SMALLEST}
    assert "assumed" in next(line.what for line in report.lines if line.name == "metrics")
    assert [gap.reason for gap in report.gaps] == ["the pods of add-on adot aren't known"]


def test_a_charts_pods_are_priced_only_if_its_values_say_them() -> None:
    values = {"replicaCount": 2, "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}}}
    kind = "kubernetes:helm.sh/v3:Release"
    known = resource(kind, "a", {"namespace": "kube-system", "values": values})
    unknown = resource(kind, "b", {"namespace": "kube-system", "values": {"x": 1}})
    report = cost_report(exported(profile("kube-system"), known, unknown))
    assert report.monthly == 2 * SMALLEST
    assert [gap.name for gap in report.gaps] == [f"{kind} b"]


def test_a_chart_without_pods_costs_nothing() -> None:
    values = {"replicaCount": 0, "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}}}
    kind = "kubernetes:helm.sh/v3:Release"
    release = resource(kind, "a", {"namespace": "kube-system", "values": values})
    report = cost_report(exported(profile("kube-system"), release))
    assert report.monthly == 0
    assert not report.gaps


@pytest.mark.parametrize(
    ("kind", "inputs", "monthly", "units"),
    [
        ("aws:ec2/natGateway:NatGateway", {}, "32.85", ["GB processed"]),
        ("aws:ec2/eip:Eip", {}, "3.65", []),
        (EKS, {"upgradePolicy": {"supportType": "STANDARD"}}, "73", []),
        (EKS, {}, "73", ["hour in extended support"]),
        ("aws:kms/key:Key", {}, "1", ["10,000 requests"]),
        # 0.0225 x 730, and an address in each of two subnets
        ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["a", "b"]}, "23.725", ["LCU-hour"]),
        ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["a"], "internal": True}, "16.425",
         ["LCU-hour"]),
        ("aws:ec2/vpcEndpoint:VpcEndpoint",
         {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]}, "21.9", ["GB processed"]),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway"}, "0", []),
        ("aws:cloudwatch/logGroup:LogGroup", {}, "0", ["GB ingested", "GB-month stored"]),
        ("aws:sqs/queue:Queue", {}, "0", ["million requests"]),
        ("aws:iam/role:Role", {}, "0", []),
        ("kubernetes:external-secrets.io/v1:ExternalSecret", {}, "0", []),
        ("kubernetes:rbac.authorization.k8s.io/v1:Role", {}, "0", []),
    ],
)  # fmt: skip
def test_each_type_has_its_price_and_what_is_billed_by_use(
    kind: str, inputs: dict[str, Any], monthly: str, units: list[str]
) -> None:
    report = cost_report(exported(resource(kind, "it", inputs)))
    assert report.monthly == Decimal(monthly)
    assert [each.price.unit for each in report.usage] == units
    assert report.gaps == ()
    elsewhere = cost_report(exported(resource(kind, "it", inputs), region="eu-west-1"))
    assert elsewhere.monthly == 0
    assert bool(elsewhere.gaps) is bool(report.lines)
    assert all(each.price.amount is None for each in elsewhere.usage)


def test_a_type_that_the_report_does_not_know_is_named() -> None:
    (gap,) = cost_report(exported(resource("aws:rds/instance:Instance", "db"))).gaps
    assert gap.name == "aws:rds/instance:Instance db"


def test_a_value_that_is_unknown_in_a_preview_becomes_a_gap() -> None:
    (gap,) = cost_report(previewed(task(), service(desiredCount=UNKNOWN_TEXT))).gaps
    assert "Service web: desiredCount is not known before the deployment" in gap.reason


def test_a_preview_finds_the_task_definition_by_where_the_property_comes_from() -> None:
    web = service(taskDefinition=UNKNOWN_TEXT)
    web["propertyDependencies"] = {"taskDefinition": [urn(TASK, "task")]}
    assert cost_report(previewed(task(), web)).monthly == 2 * SMALLEST


def test_break_even_shares_are_those_of_the_prices() -> None:
    shares = {each.type: ec2.break_even_of_full_node(each) for each in prices.INSTANCES}
    # 0.1008 / (2 x 0.04048 + 8 x 0.004445) and 0.0816 / (2 x 0.03238 + 8 x 0.00356)
    assert {name: round(share, 3) for name, share in shares.items()} == {
        "m7i.large": Decimal("0.865"),
        "m7g.large": Decimal("0.875"),
    }


def test_ec2_is_compared_for_what_runs_on_demand_in_us_east_1_only() -> None:
    big = {"cpu": "2048", "memory": "8192"}
    report = cost_report(exported(task(**big), service(desiredCount=3)))
    x86, _ = ec2.compare(ec2.demand(report.lines))
    assert (x86.nodes, x86.monthly) == (3, Decimal("220.752"))  # 3 x 0.1008 x 730
    assert x86.break_even == x86.full_node_break_even
    for stack in (
        exported(task(**big), service(), region="eu-west-1"),
        exported(task(**big), service(capacityProviderStrategies=SPOT)),
    ):
        assert "On EC2" not in as_text(cost_report(stack))


@given(amount=st.decimals(0, 10**6, places=8))
def test_money_is_rounded_to_the_nearest_cent(amount: Decimal) -> None:
    shown = Decimal(money(amount).replace(",", ""))
    assert abs(shown - amount) <= Decimal("0.005")
    assert shown.as_tuple().exponent == -2


@pytest.mark.parametrize("kind", ["export", "preview"])
def test_the_dev_stack_costs_the_same_in_its_preview_and_when_deployed(kind: str) -> None:
    report = cost_report(dev(kind))
    # Tasks and pods of the smallest size: web, api, reports, 2 of each add-on, 2 controllers.
    fixed: dict[str, Decimal | int] = {
        "eks-cluster-eksCluster": 73,  # 0.10 x 730
        "network-vpc-1": Decimal("36.5"),  # NAT gateway and its address
        "public-alb": Decimal("27.375"),  # 16.425, and three addresses of 3.65
        "eks-secrets": 1,
    }
    assert report.gaps == ()
    assert report.monthly == 9 * SMALLEST + sum(fixed.values())
    assert report.low == report.monthly
    # api scales to 6, web and reports to 4
    assert report.high == report.monthly + (5 + 3 + 3) * SMALLEST
    for name, expected in fixed.items():
        assert sum(line.monthly for line in report.lines if line.name == name) == expected


def test_the_text_shows_components_cents_and_totals() -> None:
    text = as_text(cost_report(dev("export")))
    assert text.startswith("Stack dev: 218.97 USD a month as deployed (218.97 to 318.08")
    assert "\nworkloads / api\n  api-service " in text
    assert "0.5 USD per GB ingested" in text
    assert "price not known here per metric" in text


def test_the_json_is_exact_and_says_whether_it_is_complete() -> None:
    document = as_json(cost_report(exported(task(), service())))
    assert (document["monthly"], document["complete"]) == ("18.02005", True)
    incomplete = as_json(cost_report(exported(resource("aws:rds/instance:Instance", "db"))))
    assert (incomplete["complete"], incomplete["notPriced"][0]["name"]) == (
        False, "aws:rds/instance:Instance db",
    )  # fmt: skip
    json.dumps(document)
