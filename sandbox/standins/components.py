"""Serving a package of component resources: `construct` runs the SDK and registers children."""

from __future__ import annotations

import asyncio
import importlib.metadata
import threading
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

import grpc
import grpc.aio
import pulumi
from google.protobuf import empty_pb2
from pulumi.provider.server import ProviderServicer
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.standins.serve import OPTIONS, exit_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi.provider.provider import Provider


_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class Child(pulumi.CustomResource):
    """A resource of any type, by its wire names: importing typed classes would take seconds.

    Args:
        type_: type token; its package must be an installed SDK's.
        name: logical name.
        inputs: inputs by their names on the wire; None is left out.
        outputs: outputs that are read here, each becoming an attribute of that name.
        opts: options of the resource.
    """

    def __init__(
        self,
        type_: str,
        name: str,
        inputs: Mapping[str, Any],
        outputs: Iterable[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        package = type_.split(":")[2 if type_.startswith("pulumi:providers:") else 0]
        own = pulumi.ResourceOptions(version=importlib.metadata.version(f"pulumi_{package}"))
        properties = {**dict.fromkeys(outputs), **inputs}
        super().__init__(type_, name, properties, pulumi.ResourceOptions.merge(own, opts))

    def output(self, name: str) -> pulumi.Output[Any]:
        """An output that was listed when the resource was made."""
        return cast("pulumi.Output[Any]", self.__dict__[name])


class _Module(rpc.ResourceModule):
    """Lets references to existing resources arrive as resources with some of their outputs."""

    def __init__(self, outputs: tuple[str, ...]) -> None:
        self._outputs = outputs

    def version(self) -> None:
        return None

    def construct(self, name: str, typ: str, urn: str) -> pulumi.Resource:
        return Child(typ, name, {}, self._outputs, pulumi.ResourceOptions(urn=urn))


def accept_references(module: str, *outputs: str) -> None:
    """Read these outputs of any resource of the module that arrives as an argument.

    Args:
        module: package and module of a type token, such as ``aws:iam/role``.
        outputs: names on the wire.
    """
    package, name = module.split(":")
    rpc.register_resource_module(package, name, _Module(outputs))


def refuse(component: str, argument: str, reason: str) -> NoReturn:
    """Refuse an argument, naming it.

    Raises:
        InputPropertyError: always.
    """
    raise pulumi.InputPropertyError(argument, f"{component}: {argument} {reason}")


class ComponentServicer(ProviderServicer):
    """Completes the SDK's servicer where the engine attaches to a running provider.

    Args:
        provider: what constructs the package's components.
    """

    def __init__(self, provider: Provider) -> None:
        super().__init__(provider, [], "")
        # The SDK's settings are global to the process: one construction at a time.
        self._one_at_a_time = asyncio.Lock()

    async def Attach(  # noqa: N802 - the protocol's name
        self,
        request: plugin_pb2.PluginAttach,
        context: _Context,  # noqa: ARG002 - gRPC's signature
    ) -> empty_pb2.Empty:
        """Take the engine's address, which a provider that is started gets as an argument."""
        self.engine_address = request.address
        return empty_pb2.Empty()

    async def Handshake(  # noqa: N802 - the protocol's name
        self,
        request: provider_pb2.ProviderHandshakeRequest,
        context: _Context,  # noqa: ARG002 - gRPC's signature
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Take the engine's address; accept secrets, references and outputs as arguments."""
        self.engine_address = request.engine_address
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=True
        )

    async def CheckConfig(  # noqa: N802 - the protocol's name
        self,
        request: provider_pb2.CheckRequest,
        context: _Context,  # noqa: ARG002 - gRPC's signature
    ) -> provider_pb2.CheckResponse:
        """Accept any configuration: a package of components has none."""
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(  # noqa: N802 - the protocol's name
        self,
        request: provider_pb2.DiffRequest,  # noqa: ARG002 - gRPC's signature
        context: _Context,  # noqa: ARG002 - gRPC's signature
    ) -> provider_pb2.DiffResponse:
        """No configuration, no difference."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    async def Construct(  # noqa: N802 - the protocol's name
        self, request: provider_pb2.ConstructRequest, context: _Context
    ) -> provider_pb2.ConstructResponse:
        """Construct a component; whatever fails is one sentence, never a traceback."""
        async with self._one_at_a_time:
            try:
                return await self._construct(request, context)
            except pulumi.InputPropertyError as error:
                await context.abort(grpc.StatusCode.INVALID_ARGUMENT, error.reason)
            except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
                await context.abort(grpc.StatusCode.UNKNOWN, _sentence(request, error))
        raise AssertionError  # abort always raises; this tells the type checker so


def _sentence(request: provider_pb2.ConstructRequest, error: Exception) -> str:
    what = f"{request.type} {request.name} was not constructed"
    if isinstance(error, grpc.RpcError | pulumi.RunError):
        return f"{what}: see the error of its child resource"
    return f"{what}: {type(error).__name__} in the sandbox's stand-in; please report this as a bug"


def serve_components(provider: Provider) -> NoReturn:
    """Serve in this process, print the port as one line, exit when stdin ends."""
    threading.Thread(target=exit_with_parent, daemon=True).start()

    async def serve() -> None:
        # What fails in the SDK's background tasks after the engine is gone concerns nobody.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        server = grpc.aio.server(options=OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            ComponentServicer(provider), server
        )
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(port, flush=True)
        await server.wait_for_termination()

    asyncio.run(serve())
    raise SystemExit
