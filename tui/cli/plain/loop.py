"""The plain session: keys in, lines out, on the same workspace and the same actions as the app."""

import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from tui.actions import command_line, interests
from tui.actions.context import NO_PAPER, Outcome
from tui.actions.keymap import display_key, key_for
from tui.actions.questions import Choice, Question
from tui.actions.registry import Action, Binding, Command, Where, actions
from tui.actions.sequences import KeySequence
from tui.cli.output import is_terminal, print_table
from tui.cli.plain.key_input import LINE, Keys
from tui.errors import ConfirmationError, PapersError, UsageError
from tui.listing.shown import Shown
from tui.listing.titles import TO_RECONSIDER, explained
from tui.model.describe import facts
from tui.model.fields import Detail
from tui.model.layout import plural
from tui.model.text import sanitize, sanitize_lines
from tui.workspace import Workspace

MAX_CHOICES: Final = 20
"""Choices that are listed with a question."""


class PlainSession:
    """A session driven by keys, which prints what changes."""

    def __init__(self, workspace: Workspace, rows: Sequence[Binding], keys: Keys) -> None:
        self.workspace = workspace
        self.keys = keys
        self._sequence = KeySequence(rows)
        self._help = key_for(rows, "look.help")
        self._command = key_for(rows, "command")
        self._read_key: str | None = None
        """The paper whose abstract was printed last."""
        self._handlers: Mapping[str, Callable[[], bool]] = {
            "command": self._ask_command,
            "more": self._read_on,
            "quit": self._end,
            "zoom": self._read,
        }
        """The functions of the screen actions that a plain session has in its own way."""

    def begin(self) -> None:
        """Prints what is shown first."""
        if self.keys.acts_at_once:
            self._say(
                f"Keys act at once: {self._help} lists them, {self._command} asks for a command."
            )
        self._load_words()
        self._print_query()
        self._print_paper()

    def step(self) -> bool:
        """Handles one key; ``False`` if the session is over."""
        name = self.keys.key(self._serve)
        if name == LINE:
            self._say(
                "Several keys at once: nothing was done. "
                f"Press one key at a time, or {self._command} for a command."
            )
            return True
        if name is None or name == "ctrl+c":
            return self._end()
        pressed = self._sequence.press(name)
        if pressed is None or pressed.is_cancelled:
            return True
        if pressed.binding is None:
            self._say(f"{display_key(pressed.name)} is not a key here; press {self._help} for help")
            return True
        return self._run(pressed.binding.command(pressed.place, pressed.count), pressed.count)

    def _end(self) -> bool:
        library = self.workspace.library
        if summary := self.workspace.exit_summary():
            text = "\n".join(filter(None, [summary, interests.reminder(library)]))
            self._say(text, Where.SHELL)  # where the user is next
        else:
            self._say(f"{library.counts().inbox:,} left in the inbox.")
        return False

    # Acting

    def _run(self, line: str, count: int | None = None) -> bool:
        """Runs a command line, on ``count`` papers if given; ``False`` if the session is over."""
        try:
            action, options = self.workspace.parsed(partial(self._parse, line), count or 1)
            if (handler := self._handlers.get(action.screen_action)) is not None:
                return handler()
            self._perform(action, options)
        except PapersError as error:
            self._say(str(error))
        return True

    def _ask_command(self) -> bool:
        typed = self.keys.line(":")
        return self._run(typed) if typed else True

    def _read(self) -> bool:
        self._perform(actions()["zoom"], {})
        self._read_key = self.workspace.listing.key
        return True

    def _read_on(self) -> bool:
        """Prints the abstract first, then goes to the next paper."""
        if self._read_key != self.workspace.listing.key:
            return self._read()
        self._perform(actions()["more"], {})
        return True

    def _serve(self) -> None:
        """Does what shells ask meanwhile."""
        while job := self.workspace.next_job():
            if (outcome := job.run()) is not None:
                message = self.workspace.show_job(outcome)
                self._load_words()
                self._say(message)

    def _parse(self, line: str) -> Command:
        try:
            return command_line.parse(line, Where.PLAIN, self.workspace.listing.targets)
        except UsageError:
            action, _ = command_line.parse(line, Where.SESSION, self.workspace.listing.targets)
            help = f"{action.help[0].upper()}{action.help[1:]}"
            raise UsageError(f"{help}: only in the app") from None

    def _perform(self, action: Action, options: Mapping[str, Any]) -> None:
        """Runs an action, asking for missing arguments, and prints the outcome."""
        if action.lacks_paper(options, self.workspace.listing.targets):
            self._say(NO_PAPER)
            return
        complete = self._ask_missing(action, options)
        if complete is None:
            return
        before = self.workspace.listing.shown
        try:
            outcome = self.workspace.perform(action, complete)
        except ConfirmationError as error:
            self._say("\n".join([error.message, *error.first_lines(MAX_CHOICES)]))
            if self.keys.line(f"{error.question} (yes or no): ") != "yes":
                self._say("Left unchanged")
                return
            outcome = self.workspace.perform(action, {**complete, error.argument: True})
        self._load_words()
        self._print_outcome(outcome)
        self._print_shown(before, outcome)

    def _load_words(self) -> None:
        """Searches all words from the start; the app, which must not wait, begins with titles."""
        index = self.workspace.library.search
        if not index.is_complete:
            index.load_lookalikes()
            self.workspace.listing.complete()
            self.workspace.listing.complete(lookalikes=True)

    def _ask_missing(self, action: Action, options: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The options, completed by asking; ``None`` if there was no answer."""
        argument = action.missing(options, Where.PLAIN)
        if argument is None or argument.question is None:
            return options
        question = argument.question(self.workspace.context())
        if question is None:
            return options
        answer = self._ask(question)
        return None if answer is None else {**options, argument.name: argument.answer(answer)}

    def _ask(self, question: Question) -> str | None:
        """The answer to a question; ``None`` if there is none."""
        choices = () if question.words or callable(question.choices) else question.choices
        for choice in choices[:MAX_CHOICES]:
            self._say(_in_words(choice))
        hint = question.value or ("" if choices else question.hint)
        answer = self.keys.line(f"{question.prompt}{f' ({hint})' if hint else ''}: ")
        if answer is None:
            return None
        if answer == "-" and question.allow_editor:
            return ""  # as an empty answer keeps the value
        answer = answer or question.value
        if not choices or question.new or not answer:
            return answer or None
        for choice in choices:
            if answer in (choice.value, choice.text, choice.text.split()[0]):
                return choice.value
        raise UsageError(f"Not one of the choices: {sanitize(answer, 40)}", "Choose one of them.")

    # Printing

    def _say(self, text: str, where: Where = Where.PLAIN) -> None:
        typed = text if where is Where.SHELL else command_line.as_typed(text, where)
        lines = sanitize_lines(typed).split("\n")
        if is_terminal():
            width = shutil.get_terminal_size().columns
            lines = [part for line in lines for part in textwrap.wrap(line, width) or [""]]
        print("\n".join(lines), flush=True)

    def _print_outcome(self, outcome: Outcome) -> None:
        for text in (outcome.message, *outcome.notes):
            if text:
                self._say(text)
        print_table(outcome.rows)
        if outcome.text:
            print(outcome.text, end="", flush=True)

    def _print_shown(self, before: Shown, outcome: Outcome) -> None:
        """Prints what an action changed in the view; the paper if nothing."""
        after = self.workspace.listing.shown
        is_silent = not (outcome.message or outcome.notes or outcome.rows or outcome.text)
        if after.query is not before.query or (is_silent and after.results is not before.results):
            self._print_query()
            self._print_paper()
            return
        if after.picked != before.picked and not outcome.message:
            self._say(f"{len(after.picked)} selected.")
            is_silent = False
        if is_silent or after.key != before.key:
            self._print_paper()

    def _print_query(self) -> None:
        listing, search = self.workspace.listing, self.workspace.library.search
        for note in self.workspace.notes.lines:
            self._say(note)
        shown, asked = listing.shown, listing.query
        count = plural(len(listing.results), "paper")
        query = f": {explained(self.workspace.library, asked)}" if asked.text.strip() else ""
        query = ": to reconsider" if shown.title == TO_RECONSIDER else query
        self._say(f"{count}{query}, {shown.tally}.")
        for note in () if listing.results else search.drop_notes(asked):
            self._say(note)

    def _print_paper(self) -> None:
        """Prints the paper at the cursor: position, state, title, facts, and why it is there."""
        workspace, shown = self.workspace, self.workspace.listing.shown
        item = shown.item
        if item is None:
            self._say("No paper here.")
            return
        state = item.state
        marks = [str(state.status), *(["starred"] if state.starred else [])]
        if state.is_snoozed(workspace.library.today()):
            marks.append(f"snoozed until {state.snoozed_until}")
        marks += [f"#{tag}" for tag in state.tags] + [f"in {name}" for name in state.lists]
        if shown.is_selected(shown.cursor):
            marks.insert(0, "selected")
        place = f"{shown.cursor + 1} of {len(shown.results)}, {', '.join(marks)}: "
        self._say(
            place + ", ".join([sanitize(item.paper.display_title), *facts(item, Detail.BRIEF)])
        )
        if explanation := shown.results.explanation(shown.cursor):
            self._say(f"Why here: {explanation.sentence}")


def _in_words(choice: Choice) -> str:
    """A choice in a line: the value to type, and what it means."""
    text = choice.text if choice.value in choice.text.split() else f"{choice.value}: {choice.text}"
    return f"{text}: {choice.detail}" if choice.detail else text
