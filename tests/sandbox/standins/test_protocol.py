"""What every package's provider does, shown on a queue, a role and a target group."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from sandbox.standins import wire
from sandbox.standins.wire import UNKNOWN, has_unknown

if TYPE_CHECKING:
    from sandbox.standins.record import Record
    from tests.sandbox.standins.conftest import Client

ROLE = "urn:pulumi:dev::p::fargate:ecs:Service$aws:iam/role:Role::web"
GROUP = "urn:pulumi:dev::p::aws:lb/targetGroup:TargetGroup::web"
QUEUE = "urn:pulumi:dev::p::aws:sqs/queue:Queue::orders"
TRUST = '{"Version":"2012-10-17","Statement":[]}'


def test_the_engine_can_attach_and_learns_a_version_no_older_than_the_sdk(aws: Client) -> None:
    aws.servicer.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"), aws.context)
    info = aws.servicer.GetPluginInfo(empty_pb2.Empty(), aws.context)
    assert info.version == importlib.metadata.version("pulumi_aws")


def test_secrets_stay_secret_where_they_are_and_where_an_output_repeats_them(aws: Client) -> None:
    handshake = aws.servicer.Handshake(provider_pb2.ProviderHandshakeRequest(), aws.context)
    configured = aws.servicer.Configure(provider_pb2.ConfigureRequest(), aws.context)
    assert (handshake.accept_secrets, configured.acceptSecrets) == (True, True)
    given = {"name": "orders", "tags": {"note": "canary", "team": "x"}}
    news = wire.to_struct(given, {("tags", "note")})
    checked = aws.servicer.Check(
        provider_pb2.CheckRequest(urn=QUEUE, news=news, randomSeed=b""), aws.context
    )
    assert wire.secret_paths(checked.inputs) == {("tags", "note")}
    created = aws.servicer.Create(
        provider_pb2.CreateRequest(urn=QUEUE, properties=checked.inputs), aws.context
    )
    assert wire.secret_paths(created.properties) == {("tags", "note"), ("tagsAll", "note")}
    updated = aws.servicer.Update(
        provider_pb2.UpdateRequest(
            urn=QUEUE, id=created.id, olds=created.properties, news=checked.inputs
        ),
        aws.context,
    )
    assert updated.properties == created.properties
    diff = provider_pb2.DiffRequest(urn=QUEUE, old_inputs=checked.inputs, news=checked.inputs)
    assert aws.servicer.Diff(diff, aws.context).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_preview_leaves_computed_outputs_unknown_and_creates_nothing(
    aws: Client, record: Record
) -> None:
    inputs, _ = aws.check(QUEUE, {"name": "orders", "tags": {"a": "b"}})
    id_, state = aws.create(QUEUE, inputs, preview=True)
    assert id_ == ""
    assert record.entries() == []
    assert (state["arn"], state["url"]) == (UNKNOWN, UNKNOWN)
    assert (state["name"], state["region"], state["tagsAll"]) == ("orders", "us-east-1", {"a": "b"})


def test_a_creation_makes_everything_known_and_is_recorded_without_any_value(
    aws: Client, record: Record
) -> None:
    id_, state, _ = aws.deploy(QUEUE, name="orders", tags={"canary": "canary-value"})
    assert not has_unknown(state)
    assert [(e.urn, e.id, e.name) for e in record.entries()] == [(QUEUE, id_, "orders")]
    assert "canary" not in str(record.entries())


def test_an_update_keeps_what_was_computed(aws: Client) -> None:
    id_, state, inputs = aws.deploy(ROLE, name="web", assumeRolePolicy=TRUST)
    news = {**inputs, "description": "new"}
    for preview in (True, False):
        updated = aws.update(ROLE, id_, state, news, preview=preview)
        assert updated == {**state, "description": "new"}


def test_an_update_of_what_is_gone_says_so(aws: Client) -> None:
    with pytest.raises(Exception, match=r"aws:iam/role:Role web no longer exists; run a refresh"):
        aws.update(ROLE, "web", {}, {"name": "web", "assumeRolePolicy": TRUST})


RULE = "urn:pulumi:dev::p::aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::"


def test_what_an_update_renames_is_forgotten_when_it_is_deleted_and_its_old_name_is_free(
    aws: Client, record: Record
) -> None:
    rule = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/8"}
    olds, _ = aws.check(f"{RULE}web", {**rule, "fromPort": 80, "toPort": 80})
    news, _ = aws.check(f"{RULE}web", {**rule, "fromPort": 81, "toPort": 81}, olds)
    id_, state = aws.create(f"{RULE}web", olds)
    updated = aws.update(f"{RULE}web", id_, state, news)
    other, _ = aws.create(f"{RULE}api", olds)
    with pytest.raises(Exception, match="Duplicate"):
        aws.update(f"{RULE}web", id_, updated, olds)
    aws.delete(f"{RULE}web", id_, updated)
    assert [entry.id for entry in record.entries()] == [other]


def test_a_removed_input_is_removed_from_the_state(aws: Client) -> None:
    id_, state, inputs = aws.deploy(ROLE, name="web", assumeRolePolicy=TRUST, description="x")
    news = {key: value for key, value in inputs.items() if key != "description"}
    assert "description" not in aws.update(ROLE, id_, state, news)


def test_a_refresh_keeps_what_exists_and_drops_what_does_not(aws: Client, record: Record) -> None:
    id_, state, _ = aws.deploy(QUEUE, name="orders")
    read = aws.read(QUEUE, id_, state)
    assert (read.id, wire.to_dict(read.properties)) == (id_, state)
    record.forget(record.entries()[0])
    assert aws.read(QUEUE, id_, state).id == ""


def test_a_deletion_forgets_and_may_be_repeated(aws: Client, record: Record) -> None:
    id_, state, _ = aws.deploy(QUEUE, name="orders")
    aws.delete(QUEUE, id_, state)
    aws.delete(QUEUE, id_, state)
    assert record.entries() == []


def test_an_interrupted_creation_is_adopted_instead_of_doubled(aws: Client, record: Record) -> None:
    first, _, inputs = aws.deploy(GROUP, port=80, protocol="HTTP", vpcId="vpc-1", targetType="ip")
    record.mark_orphans(set())
    again, _ = aws.create(GROUP, inputs)
    assert again == first
    assert [entry.orphan for entry in record.entries()] == [False]


def test_the_adopting_run_may_make_up_another_name(aws: Client, record: Record) -> None:
    given = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "targetType": "ip"}
    first, _, _ = aws.deploy(GROUP, **given)
    record.mark_orphans(set())
    inputs, _ = aws.check(GROUP, given, seed=b"another")
    again, state = aws.create(GROUP, inputs)
    assert again == first
    aws.delete(GROUP, again, state)
    assert record.entries() == []


def test_a_replacement_of_a_live_resource_is_never_adopted(aws: Client, record: Record) -> None:
    given = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "targetType": "ip"}
    first, _, _ = aws.deploy(GROUP, **given)
    inputs, _ = aws.check(GROUP, {**given, "port": 81}, seed=b"another")
    second, _ = aws.create(GROUP, inputs)
    assert second != first
    assert len(record.entries()) == 2


def test_a_second_resource_of_a_taken_name_is_refused_as_aws_refuses_it(aws: Client) -> None:
    aws.deploy(ROLE, name="web", assumeRolePolicy=TRUST)
    other = ROLE.replace("::web", "::other")
    with pytest.raises(Exception, match=r"EntityAlreadyExists: aws:iam/role:Role web .* other"):
        aws.deploy(other, name="web", assumeRolePolicy=TRUST)


def test_a_fault_of_the_stand_in_is_one_sentence_and_holds_no_value(
    aws: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "canary-value"
        raise KeyError(message)

    monkeypatch.setattr(aws.servicer.package, "check", broken)
    with pytest.raises(
        Exception, match=r"^KeyError in the sandbox's stand-in \(Check urn"
    ) as error:
        aws.check(ROLE, {"name": "web"})
    assert "canary" not in str(error.value)
    assert "Traceback" not in str(error.value)


def test_each_provider_resource_keeps_its_own_configuration(aws: Client) -> None:
    other = aws.connected("ipv4:127.0.0.1:2")
    other.configure(region="eu-west-1")
    assert aws.deploy(QUEUE, name="a")[0].startswith("https://sqs.us-east-1.")
    assert other.deploy(f"{QUEUE}2", name="b")[0].startswith("https://sqs.eu-west-1.")


def test_a_type_that_the_sdk_does_not_have_is_named(aws: Client) -> None:
    with pytest.raises(Exception, match=r"no resource type aws:sqs/quee:Quee"):
        aws.check("urn:pulumi:dev::p::aws:sqs/quee:Quee::x", {})


def test_a_call_is_refused_by_name(aws: Client) -> None:
    with pytest.raises(Exception, match=r"aws has no method aws:index:x"):
        aws.servicer.Call(provider_pb2.CallRequest(tok="aws:index:x"), aws.context)


def test_a_changed_region_replaces_the_provider(aws: Client) -> None:
    def diff(old: dict[str, str], new: dict[str, str]) -> provider_pb2.DiffResponse:
        request = provider_pb2.DiffRequest(old_inputs=wire.to_struct(old), news=wire.to_struct(new))
        return aws.servicer.DiffConfig(request, aws.context)

    us, eu = {"region": "us-east-1"}, {"region": "eu-west-1"}
    assert list(diff(us, eu).replaces) == ["region"]
    assert list(diff(us, {**us, "defaultTags": "{}"}).replaces) == []
    assert list(diff(us, {**us, "version": "7.0.0"}).diffs) == []


def test_a_provider_without_a_region_is_refused(aws: Client) -> None:
    response = aws.servicer.CheckConfig(provider_pb2.CheckRequest(), aws.context)
    assert "aws:region is not set" in response.failures[0].reason
