import pytest

from sandbox import report
from sandbox.layout import ROOT
from sandbox.outcome import Diagnostic, Outcome, Violation
from sandbox.state import STACK_TYPE, Resource

STACK = "urn:pulumi:dev::tiny::pulumi:pulumi:Stack::tiny-dev"


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::tiny::{type_}::{name}"


def resource(type_: str, name: str, parent: str = STACK, *, custom: bool = True) -> Resource:
    own = STACK if type_ == STACK_TYPE else urn(type_, name)
    return Resource(own, type_, name, "id", parent if own != STACK else "", custom, delete=False)


VPC = resource("awsx:ec2:Vpc", "net-vpc", urn("my:network:Network", "net"), custom=False)
RESOURCES = [
    resource(STACK_TYPE, "tiny-dev", custom=False),
    resource("pulumi:providers:aws", "default"),
    resource("my:network:Network", "net", custom=False),
    VPC,
    resource("aws:ec2/vpc:Vpc", "net-vpc", VPC.urn),
    *(
        resource("aws:ec2/subnet:Subnet", f"net-{n}", urn("aws:ec2/vpc:Vpc", "net-vpc"))
        for n in (10, 9, 1)
    ),
    resource("aws:sqs/queue:Queue", "jobs"),
]


def test_the_tree_groups_resources_by_component_and_type() -> None:
    assert report.tree(RESOURCES) == [
        "tiny-dev  5 resources in 2 components",
        "   sqs.Queue: jobs",
        "   net  my.network.Network",
        "      net-vpc  awsx.ec2.Vpc",
        "         ec2.Subnet x3: net-1, net-9, net-10",
        "         ec2.Vpc: net-vpc",
    ]


def test_an_empty_stack_has_no_tree() -> None:
    assert report.tree([]) == ["(no resources)"]


def test_long_lists_of_names_are_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    many = [RESOURCES[0], *(resource("aws:sqs/queue:Queue", f"queue-{n}") for n in range(40))]
    lines = report.tree(many)
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).count("queue-") == 40


@pytest.mark.parametrize(
    ("token", "short"),
    [
        ("aws:ec2/subnet:Subnet", "ec2.Subnet"),
        ("awsx:ec2:Vpc", "awsx.ec2.Vpc"),
        ("eks:index:Cluster", "eks.Cluster"),
        ("kubernetes:apps/v1:Deployment", "kubernetes.apps.Deployment"),
    ],
)
def test_type_tokens_are_shortened(token: str, short: str) -> None:
    assert report.short(token) == short


def test_policies_are_reported_with_rule_resource_and_message() -> None:
    queue = urn("aws:sqs/queue:Queue", "jobs")
    found = [
        Violation("advice-rule", "fargate", "advisory", queue, "could be better"),
        Violation("must-rule", "fargate", "mandatory", queue, "has to be better"),
        Violation("must-rule", "fargate", "mandatory", urn("a:b:C", "x"), "has to be better"),
    ]
    assert report.policies(Outcome("preview", packs={"fargate": "0.1.0"}, violations=found)) == [
        "Policies fargate v0.1.0: 2 mandatory violations, 1 advisory",
        "   mandatory must-rule",
        "      aws:sqs/queue:Queue jobs, a:b:C x",
        "      has to be better",
        "   advisory advice-rule",
        "      aws:sqs/queue:Queue jobs",
        "      could be better",
    ]


def test_no_violation_is_said_too() -> None:
    assert report.policies(Outcome("up", packs={"fargate": "0.1.0"})) == [
        "Policies fargate v0.1.0: 0 mandatory violations, 0 advisory"
    ]


def test_outputs_are_listed() -> None:
    assert report.outputs({"url": "http://x", "list": [1]}) == [
        "Outputs",
        "   url   http://x",
        "   list  [1]",
    ]
    assert report.outputs({}) == ["Outputs none"]


def test_changes_are_counted_in_words() -> None:
    outcome = Outcome("up", changes={"same": 3, "create": 2, "delete-replaced": 1})
    assert report.changes(outcome) == "2 create, 3 unchanged, 1 delete-replaced"
    assert report.changes(Outcome("up")) == "nothing"


def test_a_preview_lists_what_changes_and_why() -> None:
    steps = [
        {"op": "same", "urn": urn("a:b:C", "kept")},
        {"op": "create", "urn": urn("a:b:C", "new")},
        {"op": "update", "urn": urn("a:b:C", "other"), "diffReasons": ["size"]},
        {"op": "replace", "urn": urn("a:b:C", "again"), "replaceReasons": ["name"]},
        {"op": "create-replacement", "urn": urn("a:b:C", "again")},
    ]
    assert report.steps(Outcome("preview", digest={"steps": steps})) == [
        "   +  a.b.C new",
        "   ~  a.b.C other  [size]",
        "   +- a.b.C again  [name]",
    ]


def test_a_refusal_of_the_program_is_its_message_alone() -> None:
    outcome = Outcome("preview", error="preview failed", refusal="services.web.port: 0 given")
    outcome.diagnostics.append(Diagnostic("error", "", "services.web.port: 0 given"))
    assert report.failure(outcome) == ["services.web.port: 0 given"]


def test_a_failure_names_the_resource() -> None:
    outcome = Outcome("up", error="update failed")
    outcome.diagnostics.append(Diagnostic("error", urn("aws:sqs/queue:Queue", "jobs"), "no"))
    assert report.failure(outcome) == ["error sqs.Queue jobs: no"]


def test_a_failure_without_a_message_says_what_the_cli_said() -> None:
    assert report.failure(Outcome("up", error="the CLI was killed")) == ["the CLI was killed"]


def test_a_traceback_starts_at_the_program_and_is_shown_once() -> None:
    frames = (
        'Traceback (most recent call last):\n  File "/lib/pulumi/runtime.py", line 1, in run\n'
        f'  File "{ROOT}/__main__.py", line 20, in <module>\n    1 / 0\nZeroDivisionError: x'
    )
    outcome = Outcome("up", error="failed")
    outcome.diagnostics += [
        Diagnostic("error", "", f"error: it broke\n{frames}"),
        Diagnostic("error", "", f"error: an unhandled error occurred: it broke\n{frames}"),
    ]
    (shown,) = report.failure(outcome)
    assert shown == (
        "error it broke\nTraceback (most recent call last):\n"
        f'  File "{ROOT}/__main__.py", line 20, in <module>\n    1 / 0\nZeroDivisionError: x'
    )
