"""The command ``python -m policies.check``.

Exit codes:
    0: No mandatory rule is violated.
    1: A mandatory rule is violated.
    2: The command line, the input or the configuration is wrong, and nothing was checked; or what
        was found can't be written.

Advice, rules that the input can't decide, and what is exempt, are told but change no exit code.
Where the configuration says remediate nothing is corrected: a violation weighs as under mandatory.
"""

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from fargate_policies.catalogue import RULES
from fargate_policies.core.rule import AnyRule

from check import junit, sarif, text
from check.configuration import configured
from check.engine_output import read
from check.errors import Exit, InputError
from check.evaluation import Finding, Level, evaluate

_Format = Callable[[Sequence[AnyRule], Sequence[AnyRule], Sequence[Finding], str], str]
"""Takes the rules that judge, those that are disabled, what is found, and the file's name."""

_FORMATS: Final[dict[str, _Format]] = {
    "text": text.as_text,
    "json": text.as_json,
    "sarif": sarif.as_sarif,
    "junit": junit.as_junit,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one file.

    Args:
        arguments: the command line without the program's name; the process's own by default.

    Returns:
        The exit code; see the module.
    """
    options = _parser().parse_args(arguments)
    try:
        configuration = configured(RULES, _configuration(options.policy_pack_config))
        printed = read(_input(options.file))
    except InputError as error:
        _print(f"error: {text.clean(str(error))}", sys.stderr)
        return int(Exit.BAD_INPUT)
    findings = evaluate(RULES, printed, configuration)
    judging, disabled = configuration.judging(RULES), configuration.disabled(RULES)
    try:
        _print(_FORMATS[options.format](judging, disabled, findings, options.file), sys.stdout)
    except OSError as error:  # such as a full disk
        _print(f"error: The findings can't be written: {error.strerror}.", sys.stderr)
        return int(Exit.BAD_INPUT)
    violated = any(finding.kind == Level.MANDATORY.value for finding in findings)
    return int(Exit.VIOLATIONS if violated else Exit.OK)


def _configuration(name: str | None) -> str:
    return "" if name is None else _read(name, Path(name).read_bytes)


def _input(name: str) -> str:
    return _read(name, _standard_input if name == "-" else Path(name).read_bytes)


def _standard_input() -> bytes:
    if sys.stdin is None:  # closed by whoever runs this
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return sys.stdin.buffer.read()


def _read(name: str, source: Callable[[], bytes]) -> str:
    try:
        return source().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{name} isn't UTF-8 text.") from None
    except ValueError:  # a null character
        raise InputError("The file's name isn't one.") from None


def _print(said: str, stream: object) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")  # a terminal may not know all characters
    try:
        print(said, file=stream, flush=True)  # type: ignore[call-overload]  # a text stream
    except OSError as error:
        # Keep Python's own flush at exit quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]  # see above
        if not isinstance(error, BrokenPipeError):  # whose reader, such as head, has seen enough
            raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m policies.check",
        description="The policy pack's rules on a stack or a preview, without an engine.",
        epilog=(__doc__ or "").partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        help="output of `pulumi stack export` or `pulumi preview --json --show-sames`; "
        "- for standard input",
    )
    parser.add_argument(
        "--policy-pack-config",
        metavar="FILE",
        help="levels, parameters and exemptions of the rules, as for Pulumi's own flag; such as "
        "config/prod.json in the pack's folder (default: each rule's own)",
    )
    parser.add_argument(
        "--format", choices=_FORMATS, default="text", help="what to print (default: text)"
    )
    return parser
