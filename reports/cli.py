"""The command ``python -m reports``.

Exit codes:
    0: The report is complete.
    2: The command line or the input is wrong; there is no report.
    3: The input doesn't say enough: a price, a size or a security group isn't known. The report
       names what is missing. There is no reach report where a rule isn't known, as it would
       mislead.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reports.cost import report as cost
from reports.engine_output import read_stack
from reports.errors import Exit, InputError, ReportError
from reports.reach import report as reach
from reports.reach.analysis import reach_report
from reports.stack import Stack

_REPORTS: Final = {
    "cost": "what a stack costs a month, and over which range it scales",
    "reach": "who can reach whom, by security groups",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one report.

    Args:
        arguments: the command line without the program's name; the process's own by default.

    Returns:
        The exit code; see the module.
    """
    options = _parser().parse_args(arguments)
    try:
        stack = read_stack(_read(options.file), region=options.region)
        text, code = _report(options.report, stack, as_json=options.json)
    except ReportError as error:
        print(f"error: {error}", file=sys.stderr)
        return int(error.code)
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # The reader, such as head, has seen enough. Keep Python's own flush at exit quiet too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(code)


def _report(kind: str, stack: Stack, *, as_json: bool) -> tuple[str, Exit]:
    if kind == "cost":
        costs = cost.cost_report(stack)
        text = json.dumps(cost.as_json(costs), indent=2) if as_json else cost.as_text(costs)
        return text, Exit.INCOMPLETE if costs.gaps else Exit.OK
    reached = reach_report(stack)
    text = json.dumps(reach.as_json(reached), indent=2) if as_json else reach.as_text(reached)
    return text, Exit.INCOMPLETE if reached.without_groups else Exit.OK


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{name} isn't UTF-8 text.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports",
        description="Reports on a stack, from what the Pulumi engine says of it.",
        epilog=(__doc__ or "").partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="report", required=True, metavar="REPORT")
    for report, text in _REPORTS.items():
        subparser = subparsers.add_parser(report, help=text, description=text)
        subparser.add_argument(
            "file",
            metavar="FILE",
            help="output of `pulumi stack export` or `pulumi preview --json --show-sames`; "
            "- for standard input",
        )
        subparser.add_argument(
            "--json", action="store_true", help="print one JSON document on stdout"
        )
        subparser.add_argument(
            "--region", metavar="REGION", help="AWS region, where the input doesn't say it"
        )
    return parser
