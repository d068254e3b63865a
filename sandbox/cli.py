"""The command ``python -m sandbox``.

Exit codes:
    0: It worked.
    1: The deployment, or a command of ``run`` that could not be started, failed.
    2: The command line, the stack file or the project's settings are wrong; no engine ran, or the
       program refused its settings before it registered anything.
    3: The policy pack stopped it; if that was in the preview, nothing was created or changed.
    4: The stack is busy: another run holds it.
    5: There is no Pulumi CLI and none could be installed or built.
    130: It was interrupted, after the engine had cancelled (128 + the number of the signal).

`run` and `export` exit with their command's code. A reader that stops early is no failure.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sandbox import environment, invocation, pulumi_cli, session, verbs
from sandbox.console import Console, paint
from sandbox.errors import BadInputError, Exit, InterruptedRunError, SandboxError
from sandbox.layout import Layout

_VERBS = {
    "up": (verbs.up, "preview with the policy pack, then deploy"),
    "preview": (verbs.preview, "show what `up` would do"),
    "refresh": (verbs.refresh, "take the cloud's state over into the stack"),
    "down": (verbs.down, "delete everything in the stack"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Args:
        arguments: The command line without the program's name; the process's own by default.

    Returns:
        The exit code; see the module.
    """
    options = _parser().parse_args(arguments)
    console = Console()
    try:
        layout = _layout(options)
        if options.verb == "export":
            return _call(layout, console, ["pulumi", "stack", "export"])
        if options.verb == "run":
            return _call(layout, console, options.command[options.command[:1] == ["--"] :])
        work, _ = _VERBS[options.verb]
        printer = verbs.Printer(as_json=options.json)
        with session.opened(
            layout, options.verb, lambda: pulumi_cli.find(console), console
        ) as opened:
            return int(work(opened, printer))
    except InterruptedRunError as error:
        console.say(str(error))
        return 128 + error.signal_number
    except SandboxError as error:
        console.say(f"{paint('error', 'red', sys.stderr)} {error}")
        return int(error.code)
    except KeyboardInterrupt:
        console.say("Interrupted.")
        return int(Exit.INTERRUPTED)
    finally:
        console.done()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=invocation.program(),
        description="This project's stacks on the real Pulumi engine, without a cloud.",
        epilog=(__doc__ or "").partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, (_, text) in _VERBS.items():
        parser_of_verb = _add_stack(subparsers.add_parser(verb, help=text, description=text))
        parser_of_verb.add_argument(
            "--json", action="store_true", help="print one JSON document on stdout"
        )
        if verb in {"up", "preview"}:
            parser_of_verb.add_argument(
                "--policy-pack-config",
                type=Path,
                metavar="FILE",
                help="JSON with the enforcement level of rules, as pulumi up takes it",
            )
    text = "print the state: the CLI's own `pulumi stack export`, secrets encrypted"
    _add_stack(subparsers.add_parser("export", help=text, description=text))
    text = "run any command in the sandbox's environment, such as `pulumi stack graph FILE`"
    run = _add_stack(subparsers.add_parser("run", help=text, description=text))
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND...")
    return parser


def _add_stack(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--stack", default="dev", metavar="NAME", help="Pulumi.NAME.yaml (dev)")
    group.add_argument(
        "--config", type=Path, metavar="FILE", help="any stack file; the stack is named after it"
    )
    return parser


def _layout(options: argparse.Namespace) -> Layout:
    if options.config:
        layout = Layout.for_config(options.config)
    else:
        layout = Layout.for_stack(options.stack)
    policy_config: Path | None = getattr(options, "policy_pack_config", None)
    if policy_config is None:
        return layout
    if not policy_config.is_file():
        raise BadInputError(f"There is no {policy_config}, the policy pack's configuration.")
    return replace(layout, policy_config=policy_config.resolve())


def _call(layout: Layout, console: Console, command: list[str]) -> int:
    """Run a command beside the engine: it takes no lock, as it may only read."""
    if not command:
        raise BadInputError(
            f"run needs a command, such as: {invocation.command(layout, 'run')} pulumi stack"
        )
    if not layout.project_copy.exists():
        raise BadInputError(
            f"Stack {layout.stack} is not in the sandbox yet: {invocation.command(layout, 'up')} "
            "comes first."
        )
    cli = pulumi_cli.find(console)
    variables = environment.for_cli(layout, cli.path, environment.clean(os.environ))
    try:
        code = subprocess.run(  # noqa: S603 - the user's own command
            command, cwd=layout.folder, env=variables, check=False
        ).returncode
    except OSError as error:
        raise SandboxError(f"{command[0]} cannot be run: {error.strerror}.") from None
    if code == -signal.SIGPIPE:  # the reader of its output, such as head, has seen enough
        return int(Exit.OK)
    return code if code >= 0 else 128 - code  # ended by a signal: as shells write it
