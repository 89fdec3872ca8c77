"""The command that puts a damaged library back."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime

from tui import config
from tui.cli.output import print_json, print_table, say
from tui.errors import LibraryError


def restore(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints what can be had of each file, or restores one."""
    from tui.actions import restore as verbs
    from tui.library import Library

    folder, _ = config.library_path(options.library, settings)
    if not Library.exists(folder):
        raise LibraryError(f"there is no library in {folder}", "name one: --library DIR")
    machine = config.machine_name()
    if options.name is None:
        found = verbs.sources(folder, machine)
        if options.json:
            print_json([asdict(source) for source in found])
            return 0
        print_table(
            [
                (
                    "✓" if source.is_whole else "✗",
                    source.name or source.file,
                    source.at.replace("T", " ").rstrip("Z"),
                    source.holds,
                )
                for source in found
            ]
        )
        say("papers-tui restore NAME puts one in place, and keeps what is there")
        return 0
    done = verbs.restore(folder, machine, options.name, now=lambda: datetime.now(UTC))
    kept = f"; as it was, it is in {done.kept}" if done.kept else ""
    say(f"{done.source.file} restored from {done.source.name}: {done.source.holds}{kept}")
    return 0
