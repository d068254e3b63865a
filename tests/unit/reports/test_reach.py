from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.errors import InputError, UnknownValueError
from reports.reach.analysis import ReachReport, reach_report
from reports.reach.report import as_json, as_text
from reports.reach.rules import Ports
from reports.stack import Stack
from tests.unit.reports.builders import UNKNOWN_TEXT, dev, exported, previewed, resource, urn

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CLASSIC = "aws:ec2/securityGroupRule:SecurityGroupRule"
SERVICE = "aws:ecs/service:Service"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
EKS = "aws:eks/cluster:Cluster"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
POLICY = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"

ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
A_TO_B = ("ECS service a", "ECS service b", "tcp 8080")


def vpc() -> dict[str, Any]:
    return resource("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"}, id="vpc-1")


def group(name: str, **inputs: object) -> dict[str, Any]:
    return resource(GROUP, name, inputs, id=f"sg-{name}")


def service(name: str, *groups: str, **network: object) -> dict[str, Any]:
    configuration = {"securityGroups": [f"sg-{each}" for each in groups or (name,)], **network}
    return resource(SERVICE, name, {"name": name, "networkConfiguration": configuration})


def balancer(name: str, **inputs: object) -> dict[str, Any]:
    return resource(BALANCER, name, {"securityGroups": [f"sg-{name}"], **inputs})


def rule(kind: str, of: str, port: int = 8080, to_port: int | None = None, **peer: str
         ) -> dict[str, Any]:  # fmt: skip
    inputs = {"securityGroupId": f"sg-{of}", "ipProtocol": "tcp", "fromPort": port,
              "toPort": to_port or port, **peer}  # fmt: skip
    return resource(kind, f"{of}-{len(kind)}-{port}-{sorted(peer.values())}", inputs)


def out(of: str, to: str, port: int = 8080, to_port: int | None = None) -> dict[str, Any]:
    return rule(EGRESS, of, port, to_port, referencedSecurityGroupId=f"sg-{to}")


def into(of: str, source: str, port: int = 8080, to_port: int | None = None) -> dict[str, Any]:
    return rule(INGRESS, of, port, to_port, referencedSecurityGroupId=f"sg-{source}")


def two(*more: dict[str, Any]) -> Stack:
    return exported(vpc(), group("a"), group("b"), service("a"), service("b"), *more)


def pairs(stack: Stack) -> set[tuple[str, str, str]]:
    return {(pair.source, pair.target, str(pair.ports)) for pair in reach_report(stack).pairs}


def ways(report: ReachReport) -> dict[str, tuple[str, list[str]]]:
    return {path.target: (path.source, [name for name, _ in path.hops]) for path in report.paths}


def test_a_connection_needs_the_rules_of_both_sides() -> None:
    assert pairs(two(out("a", "b"), into("b", "a"))) == {A_TO_B}
    assert pairs(two(out("a", "b"))) == set()
    assert pairs(two(into("b", "a"))) == set()


def test_only_the_ports_of_both_sides_are_open() -> None:
    stack = two(out("a", "b", 8000, 9000), into("b", "a", 8500, 9500))
    assert pairs(stack) == {("ECS service a", "ECS service b", "tcp 8500-9000")}
    assert pairs(two(out("a", "b", 1, 2), into("b", "a", 3, 4))) == set()


def test_rules_of_any_group_that_is_carried_count() -> None:
    stack = exported(
        vpc(), group("a"), group("shared"), group("b"), service("a", "a", "shared"), service("b"),
        out("shared", "b"), into("b", "a"),
    )  # fmt: skip
    assert pairs(stack) == {A_TO_B}


@pytest.mark.parametrize(
    ("block", "reached"), [("10.0.0.0/8", True), ("0.0.0.0/0", True), ("192.0.2.0/24", False)]
)
def test_a_block_counts_for_what_it_overlaps(block: str, reached: bool) -> None:  # noqa: FBT001 - a parameter
    stack = two(rule(EGRESS, "a", cidrIpv4=block), into("b", "a"))
    assert (A_TO_B in pairs(stack)) is reached


def test_rules_written_in_the_group_are_read() -> None:
    ingress = {"protocol": "tcp", "fromPort": 8080, "toPort": 8080, "securityGroups": ["sg-a"]}
    egress = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["10.0.0.0/16"]}
    stack = exported(
        vpc(), group("a", egress=[egress]), group("b", ingress=[ingress]), service("a"),
        service("b"),
    )  # fmt: skip
    assert A_TO_B in pairs(stack)


def test_rules_of_the_old_kind_are_read() -> None:
    common = {"protocol": "6", "fromPort": 8080, "toPort": 8080}
    stack = two(
        resource(CLASSIC, "x", {**common, "type": "egress", "securityGroupId": "sg-a",
                                "sourceSecurityGroupId": "sg-b"}),
        resource(CLASSIC, "y", {**common, "type": "ingress", "securityGroupId": "sg-b",
                                "sourceSecurityGroupId": "sg-a"}),
        resource(CLASSIC, "z", {**common, "type": "ingress", "securityGroupId": "sg-b",
                                "self": True}),
        resource(CLASSIC, "w", {**common, "type": "egress", "securityGroupId": "sg-b",
                                "self": True}),
    )  # fmt: skip
    assert pairs(stack) == {A_TO_B, ("ECS service b", "ECS service b", "tcp 8080")}


def test_blocks_and_groups_of_other_stacks_are_named() -> None:
    stack = two(
        rule(EGRESS, "a", 443, cidrIpv4="0.0.0.0/0"),
        rule(EGRESS, "a", 443, cidrIpv6="::/0"),
        rule(EGRESS, "a", 443, prefixListId="pl-1"),
        rule(INGRESS, "b", 443, cidrIpv4="192.0.2.0/24"),
        into("b", "elsewhere"),
    )
    assert pairs(stack) == {
        ("ECS service a", "internet", "tcp 443"),
        ("ECS service a", "internet (IPv6)", "tcp 443"),
        ("ECS service a", "prefix list pl-1", "tcp 443"),
        ("192.0.2.0/24", "ECS service b", "tcp 443"),
        ("sg-elsewhere (not in this stack)", "ECS service b", "tcp 8080"),
    }


def chain(**inputs: object) -> Stack:
    return two(
        group("lb"), balancer("lb", **inputs), rule(INGRESS, "lb", 443, cidrIpv4="0.0.0.0/0"),
        out("lb", "a"), into("a", "lb"), out("a", "b"), into("b", "a"),
        group("alone"), service("alone"),
    )  # fmt: skip


def test_what_the_internet_reaches_it_reaches_through_named_steps() -> None:
    lb = "load balancer lb"
    assert ways(reach_report(chain())) == {
        lb: ("internet", [lb]),
        "ECS service a": ("internet", [lb, "ECS service a"]),
        "ECS service b": ("internet", [lb, "ECS service a", "ECS service b"]),
        "ECS service alone": ("", []),
    }


def test_an_internal_load_balancer_is_no_way_in() -> None:
    report = reach_report(chain(internal=True))
    assert all(not path.source for path in report.paths)
    assert [pair.note for pair in report.pairs if pair.source == "internet"] == [
        "it has no public address"
    ]


@pytest.mark.parametrize("public", [True, False])
def test_a_task_is_a_way_in_only_with_a_public_address(public: bool) -> None:  # noqa: FBT001 - a parameter
    stack = exported(
        vpc(), group("a"), service("a", assignPublicIp=public),
        rule(INGRESS, "a", cidrIpv4="198.51.100.0/24"),
    )  # fmt: skip
    assert ways(reach_report(stack))["ECS service a"][0] == ("198.51.100.0/24" if public else "")


def test_private_blocks_are_not_outside() -> None:
    stack = exported(
        vpc(), group("lb"), balancer("lb"), rule(INGRESS, "lb", cidrIpv4="192.168.0.0/16")
    )
    assert ways(reach_report(stack))["load balancer lb"] == ("", [])


def cluster(**vpc_config: object) -> dict[str, Any]:
    config = {"endpointPublicAccess": False, **vpc_config}
    outputs = {"vpcConfig": {**config, "clusterSecurityGroupId": "sg-cluster"}}
    return resource(EKS, "eks", {"name": "eks"}, outputs=outputs)


def deployment(name: str) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": []}}
    return resource(
        DEPLOYMENT, name, {"metadata": {"namespace": "apps"}, "spec": {"template": template}}
    )


def cron_job(name: str) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": []}}
    spec = {"jobTemplate": {"spec": {"template": template}}}
    inputs = {"metadata": {"namespace": "apps"}, "spec": spec}
    return resource("kubernetes:batch/v1:CronJob", name, inputs)


def policy(groups: list[str], namespace: str = "apps", **spec: object) -> dict[str, Any]:
    inputs = {
        "metadata": {"namespace": namespace},
        "spec": {"securityGroups": {"groupIds": groups}, **spec},
    }
    return resource(POLICY, "policy", inputs)


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ({"matchLabels": {"app": "b"}}, True),
        ({}, True),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["b", "c"]}]}, True),
        ({"matchLabels": {"app": "other"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_pods_carry_the_groups_of_the_policy_that_selects_them(
    selector: dict[str, Any],
    selected: bool,  # noqa: FBT001 - a parameter
) -> None:
    stack = exported(
        vpc(), cluster(), group("a"), group("b"), service("a"), deployment("b"),
        policy(["sg-b"], podSelector=selector), out("a", "b"), into("b", "a"),
    )  # fmt: skip
    assert (("ECS service a", "Deployment b", "tcp 8080") in pairs(stack)) is selected
    # Otherwise they have the cluster's group, and everything in it reaches everything.
    assert (("EKS cluster eks", "Deployment b", "all") in pairs(stack)) is not selected


def test_pods_of_a_cron_job_carry_the_groups_of_their_policy_too() -> None:
    stack = exported(
        vpc(), cluster(), group("a"), group("b"), service("a"), cron_job("b"),
        policy(["sg-b"], podSelector={"matchLabels": {"app": "b"}}), out("b", "a"), into("a", "b"),
    )  # fmt: skip
    assert ("CronJob b", "ECS service a", "tcp 8080") in pairs(stack)
    assert ("EKS cluster eks", "CronJob b", "all") not in pairs(stack)


def test_a_policy_selects_pods_of_its_own_namespace_only() -> None:
    stack = exported(
        vpc(), cluster(), group("b"), deployment("b"), policy(["sg-b"], "other", podSelector={})
    )
    assert ("EKS cluster eks", "Deployment b", "all") in pairs(stack)


def test_a_policy_may_select_by_the_service_account() -> None:
    account = resource(
        "kubernetes:core/v1:ServiceAccount",
        "account",
        {"metadata": {"name": "default", "namespace": "apps", "labels": {"team": "x"}}},
    )
    for team, selected in (("x", True), ("y", False)):
        selector = {"matchLabels": {"team": team}}
        stack = exported(
            vpc(), cluster(), group("b"), deployment("b"), account,
            policy(["sg-b"], serviceAccountSelector=selector),
        )  # fmt: skip
        assert (("EKS cluster eks", "Deployment b", "all") in pairs(stack)) is not selected


def test_a_public_kubernetes_api_is_a_way_in_of_its_own() -> None:
    open_to = cluster(endpointPublicAccess=True, publicAccessCidrs=["192.0.2.0/24"])
    assert ("192.0.2.0/24", "Kubernetes API of eks", "tcp 443") in pairs(exported(open_to))
    assert not any("API" in target for _, target, _ in pairs(exported(cluster())))


def test_what_carries_groups_of_another_stack_is_not_called_unreachable() -> None:
    report = reach_report(exported(deployment("b")))
    assert (report.paths, report.without_groups) == ((), ("Deployment b",))
    assert "Deployment b" in as_text(report)


def test_a_group_that_nothing_carries_is_named() -> None:
    assert reach_report(exported(group("spare"))).unused == ("spare",)


def unknown_rule(kind: str, of: str, peer: str, *peers: str) -> dict[str, Any]:
    state = rule(kind, of, referencedSecurityGroupId=UNKNOWN_TEXT)
    state["inputs"]["securityGroupId"] = UNKNOWN_TEXT
    state["propertyDependencies"] = {
        "securityGroupId": [urn(GROUP, of)],
        "referencedSecurityGroupId": [urn(GROUP, each) for each in (peer, *peers)],
    }
    return {**state, "urn": urn(kind, f"{of}-{peer}")}


def unknown_service(name: str) -> dict[str, Any]:
    state = service(name)
    state["inputs"]["networkConfiguration"] = {"securityGroups": [UNKNOWN_TEXT]}
    state["propertyDependencies"] = {"networkConfiguration": [urn(GROUP, name)]}
    return state


def test_a_preview_finds_groups_by_where_properties_come_from() -> None:
    bare = [{**group(name), "id": ""} for name in "ab"]
    stack = previewed(
        *bare, unknown_service("a"), unknown_service("b"),
        unknown_rule(EGRESS, "a", "b"), unknown_rule(INGRESS, "b", "a"),
    )  # fmt: skip
    assert pairs(stack) == {A_TO_B}


@pytest.mark.parametrize("origins", [(), ("a", "b")])
def test_a_group_that_stays_in_doubt_needs_a_deployment(origins: tuple[str, ...]) -> None:
    state = unknown_rule(EGRESS, "a", "b")
    state["propertyDependencies"]["referencedSecurityGroupId"] = [
        urn(GROUP, each) for each in origins
    ]
    with pytest.raises(UnknownValueError, match=r"referencedSecurityGroupId is not known.*Deploy"):
        reach_report(previewed(group("a"), group("b"), state))


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"cidrIpv4": "everywhere"}, "everywhere is not an address block"),
        ({"fromPort": "http", "cidrIpv4": "10.0.0.0/8"}, "needs fromPort and toPort"),
        ({"ipProtocol": None, "cidrIpv4": "10.0.0.0/8"}, "no protocol"),
    ],
)
def test_a_rule_that_aws_would_not_take_is_refused(inputs: dict[str, Any], message: str) -> None:
    state = rule(INGRESS, "a")
    state["inputs"].update(inputs)
    with pytest.raises(InputError, match=message):
        reach_report(exported(group("a"), state))


ranges = st.tuples(st.sampled_from(["tcp", "udp"]), st.integers(0, 65535), st.integers(0, 65535))
ports = st.just(Ports("all")) | ranges.map(lambda r: Ports(r[0], min(r[1:]), max(r[1:])))


def opens(open_ports: Ports | None, protocol: str, port: int) -> bool:
    return (
        open_ports is not None
        and open_ports.protocol in ("all", protocol)
        and open_ports.first <= port <= open_ports.last
    )


@given(one=ports, other=ports, protocol=st.sampled_from(["tcp", "udp"]), data=st.data())
def test_common_ports_are_those_that_both_open(
    one: Ports, other: Ports, protocol: str, data: st.DataObject
) -> None:
    edges = [edge for each in (one, other) for edge in (each.first, each.last)]
    port = data.draw(st.sampled_from(edges) | st.integers(0, 65535))
    both = opens(one, protocol, port) and opens(other, protocol, port)
    assert opens(one.common(other), protocol, port) is both


@pytest.mark.parametrize("kind", ["export", "preview"])
def test_the_dev_stack_opens_what_it_declares_and_nothing_else(kind: str) -> None:
    lb, web, api = "load balancer public-alb", "ECS service web-service", "ECS service api-service"
    pods, eks = "Deployment reports-deployment", "EKS cluster eks-cluster-eksCluster"
    assert pairs(dev(kind)) == {
        ("203.0.113.0/24", lb, "tcp 80"),
        (lb, web, "tcp 8080"),
        (lb, pods, "tcp 8080"),
        (web, api, "tcp 8080"),
        (web, "internet", "tcp 443"),
        (api, "internet", "tcp 443"),
        (pods, "internet", "tcp 443"),
        (pods, eks, "tcp 53"),
        (pods, eks, "udp 53"),
        (pods, eks, "tcp 443"),
        (eks, pods, "tcp 10250"),
        (eks, eks, "all"),
        (eks, "internet", "all"),
        (eks, "internet (IPv6)", "all"),
    }
    assert ways(reach_report(dev(kind)))[api] == ("203.0.113.0/24", [lb, web, api])


def test_text_and_json_say_the_same() -> None:
    report = reach_report(chain())
    document = as_json(report)
    assert {(pair["from"], pair["to"], pair["firstPort"]) for pair in document["pairs"]} == {
        (pair.source, pair.target, pair.ports.first) for pair in report.pairs
    }
    reached = {way["target"]: way["reachable"] for way in document["fromOutside"]}
    assert reached["ECS service b"]
    assert not reached["ECS service alone"]
    text = as_text(report)
    way = "load balancer lb (tcp 443) -> ECS service a (tcp 8080) -> ECS service b (tcp 8080)"
    assert way in text
    assert "not reachable" in text


def test_jobs_of_an_environment_of_batch_reach_what_its_group_does() -> None:
    resources = {"computeResources": {"securityGroupIds": ["sg-a"]}}
    stack = exported(
        vpc(), group("a"), group("b"), resource(ENVIRONMENT, "a", resources), service("b"),
        out("a", "b"), into("b", "a"),
    )  # fmt: skip
    assert pairs(stack) == {("Batch environment a", "ECS service b", "tcp 8080")}
