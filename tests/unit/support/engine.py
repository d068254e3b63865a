"""A recording Pulumi engine: everything that a program asks an engine for, without one."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc, set_all_config, set_mocks
from pulumi.runtime.mocks import MockMonitor, _resolve_callbacks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import Stack

PROJECT, STACK = "platform", "test"
UNKNOWN = rpc.UNKNOWN
"""What stands in inputs for a value that a preview doesn't know."""


@dataclass(frozen=True)
class Registration:
    """One resource as the program registered it, with the options that an engine acts on."""

    urn: str
    type: str
    name: str
    parent: str
    """URN of the parent."""
    inputs: Mapping[str, Any]
    dependencies: frozenset[str]
    """URNs of what it comes after: given by depends_on or followed from inputs."""
    sources: Mapping[str, frozenset[str]]
    """URNs that each input was made from."""
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    replace_with: frozenset[str]
    """URNs of what it is replaced together with."""
    replacement_trigger: str
    """What it is replaced for when it changes, as JSON."""
    timeouts: tuple[str, str, str]
    """How long create, update and delete may take."""
    provider: str
    transforms: tuple[Callable[..., Any], ...]
    protected: bool
    """Whether the engine refuses to delete it."""
    delete_before_replace: bool
    retained: bool
    """Whether it outlives its resource: the engine only forgets it."""


class NoMocks(Mocks):
    """The SDK demands mocks; the recorder answers by itself and never asks them."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise NotImplementedError(args.name)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        raise NotImplementedError(args.token)


@dataclass
class Answers:
    """What the cloud's providers answer."""

    lookup: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
    """Result of an invoke, by token and arguments."""
    computed: Callable[["Recorder", Registration], Mapping[str, Any]]
    """Outputs that a provider adds to a resource's inputs once it is created."""
    construct: Mapping[str, Callable[["Recorder", Registration], Mapping[str, Any]]]
    """Outputs of remote components, by type; they may register children."""


@dataclass
class State:
    """A resource as the engine would keep it."""

    id: str
    outputs: Mapping[str, Any]


@dataclass
class Recorder(MockMonitor):
    """The engine's side of the protocol: it records, and answers as `answers` says.

    In a preview it answers with inputs only, so that all computed outputs and ids are unknown.
    """

    answers: Answers
    preview: bool
    registrations: list[Registration] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    exports: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(NoMocks())

    def RegisterResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn=urn)
        timeouts = request.customTimeouts
        registration = Registration(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent,
            inputs=plain(request.object),
            dependencies=frozenset(request.dependencies),
            sources={
                name: frozenset(found.urns) for name, found in request.propertyDependencies.items()
            },
            ignore_changes=tuple(request.ignoreChanges),
            replace_on_changes=tuple(request.replaceOnChanges),
            replace_with=frozenset(request.replace_with),
            replacement_trigger=json.dumps(MessageToDict(request.replacement_trigger)),
            timeouts=(timeouts.create, timeouts.update, timeouts.delete),
            provider=request.provider,
            transforms=tuple(_resolve_callbacks(request.transforms)),
            protected=request.protect,
            delete_before_replace=request.deleteBeforeReplace,
            retained=request.retainOnDelete,
        )
        self.registrations.append(registration)
        if request.type in self.answers.construct:
            outputs = self.answers.construct[request.type](self, registration)
            return resource_pb2.RegisterResourceResponse(urn=urn, object=struct(outputs))
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        computed = {} if self.preview else self.answers.computed(self, registration)
        state = self.keep(urn, request.name, {**registration.inputs, **computed})
        given = Struct()
        given.CopyFrom(request.object)
        given.MergeFrom(struct(computed))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=state.id, object=given)

    def Invoke(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        arguments = plain(request.args)
        if request.tok == "pulumi:pulumi:getResource":
            state = self.states[arguments["urn"]]
            found = {"urn": arguments["urn"], "id": state.id, "state": state.outputs}
        else:
            found = dict(self.answers.lookup(request.tok, arguments))
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(struct(found))
        return response

    def keep(self, urn: str, name: str, outputs: Mapping[str, Any]) -> State:
        """Keep a resource's state; in a preview its id is unknown."""
        state = State("" if self.preview else f"{name}-id", outputs)
        self.states[urn] = state
        return state

    def reference(self, type_: str, name: str, outputs: Mapping[str, Any]) -> dict[str, str]:
        """Keep a resource that a remote component registers, and return the reference to it."""
        urn = f"urn:pulumi:{STACK}::{PROJECT}::{type_}::{name}"
        state = self.keep(urn, name, outputs)
        return {
            rpc._special_sig_key: rpc._special_resource_sig,
            "urn": urn,
            "id": state.id,
            "packageVersion": "",
        }

    def of(self, type_: str) -> list[Registration]:
        """Return the resources of a type, such as aws:ecs/service:Service."""
        return [found for found in self.registrations if found.type == type_]

    def one(self, type_: str, name: str | None = None) -> Registration:
        """Return the only resource of a type (and name)."""
        (found,) = [r for r in self.of(type_) if name in (None, r.name)]
        return found

    def named(self, name: str) -> Registration:
        """Return the only resource of a name."""
        (found,) = [r for r in self.registrations if r.name == name]
        return found

    def below(self, component: Registration) -> Iterator[Registration]:
        """Yield a component and all that is in it, at any depth."""
        inside = {component.urn}
        for found in self.registrations:
            if found.urn == component.urn or found.parent in inside:
                inside.add(found.urn)
                yield found

    def depends(self, dependent: Registration, on: Registration) -> bool:
        """Say whether a resource comes after another, over whichever others."""
        by_urn = {found.urn: found for found in self.registrations}
        waiting, seen = [dependent], set[str]()
        while waiting:
            for urn in waiting.pop().dependencies - seen:
                if urn == on.urn:
                    return True
                seen.add(urn)
                waiting += [by_urn[urn]] if urn in by_urn else []
        return False


def deploy(
    program: Callable[[], object],
    answers: Answers,
    *,
    preview: bool,
    config: Mapping[str, str] | None = None,
) -> Recorder:
    """Run `program` to its end, all Outputs included, and return what it asked the engine for.

    Args:
        program: what a `__main__.py` would do.
        answers: what providers answer.
        preview: leave computed outputs unknown, as the first preview does.
        config: the stack's configuration, with prefixes, as text.
    """
    recorder = Recorder(answers, preview)
    set_mocks(NoMocks(), project=PROJECT, stack=STACK, preview=preview, monitor=recorder)
    set_all_config(dict(config or {}))
    root = pulumi.runtime.get_root_resource()
    assert isinstance(root, Stack)
    root.outputs.clear()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK leaves it untyped
    def run() -> pulumi.Output[None]:
        program()
        return pulumi.Output.all(
            *(_export(recorder, *pair) for pair in root.outputs.items())
        ).apply(lambda _: None)

    run()
    return recorder


def _export(recorder: Recorder, name: str, value: object) -> pulumi.Output[None]:
    recorder.exports[name] = UNKNOWN
    return pulumi.Output.from_input(value).apply(
        lambda known: recorder.exports.__setitem__(name, known)
    )


def struct(values: Mapping[str, Any]) -> Struct:
    """Return a mapping as the protocol's structure."""
    made = Struct()
    made.update(values)
    return made


def plain(message: Struct) -> dict[str, Any]:
    """Return the protocol's structure as plain data: secrets in clear, resources as URNs."""
    found: dict[str, Any] = _plain(MessageToDict(message))
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return _plain_mapping(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain_mapping(value: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    match value.get(rpc._special_sig_key):
        case rpc._special_secret_sig:
            return _plain(value["value"])
        case rpc._special_output_value_sig:
            return _plain(value.get("value", UNKNOWN))
        case rpc._special_resource_sig:
            return value["urn"]
    return {key: _plain(inner) for key, inner in value.items()}
