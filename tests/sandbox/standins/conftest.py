"""The provider protocol without an engine: requests and responses of protobuf Structs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.standins import wire
from sandbox.standins.aws.provider import Aws
from sandbox.standins.crud import CrudServicer
from sandbox.standins.kubernetes.provider import Kubernetes
from sandbox.standins.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import grpc


class AbortedError(Exception):
    """What the engine would see of a failed call."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class Context:
    """The server's side of one connection."""

    def __init__(self, peer: str = "ipv4:127.0.0.1:1") -> None:
        self._peer = peer

    def peer(self) -> str:
        return self._peer

    def abort(self, code: grpc.StatusCode, message: str) -> NoReturn:
        raise AbortedError(code, message)


@dataclass
class Client:
    """Calls a provider as the engine does, with plain dicts on this side.

    Attributes:
        servicer: the provider.
        context: the connection; each provider resource has its own.
    """

    servicer: CrudServicer
    context: Any = field(default_factory=Context)

    def connected(self, peer: str) -> Client:
        return Client(self.servicer, Context(peer))

    def configure(self, **config: object) -> None:
        request = provider_pb2.ConfigureRequest(args=wire.to_struct(config))
        self.servicer.Configure(request, self.context)

    def check(
        self,
        urn: str,
        news: Mapping[str, Any],
        olds: Mapping[str, Any] | None = None,
        seed: bytes = b"seed",
    ) -> tuple[dict[str, Any], list[str]]:
        request = provider_pb2.CheckRequest(
            urn=urn, news=wire.to_struct(news), olds=wire.to_struct(olds or {}), randomSeed=seed
        )
        response = self.servicer.Check(request, self.context)
        assert all(failure.property == "" for failure in response.failures)
        return wire.to_dict(response.inputs), [failure.reason for failure in response.failures]

    def diff(
        self,
        urn: str,
        olds: Mapping[str, Any],
        news: Mapping[str, Any],
        ignore: tuple[str, ...] = (),
        state: Mapping[str, Any] | None = None,
    ) -> provider_pb2.DiffResponse:
        request = provider_pb2.DiffRequest(
            urn=urn,
            old_inputs=wire.to_struct(olds),
            olds=wire.to_struct(state or olds),
            news=wire.to_struct(news),
            ignoreChanges=ignore,
        )
        return self.servicer.Diff(request, self.context)

    def create(
        self, urn: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str, dict[str, Any]]:
        request = provider_pb2.CreateRequest(
            urn=urn, properties=wire.to_struct(inputs), preview=preview
        )
        response = self.servicer.Create(request, self.context)
        return response.id, wire.to_dict(response.properties)

    def update(
        self,
        urn: str,
        id_: str,
        olds: Mapping[str, Any],
        news: Mapping[str, Any],
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(
            urn=urn,
            id=id_,
            olds=wire.to_struct(olds),
            news=wire.to_struct(news),
            preview=preview,
        )
        return wire.to_dict(self.servicer.Update(request, self.context).properties)

    def read(self, urn: str, id_: str, state: Mapping[str, Any]) -> provider_pb2.ReadResponse:
        request = provider_pb2.ReadRequest(
            urn=urn, id=id_, properties=wire.to_struct(state), inputs=wire.to_struct(state)
        )
        return self.servicer.Read(request, self.context)

    def delete(self, urn: str, id_: str, state: Mapping[str, Any]) -> None:
        request = provider_pb2.DeleteRequest(urn=urn, id=id_, properties=wire.to_struct(state))
        self.servicer.Delete(request, self.context)

    def invoke(self, token: str, **args: object) -> dict[str, Any]:
        request = provider_pb2.InvokeRequest(tok=token, args=wire.to_struct(args))
        return wire.to_dict(getattr(self.servicer.Invoke(request, self.context), "return"))

    def deploy(self, urn: str, **news: object) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Check and create; returns id, checked inputs and state."""
        inputs, failures = self.check(urn, news)
        assert failures == []
        return (*self.create(urn, inputs), inputs)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = Record(tmp_path / "record.db")
    yield opened
    opened.close()


@pytest.fixture
def aws(record: Record) -> Client:
    client = Client(CrudServicer(Aws(record)))
    client.configure(region="us-east-1")
    return client


@pytest.fixture
def kubernetes(record: Record) -> Client:
    return Client(CrudServicer(Kubernetes(record)))
