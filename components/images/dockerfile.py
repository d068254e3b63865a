"""What a Dockerfile says of its stages, read without building it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FROM = re.compile(
    r"FROM\s+(?:--platform=(?P<platform>\S+)\s+)?(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?",
    re.IGNORECASE,
)
_HEREDOC = re.compile(r"<<-?(?P<quote>[\"']?)(?P<end>[A-Za-z_]\w*)(?P=quote)")


@dataclass(frozen=True)
class Stage:
    """One FROM instruction."""

    name: str
    """The name after AS, in lower case; its number where it has none."""
    base: str
    """The image or the earlier stage that it begins with."""
    platform: str | None
    """The platform that it fixes, such as linux/amd64; may hold a variable."""


def stages(text: str) -> Sequence[Stage]:
    """Return the stages of a Dockerfile in its order."""
    found: list[Stage] = []
    for line in _instructions(text):
        stage = _FROM.fullmatch(line)
        if stage:
            name = (stage["name"] or str(len(found))).lower()
            found.append(Stage(name, stage["base"], stage["platform"]))
    return found


def built_stage(found: Sequence[Stage], target: str | None) -> Stage | None:
    """Return the stage that becomes the image: the target by name or number, else the last."""
    if target is None:
        return found[-1] if found else None
    numbered = {str(number): stage for number, stage in enumerate(found)}
    return {**numbered, **{stage.name: stage for stage in found}}.get(target.lower())


def fixed_platform(found: Sequence[Stage], stage: Stage) -> str | None:
    """Return the platform that a stage or one that it begins with fixes; None without."""
    earlier = {one.name: one for one in found[: found.index(stage)]}
    while stage.platform is None and stage.base.lower() in earlier:
        stage = earlier.pop(stage.base.lower())
    literal = stage.platform is not None and "$" not in stage.platform
    return stage.platform if literal else None


def _instructions(text: str) -> Iterator[str]:
    """Yield instructions, each on one line, without comments and the text of heredocs."""
    pending, ends = "", list[str]()
    for raw in text.split("\n"):
        line = raw.strip()
        if ends:
            if line == ends[0]:
                ends.pop(0)
            continue
        if not line or line.startswith("#"):
            continue
        pending += line
        if line.endswith("\\"):
            pending = pending[:-1] + " "
            continue
        ends = [found["end"] for found in _HEREDOC.finditer(pending)]
        yield pending.strip()
        pending = ""
