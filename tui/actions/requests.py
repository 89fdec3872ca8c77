"""Requests: a shell command is done by the session that has the lock, where there is one.

The shell reads the files that the command names, makes the request, and prints the answer as if it
had done it alone. The session runs the same action of the registry; what a request may not do is
said by ``Action.on_request``. If the session ends before it answers, the journal tells whether the
change was made, as each names its request.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import (
    AbstractContextManager,
    contextmanager,
    nullcontext,
    redirect_stdout,
    suppress,
)
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import takewhile
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from tui import config
from tui.actions import arguments
from tui.actions.context import Context, Outcome
from tui.actions.history import describe
from tui.actions.registry import READ, WRITE, Access, Action, Argument, Where
from tui.actions.targets import perform
from tui.errors import InputError, LibraryError, LibraryLockedError, PapersError, UsageError
from tui.files import Inputs, read_input
from tui.model.text import sanitize_lines
from tui.storage.requests import Request, RequestFolder, made_at
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.config import Config
    from tui.library import Library

TAKEN_SECONDS: Final = 5.0
"""How long a command waits until a session takes it, unless suspended, or the lock is free."""
POLL_SECONDS: Final = 0.05
SET_BACK: Final = timedelta(days=1)
"""The most by which this machine's clock is taken to be set back while a request is done."""
Opening = Callable[[Access], "Library"]
"""Opens the library of a command; see ``open.open_library``."""

ANSWER_SECONDS: Final = 120.0
"""How long a command waits for one that took it: the time for the largest page, and more."""


# The shell


def run_elsewhere(
    action: Action, options: Mapping[str, Any], context: Context, opening: Opening
) -> Outcome:
    """Runs a command that another instance keeps from the lock: by that instance, or once it ends.

    Args:
        action: An action that is done on request.
        context: The environment, with the command line.

    Raises:
        LibraryLockedError: If nobody takes it; then it is not done later either.
        PapersError: If it fails.
    """
    options, context = _with_full_paths(action.arguments, options, context, opening)
    if context.inputs is None:
        context = replace(context, inputs=_inputs(action.arguments, options, opening))
    problem = _rehearse(action, options, context, opening)
    path, _ = config.library_path(context.folder, context.settings)
    asking = _Asking(RequestFolder(path, config.machine_name(path)), context)
    deadline = monotonic() + TAKEN_SECONDS
    access = replace(action.access_for(options) or WRITE, wait=POLL_SECONDS)
    try:
        while True:
            try:
                library = opening(access)
            except LibraryLockedError as error:
                if (outcome := asking.answer()) is not None:
                    return outcome
                is_over = error.is_suspended or monotonic() > deadline
                if is_over and asking.gives_up(monotonic() - deadline):
                    raise problem or _refusal(error, asking, action) from error
                if asking.is_taken:
                    context.progress("The app is doing this; waiting for it", 0.0)
                continue
            with library:
                context = replace(context, opened=library)
                return asking.outcome_in(library) or perform(action, options, context)
    finally:
        asking.end()


class _Asking:
    """One command's request, made again if a session that just started removed it."""

    def __init__(self, folder: RequestFolder, context: Context) -> None:
        self._folder = folder
        self._context = context
        self._id = self._submit()

    def _submit(self) -> str:
        return self._folder.submit(self._context.words, self._context.inputs or {})

    @property
    def is_taken(self) -> bool:
        return self._folder.is_taken(self._id)

    def answer(self) -> Outcome | None:
        """The outcome; ``None`` if there is no answer yet.

        Raises:
            PapersError: If the command failed.
        """
        if (answer := self._folder.answer(self._id)) is not None:
            return _from_answer(answer)
        if self._folder.is_gone(self._id):
            self._id = self._submit()
        return None

    def gives_up(self, seconds: float) -> bool:
        """Whether to wait no longer, that many seconds after the time in which it is taken."""
        return self._folder.withdraw(self._id) or seconds > ANSWER_SECONDS

    def outcome_in(self, library: "Library") -> Outcome | None:
        """The outcome, now that nobody else has the lock; ``None`` if it was not done.

        Raises:
            PapersError: If the command failed.
        """
        if self._folder.withdraw(self._id):
            return None
        if (answer := self._folder.answer(self._id)) is not None:
            return _from_answer(answer)
        return _outcome_in_journal(library, self._id, self._context.inputs or {})

    def end(self) -> None:
        """Removes the request, unless a session is still doing it."""
        if self._folder.withdraw(self._id) or self._folder.answer(self._id) is not None:
            self._folder.discard(self._id)


def _outcome_in_journal(library: "Library", id: str, inputs: Inputs) -> Outcome | None:
    """The outcome of a request, as the journal tells it; ``None`` if it was not done.

    Of several files only some may be imported; to import all of them again changes nothing else.

    Cost: reads the journal back to when it was made.
    """
    since = (made_at(id) - SET_BACK).isoformat()
    recent = takewhile(lambda change: change.at >= since, library.state.newest_own())
    changes = [change for change in recent if change.request == id][::-1]
    if len(changes) < max(len(inputs), 1):
        return None
    first, *others = (describe(library, change) for change in changes)
    return Outcome(first, notes=tuple(others))


def _refusal(error: LibraryLockedError, asking: _Asking, action: Action) -> PapersError:
    if asking.is_taken:
        message = f"{error.message}; it accepted this command but does not answer"
        return LibraryLockedError(
            message, "It may still be carried out; papers-tui log shows whether it was."
        )
    return LibraryLockedError(error.message, f"Close it, or type :{action.name} there.")


def _with_full_paths(
    declared: Sequence[Argument], options: Mapping[str, Any], context: Context, opening: Opening
) -> tuple[Mapping[str, Any], Context]:
    """Options and words that name files by full paths, as a session runs in a folder of its own.

    An input keeps its name, as it is sent with the request and its file does not matter then.
    """
    words = list(context.words)
    for argument in declared:
        value = options.get(argument.name)
        if not argument.is_file or not value or (argument.reads_input and not argument.expand):
            continue
        names = value if isinstance(value, list) else [value]
        full = [_full_path(argument, name, opening) for name in names]
        for name, path in zip(reversed(names), reversed(full), strict=True):
            if name in words:
                words[len(words) - 1 - words[::-1].index(name)] = path
        options = {**options, argument.name: full if isinstance(value, list) else full[0]}
    return options, replace(context, words=words)


def _full_path(argument: Argument, name: str, opening: Opening) -> str:
    """The full path of a file; what stands for others, such as a list, stays as it is."""
    path = Path(name).expanduser().absolute()
    if name == "-":
        return name
    if argument.expand is None:
        return str(path)
    with suppress(PapersError), opening(READ) as library:
        files = [Path(file).expanduser().absolute() for file in argument.expand(library, [name])]
        if any(file.is_relative_to(path) for file in files):
            return str(path)
    return name


def _inputs(
    declared: Sequence[Argument], options: Mapping[str, Any], opening: Opening
) -> dict[str, Any]:
    """The files that a command line names, read."""
    from tui.exchange.import_files import MAX_MEGABYTES, MAX_SIZE

    inputs: dict[str, bytes | InputError] = {}
    for argument in declared:
        value = options.get(argument.name)
        names: Iterable[Any] = value if isinstance(value, list) else [value]
        if argument.expand is not None:
            with opening(READ) as library:
                names = list(argument.expand(library, value or ()))
        for name in filter(None, names if argument.reads_input else ()):
            if name == "-" or argument.is_file:
                try:
                    most = options.get("max_size", MAX_MEGABYTES) * 1_000_000
                    hint = MAX_SIZE if "max_size" in options else ""
                    inputs[name] = read_input(name, most, too_large=hint)
                except InputError as error:
                    inputs[name] = error
    return inputs


def _rehearse(
    action: Action, options: Mapping[str, Any], context: Context, opening: Opening
) -> PapersError | None:
    """The error of a command, as far as it is known without the lock.

    Raises:
        UsageError: If an argument makes no sense.
    """
    try:
        with opening(READ) as library, library.dry_run():
            perform(action, options, replace(context, opened=library))
    except UsageError:
        raise
    except LibraryError:  # unknown then
        return None
    except PapersError as error:  # another instance may be about to change that
        return error
    return None


# The session


@contextmanager
def _changes_named(library: "Library", id: str | None) -> Iterator[None]:
    """Records changes as those of a request; with ``None``, as the user's own."""
    before, library.state.request = library.state.request, id
    try:
        yield
    finally:
        library.state.request = before


@dataclass(frozen=True, slots=True)
class Job:
    """A request that was taken, and is now to be run and answered."""

    id: str
    action: Action
    options: Mapping[str, Any]
    context: Context
    folder: RequestFolder

    @property
    def is_slow(self) -> bool:
        """Whether to run it in a thread."""
        slow = self.action.is_slow
        return slow(self.context, self.options) if callable(slow) else slow

    def run(
        self, released: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Outcome | None:
        """Runs it, in any thread, and answers; ``None`` if it failed.

        Args:
            released: Within it, the user may use the library.
        """
        library = self.context.library

        @contextmanager
        def waiting() -> Iterator[None]:
            with _changes_named(library, None), released():
                yield

        try:
            with _changes_named(library, self.id):
                context = replace(self.context, released=waiting)
                outcome = perform(self.action, self.options, context)
        except PapersError as error:
            self.folder.reply(self.id, _failure(error))
            return None
        self.folder.reply(self.id, _to_answer(outcome))
        return outcome


def next_job(library: "Library", settings: "Config") -> Job | None:
    """The next request, if this session has the lock; one that may not be done is answered.

    Cost: lists a folder.
    """
    folder = library.requests
    if library.read_only_reason is not None:
        return None
    for old in folder.begin():
        if (outcome := _outcome_in_journal(library, old.id, old.inputs)) is not None:
            folder.reply(old.id, _to_answer(outcome))
        else:
            folder.discard(old.id)
    if (request := folder.take()) is None:
        return None
    try:
        action, options = _parse(request)
    except PapersError as error:
        folder.reply(request.id, _failure(error))
        return None
    as_json = options.pop("json", False)
    context = Context(settings, library, inputs=request.inputs, as_json=as_json)
    return Job(request.id, action, options, context, folder)


def _parse(request: Request) -> tuple[Action, dict[str, Any]]:
    """The action of a request, and its options.

    Raises:
        PapersError: If it means nothing, or may not be done on request.
    """
    refused = UsageError("Cannot be requested from another instance", "Close the app first.")
    if any("\0" in word for word in request.words):
        raise refused
    try:
        with redirect_stdout(StringIO()):  # help and version, which no shell asks for
            action, options = arguments.parse(request.words, Where.REQUEST)
    except SystemExit as error:
        raise refused from error
    del options["library"], options["no_sample"]
    if action is None or not action.on_request:
        raise refused
    return action, options


# Answers


def _to_answer(outcome: Outcome) -> dict[str, Any]:
    return {
        "message": outcome.message,
        "notes": list(outcome.notes),
        "rows": [list(row) for row in outcome.rows],
        "text": outcome.text,
        "failures": list(outcome.failures),
        "data": outcome.data,  # JSON, as ``--json`` prints it
        "exit_code": outcome.exit_code,
    }


def _failure(error: PapersError) -> dict[str, Any]:
    return {"error": error.message, "hint": error.hint, "exit_code": error.exit_code}


class _ElsewhereError(PapersError):
    """An error of the instance that did the command."""

    def __init__(self, message: str, hint: str, exit_code: int) -> None:
        super().__init__(message, hint)
        self.exit_code = exit_code


def _from_answer(answer: Mapping[str, Any]) -> Outcome:
    """The outcome that an answer tells; only texts and numbers of it count.

    Raises:
        PapersError: If it tells an error.
    """
    code = answer.get("exit_code")
    code = code if isinstance(code, int) else 1
    if "error" in answer:
        raise _ElsewhereError(str(answer["error"]), str(answer.get("hint", "")), code)
    return Outcome(
        str(answer.get("message", "")),
        notes=tuple(map(str, answer.get("notes", ()))),
        rows=[tuple(map(str, row)) for row in answer.get("rows", ())],
        text=sanitize_lines(str(answer.get("text", ""))),  # whoever wrote the file
        failures=tuple(map(str, answer.get("failures", ()))),
        data=answer.get("data"),
        exit_code=code,
    )
