"""Entry point of ``python -m policies.check``, whatever the pack's folder is called.

The pack's folder is where imports start, as where the engine runs the pack; so ``python -m check``
in that folder and ``python FOLDER/check`` work too.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from check.cli import main

if __name__ == "__main__":
    sys.exit(main())
