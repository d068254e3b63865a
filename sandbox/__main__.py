"""``python -m sandbox``."""

import os
import sys

from sandbox.cli import main

if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Python's own exit waits for every thread, so for a program that is still running in one
    # after its deployment was interrupted.
    os._exit(code)
