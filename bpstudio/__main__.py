"""`python -m bpstudio`: the same as the `bpstudio` command."""

from __future__ import annotations

import sys

from bpstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
