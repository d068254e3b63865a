"""Break the policy pack, one small change at a time, and print the changes that no test notices.

Usage: PYTHONPATH=policies python -m tests.policies.mutation [--json] [NAME ...]

A name is a rule's, such as ecs-awsvpc, or a file's of models/ or iam_analysis/, such as
iam-document; without names all of these are meant. What every rule goes through takes an hour, and
is meant by core, check, core/adapter and the like alone. Exits with 1 if a change survives that
equivalent.toml doesn't list, or if that file lists one that isn't among the survivors.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tests.policies.mutation.survivors import MODULES, OF_ALL, Module, Outcome, outcome
from tests.policies.protocol import PACK_FOLDER


@dataclass(frozen=True)
class _Problem:
    """Something to mend.

    Attributes:
        file: where, from the repository's root.
        line: the changed line; 0 if there is none.
        mutant: the change.
        says: what is wrong with it.
    """

    file: str
    line: int
    mutant: str
    says: str


def main() -> int:
    """Run the command; return its exit code."""
    arguments = _arguments()
    names = set(arguments.names)
    meant = [each for each in MODULES if not names or each.title in names]
    meant += [each for each in OF_ALL if names & {each.title, each.folder}]
    problems: list[_Problem] = []
    tried = 0
    for number, module in enumerate(meant, start=1):
        print(f"{number}/{len(meant)} {module.title}", file=sys.stderr, flush=True)
        found = outcome(module)
        tried += found.mutants
        problems += _problems(module, found)
    if arguments.json:
        print(json.dumps({"mutants": tried, "problems": [asdict(each) for each in problems]}))
    else:
        for each in problems:
            print(f"{each.file}:{each.line}: {each.mutant} ({each.says})")
        print(f"{tried} mutants, {len(problems)} problems")
    return 1 if problems else 0


def _problems(module: Module, found: Outcome) -> Iterator[_Problem]:
    file = module.file.relative_to(PACK_FOLDER.parent).as_posix()
    for mutant in found.survivors:
        yield _Problem(file, mutant.line, mutant.title, "no test notices it")
    for title in found.stale:
        yield _Problem(file, 0, title, "equivalent.toml lists it, and it is gone or noticed")


def _arguments() -> argparse.Namespace:
    assert __doc__
    parser = argparse.ArgumentParser(
        prog="python -m tests.policies.mutation", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="rules or files; all by default")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    known = {each.title for each in (*MODULES, *OF_ALL)} | {each.folder for each in OF_ALL}
    unknown = sorted(set(arguments.names) - known)
    if unknown:
        parser.error(f"there is neither a rule nor a file named {', '.join(unknown)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
