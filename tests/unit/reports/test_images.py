"""What images in ECR cost."""

from decimal import Decimal

from reports.cost.report import cost_report
from tests.unit.reports.builders import exported, resource


def test_a_repository_is_billed_by_what_it_stores_and_the_rest_is_free() -> None:
    report = cost_report(
        exported(
            resource("aws:ecr/repository:Repository", "web", {"name": "web"}),
            resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "web", {"repository": "web"}),
            resource("docker-build:index:Image", "web", {"push": False}),
        )
    )
    assert [(usage.price.unit, usage.price.amount) for usage in report.usage] == [
        ("GB-month stored", Decimal("0.10"))
    ]
    assert not report.gaps
