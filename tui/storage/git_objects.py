"""The objects that git stores: files, trees and commits, by their names; nothing of a library."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui.storage.git_program import Git
from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a tree."""

    mode: str
    sha: str
    size: int


class Objects:
    """The objects and the index of one repository."""

    def __init__(self, git: Git) -> None:
        self._git = git

    # Commits

    @property
    def branch(self) -> str:
        """The branch of this repository, and of the other one."""
        return self._git.output("symbolic-ref", "--short", "HEAD")

    @property
    def head(self) -> str | None:
        """The last commit; ``None`` if there is none."""
        return self._git.output("rev-parse", "--verify", "--quiet", "HEAD", check=False) or None

    @property
    def theirs(self) -> str | None:
        """The last commit of the other repository that is known; ``None`` if there is none."""
        ref = f"refs/remotes/origin/{self.branch}"
        return self._git.output("rev-parse", "--verify", "--quiet", ref, check=False) or None

    def is_within(self, commit: str, other: str) -> bool:
        """Whether a commit is the other, or one before it."""
        return self._git.call(("merge-base", "--is-ancestor", commit, other)).returncode == 0

    def last_common(self, commit: str, other: str) -> str | None:
        """The last common ancestor; ``None`` if there is none."""
        return self._git.output("merge-base", commit, other, check=False) or None

    def commit(
        self, parents: Sequence[str], files: "Mapping[str, Blob | None]", message: str
    ) -> None:
        """Commits the files of the first parent with some of them set, if that changes anything.

        Args:
            parents: Commits; none for the first one.
            files: By path; ``None`` removes one.
        """
        self._git.run("read-tree", *(parents[:1] or ["--empty"]))
        no_blob = "0" * 40
        lines = (
            f"{blob.mode} {blob.sha}\t{path}\0" if blob else f"0 {no_blob}\t{path}\0"
            for path, blob in files.items()
        )
        self._git.run("update-index", "-z", "--index-info", text="".join(lines))
        tree = self._git.output("write-tree")
        if parents:
            last = parents[-1]
            if tree == self._git.output("rev-parse", f"{last}^{{tree}}") and (
                len(parents) == 1 or self.is_within(parents[0], last)
            ):
                self._git.run("update-ref", "HEAD", last)
                return
        flags = [word for parent in parents for word in ("-p", parent)]
        commit = self._git.output("commit-tree", tree, *flags, "-m", message)
        self._git.run("update-ref", "HEAD", commit)

    def added(self, before: str | None, after: str) -> Iterator[tuple[str, int]]:
        """The files that differ in two commits, each with the lines that the second added.

        Args:
            before: A commit; ``None`` for one without files.
            after: A commit.
        """
        old = before or self._git.output("mktree", text="")
        command = ("diff-tree", "-r", "-z", "--numstat", "--no-renames", "--no-ext-diff")
        rows = self._git.read(*command, "--no-textconv", old, after).split(b"\0")
        for row in filter(None, rows):
            added, _, path = row.split(b"\t", 2)
            yield os.fsdecode(path), int(added) if added.isdigit() else 0

    # Files

    def store(self, paths: Iterable[str]) -> dict[str, Blob]:
        """Stores files of the folder, as they are; by path."""
        paths = list(paths)
        command = ("hash-object", "-w", "--no-filters", "--stdin-paths")
        names = self._git.output(*command, text="".join(f"{path}\n" for path in paths)).split()
        return {path: Blob("100644", sha, 0) for path, sha in zip(paths, names, strict=True)}

    def tree(self, commit: str) -> dict[str, Blob]:
        """The files of a commit by path."""
        blobs = {}
        listing = self._git.read("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        for row in listing.split(b"\0")[:-1]:
            facts, _, path = row.partition(b"\t")
            mode, _, sha, size = facts.decode().split()
            name = os.fsdecode(path)
            blobs[name] = Blob(mode, sha, int(size) if size.isdigit() else 0)
        return blobs

    def contents(self, shas: Iterable[str]) -> dict[str, bytes]:
        """The contents of some files, by object name."""
        names = sorted(set(shas))
        if not names:
            return {}
        data = self._git.read("cat-file", "--batch", text="".join(f"{sha}\n" for sha in names))
        contents, place = {}, 0
        for sha in names:
            end = data.index(b"\n", place)
            size = int(data[place:end].split()[2])
            contents[sha] = data[end + 1 : end + 1 + size]
            place = end + size + 2
        return contents
