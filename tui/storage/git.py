"""Git as a carrier between machines: it stores, fetches and sends; it never touches a file here.

The files of imports and journals only grow, and each has one machine that writes it. So merging is
easy, and done here: files are written by the recipe of the library, never by git, which therefore
runs no filter, no merge driver and no hook, follows no link, and rewinds nothing that is open. A
repository may be anyone's: of its configuration only what is harmless is accepted.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.errors import LibraryError, PapersError
from tui.files import make_folder, read_file, require_within, write_atomically
from tui.model.text import sanitize
from tui.storage.git_objects import Blob, Objects
from tui.storage.git_program import BehindError, Git, NoBranchError
from tui.values import dataclass

MAX_TOTAL: Final = 2_000_000_000
"""The largest size of all files together."""
BRANCH: Final = "main"
"""The branch in a repository that is empty."""

IGNORED: Final = ("/papers.json", "/triage.json", "/lock*", "/queue/", "/backups/", "*.tmp")
"""The files that each machine makes for itself."""
ATTRIBUTES: Final = ("*.jsonl -text",)

_OURS: Final = re.compile(r"(imports|journal)/[^/\x00-\x1f]+(/[^/\x00-\x1f]+)?\.jsonl")
_FIRST: Final = re.compile(rf"{_OURS.pattern}|README[^/]*|LICENSE[^/]*")
"""A library's repository has at least one of these files; hosts of repositories add some."""
_HARMLESS: Final = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|symlinks"
    r"|precomposeunicode|autocrlf|eol)|user\.(name|email)|init\.defaultbranch"
    r"|remote\.origin\.(url|fetch)|branch\.[^\n]*\.(remote|merge|rebase)|pull\.(rebase|ff)"
)
"""The settings of a repository that start no program and name no other file."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """The changes and imports that went in one direction."""

    changes: int = 0
    imports: int = 0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.changes + other.changes, self.imports + other.imports)

    def __bool__(self) -> bool:
        return bool(self.changes or self.imports)


class GitRepository:
    """The repository of one library, and the one that it is exchanged with."""

    def __init__(self, folder: Path, is_ending: Callable[[], bool] = lambda: False) -> None:
        """Starts nothing; the deadline counts from here.

        Args:
            is_ending: Whether to wait no longer.

        Raises:
            PapersError: If git is missing.
        """
        self._folder = folder
        self._git = Git(folder, is_ending)
        self._objects = Objects(self._git)

    # Setting up

    def init(self, url: str) -> None:
        """Sets up the exchange with a repository.

        Raises:
            PapersError: If there is one already, or the address is not one.
        """
        if url.startswith("-") or "::" in url or not url.isprintable() or not url.strip():
            raise PapersError(
                f"Not the address of a repository: {sanitize(url, 80)}",
                "Try git@host:me/papers.git, https://host/me/papers.git, or a folder.",
            )
        if Path(url).is_dir():
            url = str(Path(url).resolve())
        path = self._folder / ".git"
        if not (path.exists() or path.is_symlink()):
            self._git.run("init", "--quiet", "--template=", f"--initial-branch={BRANCH}")
        self.require_safe()
        if self._remote not in ("", url):
            raise PapersError(
                "This library is synced with another repository",
                "To change that: git remote set-url origin URL, in its folder.",
            )
        self._git.run("config", "--local", "remote.origin.url", url)
        self._add_lines(".gitignore", IGNORED)
        self._add_lines(".gitattributes", ATTRIBUTES)
        heads = self._git.ask_remote("ls-remote", "--symref", "origin", "HEAD")
        if (match := re.search(r"^ref: refs/heads/(\S+)\tHEAD$", heads, re.MULTILINE)) and (
            self._objects.head is None
        ):
            self._git.run("symbolic-ref", "HEAD", f"refs/heads/{match[1]}")

    def _add_lines(self, name: str, lines: Iterable[str]) -> None:
        path = self._folder / name
        try:
            text = read_file(path).decode(errors="replace") if path.exists() else ""
        except OSError as error:
            raise LibraryError(f"{name} cannot be read: {error.strerror}") from error
        missing = [line for line in lines if line not in text.splitlines()]
        if missing:
            text = text + ("" if not text or text.endswith("\n") else "\n")
            data = (text + "".join(f"{line}\n" for line in missing)).encode()
            write_atomically(path, data, within=self._folder)

    def require_safe(self) -> None:
        """Refuses a repository that is missing, or that makes git do more than it should.

        Raises:
            PapersError: If it is one.
        """
        path = self._folder / ".git"
        if not path.exists():
            raise PapersError("This library is not synced yet", "Try papers-tui sync init URL.")
        if path.is_symlink() or not path.is_dir() or (path / "commondir").exists():
            raise PapersError(
                "The repository of this library points elsewhere (.git)",
                "Make it a folder, or remove it and run papers-tui sync init URL.",
            )
        command = ("config", "--file", str(path / "config"), "--no-includes", "--name-only")
        names = self._git.output(*command, "--list", in_repository=False).splitlines()
        for name in names:
            if not _HARMLESS.fullmatch(name.lower()):
                raise PapersError(
                    f"The repository of this library sets {sanitize(name, 60)}",
                    "Remove that from .git/config, as it may start programs.",
                )

    def require_remote(self) -> None:
        """Refuses a repository that is not exchanged with another.

        Raises:
            PapersError: If it is one.
        """
        if not self._remote:
            raise PapersError("This library is not synced yet", "Try papers-tui sync init URL.")

    @property
    def _remote(self) -> str:
        return self._git.output("config", "--local", "--get", "remote.origin.url", check=False)

    # The steps of an exchange; only ``commit`` and ``merge`` touch files of the library

    def commit(self, machine: str) -> None:
        """Commits what is here, after repairing files that are shorter than when committed."""
        head = self._objects.head
        if head is not None:
            self._merge_files(self._ours_in(head))
        self._objects.commit((head,) if head else (), self._here(), f"Changes on {machine}")

    def fetch(self) -> None:
        """Fetches what the others sent.

        Raises:
            OfflineError: If that is not possible now.
        """
        refs = f"+refs/heads/{self._objects.branch}:refs/remotes/origin/{self._objects.branch}"
        with suppress(NoBranchError):
            self._git.ask_remote("fetch", "--quiet", "--no-tags", "--no-auto-gc", "origin", refs)

    def merge(self, machine: str) -> Traffic:
        """Takes in what was fetched, all of it or nothing; returns what came.

        Raises:
            PapersError: If it is not what a library has, or contradicts what is here.
        """
        theirs, head = self._objects.theirs, self._objects.head
        assert head is not None
        if theirs is None or self._objects.is_within(theirs, head):
            return Traffic()
        blobs = self._objects.tree(theirs)
        self._require_library(blobs)
        others = self._merge_others(head, theirs)
        self._merge_files({path: blob for path, blob in blobs.items() if _OURS.fullmatch(path)})
        self._objects.commit((head, theirs), {**others, **self._here()}, f"Merge on {machine}")
        merged = self._objects.head
        assert merged is not None
        return self._traffic(head, merged)

    def push(self) -> Traffic | None:
        """Sends what the others lack.

        Returns:
            What was sent; ``None`` if others sent something meanwhile, to be fetched first.

        Raises:
            OfflineError: If that is not possible now.
        """
        head, theirs = self._objects.head, self._objects.theirs
        assert head is not None
        if head == theirs:
            return Traffic()
        sent = self.unsent()
        try:
            refs = f"HEAD:refs/heads/{self._objects.branch}"
            self._git.ask_remote("push", "--quiet", "--no-verify", "origin", refs)
        except BehindError:
            return None
        self._git.run("update-ref", f"refs/remotes/origin/{self._objects.branch}", head)
        return sent

    def unsent(self) -> Traffic:
        """The changes and imports that are committed here, and not sent."""
        head = self._objects.head
        return self._traffic(self._objects.theirs, head) if head else Traffic()

    # Files

    def _merge_files(self, blobs: Mapping[str, Blob]) -> None:
        """Merges the files of a commit into those here, which only grow.

        Raises:
            PapersError: If an import differs; nothing is written.
        """
        here = {path: blob.sha for path, blob in self._here().items()}
        differing = {path: blob for path, blob in blobs.items() if here.get(path) != blob.sha}
        contents = self._objects.contents({blob.sha for blob in differing.values()})
        writing: dict[str, bytes] = {}
        for path, blob in differing.items():
            theirs = contents[blob.sha]
            ours = self._read(path) if path in here else b""
            if path.startswith("journal/"):
                merged = _union(ours, theirs)
            elif path not in here:
                merged = theirs
            else:
                raise PapersError(
                    f"{path} is not the file that was synced",
                    "Move the wrong one away, and sync again; nothing was changed.",
                )
            if merged != ours:
                writing[path] = merged
        for path, data in writing.items():
            try:
                require_within((self._folder / path).parent, self._folder)
                make_folder((self._folder / path).parent)
            except OSError as error:
                raise LibraryError(f"{path} cannot be written: {error.strerror}") from error
            write_atomically(self._folder / path, data, within=self._folder)

    def _read(self, path: str) -> bytes:
        try:
            require_within(self._folder / path, self._folder)
            return read_file(self._folder / path)
        except OSError as error:
            raise LibraryError(f"{path} cannot be read: {error.strerror}") from error

    def _here(self) -> dict[str, Blob]:
        """The files here that are exchanged; they are stored."""
        paths = [name for name in (".gitattributes", ".gitignore") if self._is_file(name)]
        for name in ("imports", "journal"):
            for file in sorted((self._folder / name).rglob("*.jsonl")):
                path = file.relative_to(self._folder).as_posix()
                if _OURS.fullmatch(path) and self._is_file(path):
                    paths.append(path)
        return self._objects.store(paths)

    def _is_file(self, path: str) -> bool:
        file = self._folder / path
        try:
            require_within(file, self._folder)
        except OSError:
            return False
        return file.is_file() and not file.is_symlink()

    def _merge_others(self, head: str, theirs: str) -> "dict[str, Blob | None]":
        """The files that are not of the library, as others changed them; they stay in git.

        Raises:
            PapersError: If both sides changed one.
        """
        base = self._objects.last_common(head, theirs)
        if not base and not any(map(_FIRST.fullmatch, self._objects.tree(theirs))):
            raise PapersError(
                "The other repository is not a library",
                "Use an empty one. Nothing was merged or sent.",
            )
        before, ours, new = (self._others_in(each) for each in (base, head, theirs))
        changed: dict[str, Blob | None] = {}
        for path in sorted({*before, *ours, *new} - {".gitignore", ".gitattributes"}):
            old, here, there = before.get(path), ours.get(path), new.get(path)
            if there in (old, here):
                continue
            if here != old:
                raise PapersError(
                    f"Two machines changed {sanitize(path, 80)}, which is not a papers-tui file",
                    "Merge it with git, and sync again; nothing was changed.",
                )
            changed[path] = there
        return changed

    def _require_library(self, blobs: Mapping[str, Blob]) -> None:
        """Refuses what no library has in the places of its files.

        Raises:
            PapersError: If there is any; it is named.
        """
        for path, blob in blobs.items():
            is_ours = _OURS.fullmatch(path) is not None
            is_there = path.split("/")[0] in ("imports", "journal")
            if (is_ours and not blob.mode.startswith("100")) or (is_there and not is_ours):
                raise PapersError(
                    f"The repository has something else at {sanitize(path, 80)}",
                    "Nothing was merged. Remove it there.",
                )
        total = sum(blob.size for path, blob in blobs.items() if _OURS.fullmatch(path))
        if total > MAX_TOTAL:
            raise PapersError(
                f"The repository has {total / 1e9:,.1f} GB of papers and changes",
                "Nothing was merged: that is too large for a library.",
            )

    def _others_in(self, commit: str | None) -> dict[str, Blob]:
        tree = self._objects.tree(commit) if commit else {}
        return {path: blob for path, blob in tree.items() if not _OURS.fullmatch(path)}

    def _ours_in(self, commit: str) -> dict[str, Blob]:
        tree = self._objects.tree(commit)
        return {path: blob for path, blob in tree.items() if _OURS.fullmatch(path)}

    def _traffic(self, before: str | None, after: str) -> Traffic:
        """The changes and imports that a commit has and another lacks."""
        changes = imports = 0
        for path, added in self._objects.added(before, after):
            changes += added if path.startswith("journal/") else 0
            imports += path.startswith("imports/")
        return Traffic(changes, imports)


def _union(ours: bytes, theirs: bytes) -> bytes:
    """The lines of two versions of a journal that only grows.

    Of two that differ otherwise, theirs come first, so that all machines have one order in the end.
    """
    if ours.startswith(theirs):
        return ours
    if theirs.startswith(ours):
        return theirs
    there = set(theirs.splitlines())
    rest = [line for line in ours.splitlines() if line and line not in there]
    end = b"" if theirs.endswith(b"\n") or not theirs else b"\n"
    return theirs + end + b"".join(line + b"\n" for line in rest)
