"""Lookups of the account's ECR registry: its login, its repositories and their images."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws.kinds import ACCOUNT, Place
from sandbox.standins.package import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.standins.record import Record
    from sandbox.standins.wire import Properties

REPOSITORY = "aws:ecr/repository:Repository"


def _login(_: Properties, place: Place, __: Record) -> dict[str, Any]:
    """A token, another one each time, as ECR gives."""
    password = f"sandbox-{secrets.token_hex(16)}"
    return {
        "authorizationToken": base64.b64encode(f"AWS:{password}".encode()).decode(),
        "expiresAt": "2026-01-01T12:00:00Z",
        "id": place.region,
        "password": password,
        "proxyEndpoint": f"https://{ACCOUNT}.dkr.ecr.{place.region}.{place.dns_suffix}",
        "region": place.region,
        "registryId": ACCOUNT,
        "userName": "AWS",
    }


def _repositories(_: Properties, place: Place, record: Record) -> dict[str, Any]:
    names = sorted(entry.id for entry in record.entries() if entry.type == REPOSITORY)
    return {"id": place.region, "names": names, "region": place.region}


def _images(args: Properties, place: Place, record: Record) -> dict[str, Any]:
    """None: the stand-in for docker-build pushes nothing.

    Raises:
        Rejected: there is no such repository.
    """
    name = str(args.get("repositoryName", ""))
    if record.find(REPOSITORY, name) is None:
        message = f"RepositoryNotFoundException: {name}"
        raise Rejected(message)
    return {
        "id": place.region,
        "imageIds": [],
        "region": place.region,
        "registryId": ACCOUNT,
        "repositoryName": name,
    }


ANSWERED: dict[str, Callable[[Properties, Place, Record], dict[str, Any]]] = {
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": _login,
    "aws:ecr/getImages:getImages": _images,
    "aws:ecr/getRepositories:getRepositories": _repositories,
}
"""By token: what answers, from the record where that says what exists."""
