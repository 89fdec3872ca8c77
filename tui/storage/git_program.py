"""Running git, so that it starts nothing else, asks nothing, and comes to an end."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

from tui.errors import PapersError
from tui.model.text import sanitize
from tui.processes import end

DEADLINE_SECONDS: Final = 30.0
"""For all of one sync."""
LOOK_SECONDS: Final = 0.2
"""Seconds between two checks whether to wait on."""
_OFFLINE: Final = re.compile(
    r"could ?n[o']t resolve host|connection (refused|timed out|reset)|network is unreachable"
    r"|no route to host|name resolution|couldn't connect|failed to connect|operation timed out",
    re.IGNORECASE,
)
_OPTIONS: Final = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.askPass=",
    "commit.gpgSign=false",
    "push.gpgSign=false",
    "fetch.recurseSubmodules=false",
    "submodule.recurse=false",
    "transfer.fsckObjects=true",
    "gc.auto=0",
    "user.name=papers-tui",
    "user.email=papers-tui@localhost",
)


class OfflineError(PapersError):
    """The other machines cannot be reached now."""


class NoBranchError(PapersError):
    """The repository is empty."""


class BehindError(PapersError):
    """Others sent something meanwhile."""


class Git:
    """The program, for one folder."""

    def __init__(self, folder: Path, is_ending: Callable[[], bool]) -> None:
        """Starts nothing; the deadline counts from here.

        Args:
            folder: The work tree, with its repository in ``.git``.
            is_ending: Whether to wait no longer.

        Raises:
            PapersError: If git is missing.
        """
        self._folder = folder
        self._is_ending = is_ending
        self.deadline = monotonic() + DEADLINE_SECONDS
        self._program = shutil.which("git") or ""
        if not self._program:
            raise PapersError(
                "git is not installed", "Install it, or share the folder by any other tool."
            )

    def ask_remote(self, *words: str) -> str:
        """Runs what talks to the other repository.

        Raises:
            OfflineError: If it cannot be reached now.
            PapersError: If it refuses.
        """
        process = self.call(words)
        message = process.stderr.decode(errors="replace")
        if process.returncode == 0:
            return process.stdout.decode(errors="replace")
        if "couldn't find remote ref" in message:
            raise NoBranchError("the repository is empty")
        if _OFFLINE.search(message):
            raise OfflineError("The other repository cannot be reached")
        if words[0] == "push" and re.search(r"fetch first|non-fast-forward|stale info", message):
            raise BehindError("others sent something meanwhile")
        raise _failure(words[0], message)

    def run(self, *words: str, text: str = "") -> None:
        """Runs a command that prints nothing."""
        self.read(*words, text=text)

    def output(
        self, *words: str, text: str = "", check: bool = True, in_repository: bool = True
    ) -> str:
        """The same as a text, without white space around it; see ``read``."""
        data = self.read(*words, text=text, check=check, in_repository=in_repository)
        return os.fsdecode(data).strip()

    def read(
        self, *words: str, text: str = "", check: bool = True, in_repository: bool = True
    ) -> bytes:
        """The output of a command.

        Args:
            check: Whether it must succeed.
            in_repository: Whether it is about this repository.

        Raises:
            PapersError: If it fails.
        """
        process = self.call(words, text, in_repository=in_repository)
        if process.returncode != 0 and check:
            raise _failure(words[0], process.stderr.decode(errors="replace"))
        return process.stdout

    def call(
        self, words: Sequence[str], text: str = "", *, in_repository: bool = True
    ) -> "subprocess.CompletedProcess[bytes]":
        """Runs git; ended with all that it started once the time is over.

        Raises:
            OfflineError: If it takes longer.
        """
        options = [word for option in _OPTIONS for word in ("-c", option)]
        with subprocess.Popen(
            [self._program, *options, *words],
            cwd=self._folder if in_repository else os.sep,
            env=self._environment(in_repository=in_repository),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # no terminal to ask on
        ) as process:
            try:
                out, err = self._finish(process, os.fsencode(text))
            except BaseException:
                end(process)
                raise
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def _finish(self, process: "subprocess.Popen[bytes]", data: bytes) -> tuple[bytes, bytes]:
        """The output of a process.

        Raises:
            OfflineError: If the time is over.
        """
        unsent: bytes | None = data
        while True:
            try:
                return process.communicate(unsent, LOOK_SECONDS)
            except subprocess.TimeoutExpired as error:
                unsent = None  # it goes on where it was
                if self._is_ending() or monotonic() > self.deadline:
                    message = f"git took longer than {DEADLINE_SECONDS:.0f} seconds"
                    raise OfflineError(message) from error

    def _environment(self, *, in_repository: bool) -> dict[str, str]:
        variables = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")
        env = {n: v for n, v in os.environ.items() if n in variables or not n.startswith("GIT_")}
        if in_repository:
            env |= {"GIT_DIR": str(self._folder / ".git"), "GIT_WORK_TREE": str(self._folder)}
        if "GIT_SSH" not in env:
            ssh = env.get("GIT_SSH_COMMAND", "ssh")
            env["GIT_SSH_COMMAND"] = f"{ssh} -oBatchMode=yes -oConnectTimeout=10"
        return env | {
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",
            "SSH_ASKPASS_REQUIRE": "never",
            "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
        }


def _failure(command: str, message: str) -> PapersError:
    """The message of git, as a sentence."""
    lines = [line for line in message.splitlines() if not line.startswith("hint:")]
    reasons = [line.partition(": ")[2] for line in lines if line.startswith(("fatal:", "error:"))]
    reason = sanitize((reasons or lines or ["no reason given"])[0].strip().rstrip("."), 160)
    return PapersError(f"git {command}: {reason}", "Nothing is lost; sync again once it is fixed.")
