"""A library from a stranger is data: every file of it and of a home, and everything it may be."""

import io
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from typing import Final, NamedTuple
from unittest import mock

from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tui.__main__ import main

PATIENCE: Final = 120.0
"""Seconds after which a command waits for ever, however busy the machine is."""
PAGE: Final = "@article{a, title={On Sets}}\n@article{b, title={On Bags}}\n"
MORE: Final = "@article{c, title={On Rags}}\n"


class EndlessError(Exception):
    """A command waits for ever. No ``OSError``, which would be taken for what it waits for."""


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


# What a file may be instead: it is gone when this is called


def link_outside(path: Path, outside: Path) -> None:
    """A link to a file of the user."""
    path.symlink_to(outside / "mine")


def link_to_folder(path: Path, outside: Path) -> None:
    """A link to a folder of the user."""
    path.symlink_to(outside)


def link_to_nothing(path: Path, outside: Path) -> None:
    """A link by which a file would come to be."""
    path.symlink_to(outside / "missing")


def link_inside(path: Path, outside: Path) -> None:
    """A link to another file beside it."""
    path.with_name("other").write_bytes(b"{}\n")
    path.symlink_to("other")


def link_to_device(path: Path, outside: Path) -> None:
    """A link to what never ends."""
    path.symlink_to("/dev/zero")


def pipe(path: Path, outside: Path) -> None:
    """A pipe, at whose other end is nobody."""
    os.mkfifo(path)


def folder(path: Path, outside: Path) -> None:
    """A folder with something in it."""
    path.mkdir()
    (path / "x").write_bytes(b"x")


def socket_file(path: Path, outside: Path) -> None:
    """A socket, at whose other end is nobody."""
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(path.name)
    finally:
        os.chdir(here)


def nothing(path: Path, outside: Path) -> None:
    """No bytes."""
    path.write_bytes(b"")


def noise(path: Path, outside: Path) -> None:
    """Bytes that mean nothing."""
    path.write_bytes(bytes(range(256)) * 8)


def huge(path: Path, outside: Path) -> None:
    """More than any memory holds, and nothing on the disk."""
    with path.open("wb") as file:
        file.truncate(10**12)


def foreign(path: Path, outside: Path) -> None:
    """What belongs to somebody else, who shows it to nobody."""
    path.write_bytes(b"{}\n")
    if os.getuid() == 0:
        os.chown(path, 65534, 65534)
    path.chmod(0)


Wrong = Callable[[Path, Path], None]
WRONG: Final[Sequence[Wrong]] = (
    *(link_outside, link_to_folder, link_to_nothing, link_inside, link_to_device),
    *(pipe, folder, socket_file, nothing, noise, huge, foreign),
)

COMMANDS: Final[Sequence[Sequence[str]]] = (
    ("list", "--json"),
    ("show", "on-sets"),
    ("mark", "dismissed", "on-bags"),
    ("list", "is:dismissed"),
    ("lists", "add", "thesis", "on-bags"),
    ("import", "more.bib"),
    ("undo",),
    ("export", "--query", "sets", "-o", "out.md", "--force"),
    ("log",),
    ("stats",),
    ("restore",),
    ("restore", "papers-"),
    ("restore", "journal"),
    ("doctor",),
)
"""What is asked of each library, in this order."""
CODES: Final = (0, 1, 2)
MOST_LINES: Final = 4
"""The lines of the longest message."""


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many things in place of so many files, and every command on each; all there are at most.

    A fault is one command on a library of which one file is something else.
    """
    tally = Tally()
    variables = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    env = {variable: str(folder / "home" / variable.lower()) for variable in variables}
    with seeded(fault), mock.patch("os.fsync"), mock.patch.dict(os.environ, env), _away(folder):
        library = Stranger(folder)
        cases = [(place, wrong) for place in range(len(library.names)) for wrong in WRONG]
        if count < len(cases):
            cases = chance.sample(cases, count)
        for place, wrong in cases:
            if library.is_spoilt:
                library = Stranger(folder)
            library.lay()
            library.try_wrong(place, wrong, tally)
    return tally


@contextmanager
def _away(folder: Path) -> Iterator[None]:
    """In the folder; commands that wait for ever are ended."""

    def give_up(*_: object) -> None:
        raise EndlessError

    here, before = Path.cwd(), signal.signal(signal.SIGALRM, give_up)
    os.chdir(folder)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        os.chdir(here)


class Stranger:
    """A library and a home, laid out again for each trial, and a folder that is none of theirs."""

    def __init__(self, folder: Path) -> None:
        self.home, self.kept = folder / "home", folder / "kept"
        self.outside = folder / "outside"
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        self._write_mine()
        self.is_spoilt = False
        """Whether something in the home was replaced, which would be another one if copied back."""
        config = Path(os.environ["XDG_CONFIG_HOME"], "papers-tui", "config.toml")
        config.parent.mkdir(parents=True)
        config.write_text("sample = false\n")
        (folder / "page.bib").write_text(PAGE)
        (folder / "more.bib").write_text(MORE)
        for words in (("import", "page.bib"), ("mark", "read", "on-sets"), ("list", "sets")):
            self._run(words)
        shutil.rmtree(self.kept, ignore_errors=True)
        shutil.copytree(self.home, self.kept)
        paths = (path.relative_to(self.home) for path in self.home.rglob("*"))
        self.names = sorted(str(path) for path in paths if len(path.parts) > 1)
        """Files and folders of the library and the home."""
        self.before = self._contents()
        self.whole = [self._run(words) for words in COMMANDS]
        """What the commands do where nothing is wrong."""

    def lay(self) -> None:
        """Makes all as it was, in the same folders, so that it is the same library."""
        for part in (self.home / "library").iterdir():
            shutil.rmtree(part) if part.is_dir() and not part.is_symlink() else part.unlink()
        shutil.copytree(self.kept, self.home, dirs_exist_ok=True)

    def try_wrong(self, place: int, wrong: Wrong, tally: Tally) -> None:
        """Puts something in the place of a file, and runs every command on that."""
        name = self.names[place]
        where = f"{name}: {wrong.__name__}"
        self.is_spoilt = not name.startswith("library")
        path = self.home / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        wrong(path, self.outside)
        self._ask(where, Path(name), tally)

    def _ask(self, where: str, path: Path, tally: Tally) -> None:
        differs, is_marked, named = False, False, ""
        for words, (code, out, _) in zip(COMMANDS, self.whole, strict=True):
            tally.tried += 1
            what = f"{where}: {' '.join(words)}"
            try:
                now = self._run(words)
            except EndlessError:
                tally.note("silent", f"{what} waits for ever")
                continue
            except Exception as error:  # noqa: BLE001 - it is what is looked for
                tally.note("silent", f"{what}: {error!r}")
                continue
            is_said = now.code == 0 or now.err or now.out
            if now.code not in CODES or now.err.count("\n") > MOST_LINES or not is_said:
                tally.note("silent", f"{what}: {now}")
            if words[0] == "mark":
                is_marked = now.code == 0
            if words[-1] == "is:dismissed" and is_marked and "On Bags" not in now.out:
                tally.note("lost", f"{what}: {now}")
            named += now.err
            differs = differs or now.code != code or (words == COMMANDS[0] and now.out != out)
            if words == ("doctor",):
                named += now.out
                if differs and path.stem not in named and "older version" not in named:
                    tally.note("silent", f"{what} does not name it: {now.out[-300:]}")
                if len(now.out.splitlines()) < len(out.splitlines()) - 2:
                    tally.note("silent", f"{what} does not tell the rest: {now.out[-300:]}")
        outside = self._contents()
        if outside != self.before:
            if not self.is_spoilt:  # a link in a home is its user's
                tally.note("torn", f"{where}: {outside} outside")
            shutil.rmtree(self.outside)
            self._write_mine()

    def _run(self, words: Sequence[str]) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--library", str(self.home / "library"), *words])
        signal.setitimer(signal.ITIMER_REAL, 0)
        return Ran(code, out.getvalue(), err.getvalue())

    def _contents(self) -> dict[str, tuple[bytes, int]]:
        paths = (path for path in self.outside.rglob("*") if path.is_file())
        return {path.name: (path.read_bytes(), path.stat().st_mode) for path in paths}

    def _write_mine(self) -> None:
        self.outside.mkdir(exist_ok=True)
        (self.outside / "mine").write_text("my own\n")
