"""Installs a requirements file with pip, showing one line of progress: ``make`` calls it.

It runs before anything is installed, so it needs the standard library only.
"""

import subprocess
import sys

from sandbox.console import Console

_LAST_LINES = 15


def main(file: str) -> int:
    """Install into this interpreter's environment.

    Args:
        file: The requirements file.

    Returns:
        pip's exit code.
    """
    console = Console()
    console.say(f"Installing what {file} lists (about a minute).")
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--progress-bar=off", "--requirement", file]
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as pip:
        for line in pip.stdout or ():
            said.append(line.rstrip())
            console.progress(line.strip())
    console.done()
    if pip.returncode:
        console.say("\n".join(["pip failed:", *said[-_LAST_LINES:]]))
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
