"""What looks like a credential: by the name that a value has, or by the value itself."""

import re
from collections.abc import Iterator
from typing import Final

from ..core.values import Findings, Place, Violation, is_set, label

_NAMES: Final = frozenset({"AWS_ACCESS_KEY_ID", "ECS_ENGINE_AUTH_DATA", "REDISCLI_AUTH"})
"""Names of credentials that don't look it."""
_NAME: Final = re.compile(
    r"(PASSWORD|PASSWD|PASSPHRASE)S?[0-9]*(_|$)"
    r"|(^|_)((AUTH|ACCESS|API|BEARER|REFRESH|SESSION)?TOKENS?|(APP|CLIENT)?SECRETS?"
    r"|PWD|CREDENTIALS?"
    r"|(API|ACCESS|AUTH|PRIVATE|SECRET|ENCRYPTION|SIGNING|MASTER|SSH|HMAC|JWT)_?KEYS?)[0-9]*(_|$)"
    r"|(^|_)PASS$|_PAT$"
)
_ABOUT_A_CREDENTIAL: Final = re.compile(
    r"_(ARNS?|NAMES?|IDS?|FILE|PATH|DIR|URL|URI|HOST|PREFIX|HEADER|ISSUER|AUDIENCE|ENDPOINT|VERSION"
    r"|TTL|EXPIRY|EXPIRATION|LIFETIME|SECONDS|MINUTES|LENGTH|LIMIT|ENABLED|REQUIRED|TYPE|REGION)$"
)
_LIMIT: Final = re.compile(r"(^|_)(MAX|MIN)_")
"""In the name of a number, such as how many tokens a model may write."""
_VALUES: Final = (
    re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{22}"),
    re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{10}"),
    re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16}"),
    re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\."),
    re.compile(r"://[^/\s:@]{0,256}:(?!\$)[^/\s@]{1,256}@"),
)
_SETTING: Final = re.compile(
    r"""(?:^|[\s;?&])-{0,2}([A-Za-z][\w.-]{0,63})=["']?(?=[^\s;&"'$`<{%])"""
)
"""A setting within a text: a flag of a command, a part of a connection string or of an address.

What begins with $ or a bracket is filled in where the program runs."""


def judge_named(name: Place, value: Place, where: Place) -> Findings:
    """Yield what a value that has a name gives away.

    Args:
        name: the name, which a message may repeat.
        value: the value, which none repeats.
        where: what a message names.
    """
    place = f"{where.path}{label(name)}"
    if not name.known:
        yield name.unreadable()
    elif is_set(value.value) and names_credential(name.text, value.text):
        yield Violation(f"{place}: is named like a credential")
    elif _holds_credential(value.text):
        yield Violation(f"{place}: holds what looks like a credential")


def judge_variables(variables: Place) -> Findings:
    """Yield what environment variables give away: a list of objects with name and value."""
    for variable in variables.items():
        yield from judge_named(variable.at("name"), variable.at("value"), variable)


def judge_settings(settings: Place) -> Findings:
    """Yield what the values of an object give away, by their keys."""
    for key in settings.value if isinstance(settings.value, dict) else ():
        yield from judge_named(Place(key, settings.path), settings.at(key), settings)
    if not isinstance(settings.value, dict | None):
        # Something else has no such key: unknown or misshapen, as the place of one says.
        yield settings.at("name").unreadable()


def judge_texts(texts: Place) -> Findings:
    """Yield what texts give away, such as those of a command."""
    for text in texts.items():
        if not text.known:
            yield text.unreadable()
        elif _holds_credential(text.text):
            yield Violation(f"{text.path}: holds what looks like a credential")


def _holds_credential(text: str) -> bool:
    return any(pattern.search(text) for pattern in _VALUES) or any(
        map(names_credential, _settings_in(text))
    )


def _settings_in(text: str) -> Iterator[str]:
    return (found[1] for found in _SETTING.finditer(text))


def names_credential(name: str, value: str = "") -> bool:
    """Whether a name says that its value is a credential; a switch and a limit aren't."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).replace("-", "_").replace(".", "_").upper()
    if words in _NAMES:
        return True
    if value.lower() in {"true", "false"} or (value.isdecimal() and _LIMIT.search(words)):
        return False
    return bool(_NAME.search(words)) and not _ABOUT_A_CREDENTIAL.search(words)
