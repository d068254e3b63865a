"""Problems between grants and what they are for."""

from collections.abc import Iterator, Mapping, Sequence

from components.settings.errors import Problem, shown
from components.settings.grantable import Grantable
from components.settings.key import KeySettings
from components.settings.relations.draft import Draft
from components.settings.table import TableSettings


def grant_problems(draft: Draft) -> Iterator[Problem]:
    """Yield grants on what the stack file doesn't declare or that it doesn't offer."""
    declared: dict[str, list[str]] = {}
    for section, members in draft.grantables.items():
        for name in members:
            declared.setdefault(name, []).append(section)
    yield from _doubles(declared)
    yield from _dead_letters(draft.grantables.get("queues", {}))
    for section, members in draft.grantables.items():
        for name, settings in members.items():
            yield from _key(f"{section}.{name}.key", settings, draft)
    for where, _, task in draft.tasks:
        for target, levels in task.grants.items():
            at = f"{where}.grants.{target}"
            yield from _grant(at, target, levels, declared, draft)


def _doubles(declared: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    for name, (first, *others) in declared.items():
        for section in others:
            yield Problem(
                f"{section}.{name}",
                f"{first} has {name} too, and grants name things of all sections: rename one",
            )


def _dead_letters(queues: Mapping[str, Grantable | None]) -> Iterator[Problem]:
    """Yield queues that have the name of another one's dead-letter queue."""
    created = [name for name, queue in queues.items() if getattr(queue, "arn", None) is None]
    for name in created:
        owner = name.removesuffix("-dead-letters")
        if owner != name and owner in created:
            yield Problem(
                f"queues.{name}", f"the dead-letter queue of {owner} has this name; rename one"
            )


def _key(at: str, settings: Grantable | None, draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the key that something is encrypted with."""
    name = getattr(settings, "key", None)
    if name is None:
        return
    keys = draft.grantables.get("keys", {})
    if name not in keys:
        known = ", ".join(sorted(keys)) or "none"
        yield Problem(at, f"no key named {name} is declared under keys; keys are: {known}")
        return
    key = keys[name]
    region, key_region = _region(settings), _region(key)
    if region and key_region and region != key_region:
        yield Problem(
            at,
            f"keys.{name} is in {key_region}, and what it encrypts is in {region}; a key works in "
            f"its own region alone: name the one in {region}",
        )
    created_table = isinstance(settings, TableSettings) and settings.arn is None
    if created_table and isinstance(key, KeySettings) and key.arn is None:
        yield Problem(
            at,
            f"keys.{name} is an alias, and DynamoDB keeps the key's ARN, so that each deployment "
            f"would change the table: give keys.{name}.arn instead of alias",
        )


def _region(settings: Grantable | None) -> str:
    """Return the region in the ARN of something; none where there is no ARN, or it doesn't say."""
    arn: str | None = getattr(settings, "arn", None)
    return arn.split(":")[3] if arn else ""


def _grant(
    at: str,
    target: str,
    levels: Sequence[str],
    declared: Mapping[str, Sequence[str]],
    draft: Draft,
) -> Iterator[Problem]:
    if target not in declared:
        known = ", ".join(sorted(declared)) or "nothing"
        yield Problem(at, f"nothing named {target} is declared; declared are: {known}")
        return
    settings = draft.grantables[declared[target][0]][target]
    if settings is None:
        return
    for position, level in enumerate(levels):
        if level not in settings.levels:
            article = "an" if settings.kind[0] in "aeiou" else "a"
            yield Problem(
                f"{at}[{position}]",
                f"given {shown(level)}: {article} {settings.kind} has these access levels: "
                f"{', '.join(settings.levels)}",
            )
        elif level in levels[:position]:
            yield Problem(f"{at}[{position}]", f"{level} is named twice")
