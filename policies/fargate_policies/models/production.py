"""What is production: resources with certain tags, and stacks with certain names."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from ..core.rule import Member, Parameter, Resource
from ..core.values import UNKNOWN

PARAMETERS: Final[Mapping[str, Parameter]] = {
    "productionTags": Parameter(
        "tags of production as key=value, in whatever case; * stands for any text",
        ("environment=prod*", "env=prod*", "stage=prod*"),
    ),
    "productionStacks": Parameter(
        "names of production's stacks, in whatever case; * stands for any text",
        ("prod", "production", "prod-*", "*-prod"),
    ),
}
"""What rules that are about production only add to their parameters.

The provider writes its default tags into the resources' inputs before policies see them.
"""


def in_production(resource: Resource | Member, settings: Mapping[str, Any]) -> bool | None:
    """Whether a resource is production's; None if only tags that aren't known yet can say it.

    Args:
        resource: the resource.
        settings: the rule's, with PARAMETERS among them.
    """
    stack = resource.urn.removeprefix("urn:pulumi:").partition("::")[0]
    if _is_among(stack, settings["productionStacks"]):
        return True
    tags = resource.at("tags")
    if not isinstance(tags.value, dict):
        return None if tags.value is UNKNOWN else False
    patterns = settings["productionTags"]
    answers = {_is_of_production(key, value, patterns) for key, value in tags.value.items()}
    if True in answers:
        return True
    return None if None in answers else False


def _is_of_production(key: str, value: object, patterns: tuple[str, ...]) -> bool | None:
    if value is UNKNOWN:
        about_key = _is_among(key, tuple(pattern.partition("=")[0] for pattern in patterns))
        return None if about_key else False
    return _is_among(f"{key}={value}", patterns)


def _is_among(text: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text.lower(), pattern.lower()) for pattern in patterns)
