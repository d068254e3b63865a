"""Starts the policy pack the way ``python -m pulumi.policy ADDRESS FOLDER`` does.

The CLI starts it, by way of ``pulumi-analyzer-policy-python``. Pulumi's own runner outlives a CLI
that was killed; this one ends with it.
"""

import os
import runpy
import threading
import time

_SECONDS_BETWEEN_LOOKS = 0.5


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)
