"""The names of the project and the stack, which most fixed names in AWS begin with."""

import re
from collections.abc import Iterator
from typing import Final

from components.settings.errors import Problem, shown

NAME: Final = re.compile(r"[A-Za-z0-9]+((__?|-+)[A-Za-z0-9]+)*", re.ASCII)
"""What queues, topics, clusters, keys' aliases and repositories all take: Pulumi takes dots too."""

RENAME: Final = {
    "project": "change name in Pulumi.yaml",
    "stack": "run `pulumi stack rename`",
}


def name_problems(project: str, stack: str) -> Iterator[Problem]:
    """Yield a project's or stack's name that AWS wouldn't take in the names of resources."""
    for what, name in (("project", project), ("stack", stack)):
        if not NAME.fullmatch(name):
            yield Problem(
                f"name of the {what}",
                f"given {shown(name)}: names in AWS hold it, and queues, clusters and repositories "
                "take letters and digits with hyphens or underscores between them: "
                f"{RENAME[what]}",
            )
