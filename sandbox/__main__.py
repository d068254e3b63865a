"""``python -m sandbox``."""

import os
import sys

try:
    from sandbox.cli import main
except ModuleNotFoundError as error:
    if str(error.name).partition(".")[0] == "sandbox":
        raise
    sys.stderr.write(
        f"{sys.executable} has no package {error.name}. `make install` makes a virtual environment "
        "that has it; then: .venv/bin/python -m sandbox\n"
    )
    sys.exit(2)

if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Python's own exit waits for every thread, so for a program that is still running in one
    # after its deployment was interrupted.
    os._exit(code)
