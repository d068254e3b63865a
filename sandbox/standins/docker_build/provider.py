"""The docker-build package: what its images are like.

Modelled on the real provider's source (pulumi-docker-build v0.0.22, provider/internal): it checks
and compares as that does, and where that builds and pushes, it makes up a digest.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sandbox.standins import diff
from sandbox.standins.docker_build import context, rules
from sandbox.standins.package import Checked, Package, Rejected, Subject, Verdict
from sandbox.standins.wire import UNKNOWN, has_unknown

if TYPE_CHECKING:
    from sandbox.standins.wire import Properties

_IMAGE = "docker-build:index:Image"
_COMPUTED = ("contextHash", "digest", "ref")


class DockerBuild(Package):
    """Images; indexes are not modelled."""

    name = "docker-build"
    sdk = "pulumi_docker_build"

    def check_config(self, news: Properties) -> list[str]:  # noqa: ARG002 - no daemon is asked
        """Any configuration will do."""
        return []

    def replaces_provider(self, changed: set[str]) -> bool:  # noqa: ARG002 - the same registry
        """Another daemon or other credentials change no image."""
        return False

    def check(self, subject: Subject, olds: Properties, news: Properties, seed: bytes) -> Checked:  # noqa: ARG002 - the protocol's signature
        """Fill in the defaults and judge the inputs, the Dockerfile on disk among them."""
        if subject.type != _IMAGE:
            message = f"{subject.type} is not modelled by the sandbox: {_IMAGE} is"
            raise Rejected(message)
        inputs = {"buildOnPreview": True, "network": "default", **news}
        inputs["dockerfile"] = context.dockerfile(inputs)
        return Checked(inputs, rules.problems(inputs))

    def verdict(
        self,
        subject: Subject,  # noqa: ARG002 - all images alike
        olds: Properties,
        news: Properties,
        found: list[diff.Change],
    ) -> Verdict:
        """Updates only. A changed password is no change: tokens of registries live for hours."""
        counted = [c for c in found if diff.top(c.path) != "registries"]
        if _registries(olds) != _registries(news):
            counted.append(diff.Change("registries", "update"))
        return Verdict(counted, [])

    def drift(self, subject: Subject, state: Properties, news: Properties) -> list[diff.Change]:  # noqa: ARG002 - the package's signature
        """A file of the context that has changed since the image was built."""
        if has_unknown(news.get("context")) or state.get("contextHash") == context.digest(news):
            return []
        return [diff.Change("contextHash", "update")]

    def unique_name(self, subject: Subject, inputs: Properties) -> str:  # noqa: ARG002 - nothing
        """A registry takes the same image twice."""
        return ""

    def name_taken(self, subject: Subject, name: str) -> str:
        """Never said: nothing has to be unique."""
        return f"{subject.type} {name} already exists"

    def new_id(self, subject: Subject, inputs: Properties, name: str) -> str:  # noqa: ARG002 - by object
        """The digest; the resource's name for an image that is pushed nowhere."""
        return _digest(inputs) if rules.is_pushed(inputs) else subject.name

    def planned(
        self,
        subject: Subject,  # noqa: ARG002 - all images alike
        id_: str,  # noqa: ARG002 - another content is another digest
        inputs: Properties,
        olds: Properties,  # noqa: ARG002 - what was built before says nothing
    ) -> Properties:
        """In the preview of an update, what the build would give is unknown."""
        return {**inputs, **dict.fromkeys(_COMPUTED, UNKNOWN)}

    def outputs(
        self, subject: Subject, id_: str, inputs: Properties, olds: Properties
    ) -> Properties:
        """The image's digest, and a reference that holds it."""
        if not id_:
            return self.planned(subject, id_, inputs, olds)
        pushed = rules.is_pushed(inputs)
        digest = _digest(inputs) if pushed else ""
        tag = str(next(iter(inputs.get("tags") or []), ""))
        ref = f"{tag}@{digest}" if tag and digest else tag
        return {**inputs, "contextHash": context.digest(inputs), "digest": digest, "ref": ref}

    def invoke(self, token: str, args: Properties, config: Properties) -> Properties:  # noqa: ARG002 - has no lookups
        """The package has no lookups."""
        message = f"the sandbox has no answer to the lookup {token}: docker-build has none"
        raise Rejected(message)


def _registries(inputs: Properties) -> list[tuple[Any, Any]]:
    return [(r.get("address"), r.get("username")) for r in inputs.get("registries") or []]


def _digest(inputs: Properties) -> str:
    """A digest that follows from what would be built: the same content, the same image."""
    decisive = {
        key: inputs.get(key) for key in ("buildArgs", "labels", "platforms", "tags", "target")
    }
    text = f"{context.digest(inputs)} {sorted(decisive.items())!r}"
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
