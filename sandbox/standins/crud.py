"""Pulumi's provider protocol for a package of custom resources, over a record.

What all packages share: previews, refreshes, idempotent deletion, adoption after a crash, errors
that are one sentence.
"""

from __future__ import annotations

import functools
import importlib.metadata
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.standins import diff, wire
from sandbox.standins.package import Package, Rejected, Subject, Verdict
from sandbox.standins.record import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.standins.wire import Properties

_Servicer = TypeVar("_Servicer")
_Request = TypeVar("_Request")
_Response = TypeVar("_Response")
_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class _AboutResource(Protocol):
    urn: str


def clear_errors(
    method: Callable[[_Servicer, _Request, grpc.ServicerContext], _Response],
) -> Callable[[_Servicer, _Request, grpc.ServicerContext], _Response]:
    """Let an exception reach the user as one clear message, never as a traceback."""

    @functools.wraps(method)
    def wrapper(self: _Servicer, request: _Request, context: grpc.ServicerContext) -> _Response:
        try:
            return method(self, request, context)
        except Rejected as refusal:
            _abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(refusal))
        except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
            about = getattr(request, "urn", "") or getattr(request, "tok", "")
            fault = f"{type(error).__name__} in the sandbox's stand-in ({method.__name__} {about})"
            _abort(context, grpc.StatusCode.INTERNAL, f"{fault}; please report this as a bug")

    return wrapper


def _abort(context: grpc.ServicerContext, code: grpc.StatusCode, message: str) -> NoReturn:
    context.abort(code, message)
    raise AssertionError(message)  # abort always raises; this tells the type checker so


class CrudServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one package's custom resources and lookups.

    Args:
        package: what the package is like.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self._record = package.record
        self._version = importlib.metadata.version(package.sdk)
        self._configs: dict[str, Properties] = {}

    def Attach(  # noqa: N802, D102 - the protocol's name; its description is there
        self,
        request: plugin_pb2.PluginAttach,  # noqa: ARG002 - no call goes back to the engine
        context: grpc.ServicerContext,  # noqa: ARG002 - the protocol's signature
    ) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Handshake(  # noqa: N802, D102 - the protocol's name; its description is there
        self,
        request: provider_pb2.ProviderHandshakeRequest,  # noqa: ARG002 - no call goes back
        context: grpc.ServicerContext,  # noqa: ARG002 - the protocol's signature
    ) -> provider_pb2.ProviderHandshakeResponse:
        # An engine that strips secrets marks them again by name only: tagsAll would be in clear.
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False)

    def GetPluginInfo(  # noqa: N802, D102 - the protocol's name; its description is there
        self,
        request: empty_pb2.Empty,  # noqa: ARG002 - the protocol's signature
        context: grpc.ServicerContext,  # noqa: ARG002 - the protocol's signature
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._version)

    def Cancel(  # noqa: N802, D102 - the protocol's name; its description is there
        self,
        request: empty_pb2.Empty,  # noqa: ARG002 - nothing here takes long
        context: grpc.ServicerContext,  # noqa: ARG002 - the protocol's signature
    ) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    @clear_errors
    def CheckConfig(  # noqa: N802, D102 - the protocol's name; its description is there
        self,
        request: provider_pb2.CheckRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - the protocol's signature
    ) -> provider_pb2.CheckResponse:
        problems = self.package.check_config(wire.to_dict(request.news))
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(problems))

    @clear_errors
    def DiffConfig(  # noqa: N802, D102 - the protocol's name; its description is there
        self,
        request: provider_pb2.DiffRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - the protocol's signature
    ) -> provider_pb2.DiffResponse:
        old, new = wire.to_dict(request.old_inputs), wire.to_dict(request.news)
        found = diff.without_ignored(diff.changes(old, new), [*request.ignoreChanges, "version"])
        replacing = self.package.replaces_provider({diff.top(change.path) for change in found})
        return _diff_response(Verdict(found, found if replacing else []))

    @clear_errors
    def Configure(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        # Each provider resource has a connection of its own to this one process.
        self._configs[context.peer()] = wire.to_dict(request.args)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @clear_errors
    def Check(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        olds, news = wire.to_dict(request.olds), wire.to_dict(request.news)
        subject = self._subject(request, context)
        checked = self.package.check(subject, olds, news, request.randomSeed)
        inputs = wire.to_struct(checked.inputs, wire.secret_paths(request.news))
        return provider_pb2.CheckResponse(inputs=inputs, failures=_failures(checked.problems))

    @clear_errors
    def Diff(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        # The old state holds computed outputs, which never are in the new inputs.
        olds, news = wire.to_dict(request.old_inputs), wire.to_dict(request.news)
        found = diff.without_ignored(diff.changes(olds, news), request.ignoreChanges)
        subject = self._subject(request, context)
        found += self.package.drift(subject, wire.to_dict(request.olds), news)
        return _diff_response(self.package.verdict(subject, olds, news, found))

    @clear_errors
    def Create(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        subject = self._subject(request, context)
        inputs = wire.to_dict(request.properties)
        id_ = "" if request.preview else self._create(subject, inputs)
        outputs = self.package.outputs(subject, id_, inputs, {})
        properties = self._marked(outputs, request.properties)
        return provider_pb2.CreateResponse(id=id_, properties=properties)

    @clear_errors
    def Read(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        if self._record.find(self._subject(request, context).type, request.id) is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    @clear_errors
    def Update(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        subject = self._subject(request, context)
        news, olds = wire.to_dict(request.news), wire.to_dict(request.olds)
        if not request.preview:
            self._update(subject, request.id, self.package.renamed(subject, olds, news))
        complete = self.package.planned if request.preview else self.package.outputs
        outputs = complete(subject, request.id, news, olds)
        return provider_pb2.UpdateResponse(properties=self._marked(outputs, request.news))

    @clear_errors
    def Delete(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        subject = self._subject(request, context)
        name = self.package.unique_name(subject, wire.to_dict(request.properties))
        self._record.forget(Entry(subject.urn, subject.type, request.id, name))
        return empty_pb2.Empty()

    @clear_errors
    def Invoke(  # noqa: N802, D102 - the protocol's name; its description is there
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        args, config = wire.to_dict(request.args), self._config(context)
        response = provider_pb2.InvokeResponse()
        # "return" is a word of Python's own, so the field has to be named by text.
        answer = wire.to_struct(self.package.invoke(request.tok, args, config))
        getattr(response, "return").CopyFrom(answer)
        return response

    @clear_errors
    def Call(  # noqa: N802, D102 - the protocol's name; its description is there
        self,
        request: provider_pb2.CallRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - the protocol's signature
    ) -> provider_pb2.CallResponse:
        message = f"the sandbox's stand-in for {self.package.name} has no method {request.tok}"
        raise Rejected(message)

    def _create(self, subject: Subject, inputs: Properties) -> str:
        name = self.package.unique_name(subject, inputs)
        adopted = self._record.adopt(subject.urn, subject.type, name)
        if adopted:
            return adopted.id
        if name and self._record.named(subject.type, name):
            raise Rejected(self.package.name_taken(subject, name))
        full = self.package.no_room(subject, inputs)
        if full:
            raise Rejected(full)
        id_ = self.package.new_id(subject, inputs, name)
        self._record.add(Entry(subject.urn, subject.type, id_, name))
        return id_

    def _update(self, subject: Subject, id_: str, name: str) -> None:
        """Let a resource have the name that its new inputs give it, such as a rule's other port."""
        if self._record.find(subject.type, id_) is None:
            message = f"{subject.type} {id_} no longer exists; run a refresh"
            raise Rejected(message)
        holder = self._record.named(subject.type, name) if name else None
        if holder and holder.id != id_:
            raise Rejected(self.package.name_taken(subject, name))
        self._record.rename(subject.type, id_, name)

    def _marked(self, outputs: Properties, inputs: struct_pb2.Struct) -> struct_pb2.Struct:
        """The outputs, secret where the inputs are and where outputs repeat such inputs."""
        secrets = wire.secret_paths(inputs)
        repeated = self.package.repeats.items()
        again = {(out, *path[1:]) for path in secrets for key, out in repeated if path[0] == key}
        return wire.to_struct(outputs, secrets | again)

    def _config(self, context: grpc.ServicerContext) -> Properties:
        return self._configs.get(context.peer()) or next(reversed(self._configs.values()), {})

    def _subject(self, request: _AboutResource, context: grpc.ServicerContext) -> Subject:
        qualified, name = request.urn.split("::", 3)[2:4]
        return Subject(request.urn, qualified.rsplit("$", 1)[-1], name, self._config(context))


def _failures(problems: list[str]) -> list[provider_pb2.CheckFailure]:
    # A failure that names its property makes the engine print the value, secrets included.
    return [provider_pb2.CheckFailure(reason=problem) for problem in problems]


def _diff_response(verdict: Verdict) -> provider_pb2.DiffResponse:
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    response = provider_pb2.DiffResponse(
        changes=some if verdict.changes else none,
        hasDetailedDiff=True,
        deleteBeforeReplace=verdict.delete_first,
        diffs=sorted({diff.top(change.path) for change in verdict.changes}),
        replaces=sorted({diff.top(change.path) for change in verdict.replacing}),
    )
    for change in verdict.changes:
        kind: Any = _KINDS[change.kind, change in verdict.replacing]
        entry = provider_pb2.PropertyDiff(kind=kind, inputDiff=True)
        response.detailedDiff[change.path].CopyFrom(entry)
    return response
