"""Stack outputs: what they hold (their names are pinned in tests/contract)."""

from components import Workloads, export_outputs
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.programs import platform


def test_outputs_are_what_their_names_say() -> None:
    assert platform("dev", preview=False).exports == {
        "vpcId": "vpc-1",
        "privateSubnetIds": [f"subnet-private-{zone}" for zone in (1, 2, 3)],
        "ecsClusterName": "platform-test-ecs",
        "eksClusterName": "platform-test-eks",
        "loadBalancerUrl": "http://public-1.eu-west-1.elb.amazonaws.com",
        "queueUrls": {"orders": "https://sqs.eu-west-1.amazonaws.com/orders-queue"},
    }


def test_isolated_subnets_are_exported_where_there_are_any() -> None:
    assert platform("private-network", preview=False).exports["isolatedSubnetIds"] == [
        "subnet-isolated-1",
        "subnet-isolated-2",
    ]
    assert platform("existing-vpc", preview=False).exports["isolatedSubnetIds"] == [
        "subnet-0123456789abcde00"
    ]


def test_a_part_that_the_stack_does_not_have_exports_nothing() -> None:
    def program() -> None:
        network = programs.network()
        nothing = programs.settings()
        workloads = Workloads(
            "workloads", nothing, environment=ENVIRONMENT, ecs=None, eks=None, behind=None
        )
        export_outputs(network=network, ecs=None, eks=None, balancer=None, workloads=workloads)

    assert set(programs.run(program, preview=False).exports) == {"vpcId", "privateSubnetIds"}
