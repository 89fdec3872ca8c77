"""Lets ``python -m tui`` stand in for ``papers-tui``."""

import sys

from tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
