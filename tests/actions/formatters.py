"""Writes what formatters make of an exported list: ``python -m tests.actions.formatters``.

Each that is on the path is used: ``prettier``, ``mdformat`` (with its plugins for GFM and front
matter), ``remark`` (with ``remark-gfm`` and ``remark-frontmatter``) and ``pandoc``.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.actions.test_pull import PULLED, exported, fill
from tests.libraries import Clock
from tui.library import Library

COMMANDS: Final = {
    "prettier": "prettier --stdin-filepath x.md",
    "prettier-wrapped": "prettier --prose-wrap always --stdin-filepath x.md",
    "mdformat": "mdformat -",
    "mdformat-numbered": "mdformat --number --wrap 80 -",
    "remark": "remark --no-config --use remark-frontmatter --use remark-gfm --quiet",
    "pandoc-gfm": "pandoc -f gfm -t gfm --standalone",
    "pandoc-markdown": "pandoc -f markdown -t markdown --standalone",
    "pandoc-commonmark": "pandoc -f gfm -t commonmark --standalone",
    "pandoc-wrapped": "pandoc -f markdown -t gfm --wrap=auto --standalone",
}


def main() -> None:
    """Exports the list, and has each formatter rewrite it."""
    PULLED.mkdir(exist_ok=True)
    original = PULLED / "original.md"
    with TemporaryDirectory() as folder:
        with Library.open(Path(folder) / "library", "desk", now=Clock()) as library:
            fill(library)
            exported(library, Path(folder) / "thesis.md")
        original.write_bytes((Path(folder) / "thesis.md").read_bytes())
    text = original.read_bytes()
    for name, command in COMMANDS.items():
        words = command.split()
        if shutil.which(words[0]) is None:
            print(f"{words[0]} is not installed", file=sys.stderr)
            continue
        process = subprocess.run(words, input=text, capture_output=True, check=True)
        (PULLED / f"{name}.md").write_bytes(process.stdout)


if __name__ == "__main__":
    main()
