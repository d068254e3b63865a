"""What is production: resources with certain tags, and stacks with certain names."""

from collections.abc import Mapping
from typing import Any, Final

from ..core.rule import Member, Parameter, Resource
from .tags import is_among, is_tagged

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
    if is_among(stack, settings["productionStacks"]):
        return True
    return is_tagged(resource.at("tags"), settings["productionTags"])
