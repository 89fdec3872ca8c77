r"""Regular expressions whose running time is bounded.

Python's ``re`` cannot be interrupted, and some patterns take it years on one abstract. So a pattern
is compiled to an automaton that reads each character once, and the work of a query is counted.
Reference: R. Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009.

Supported are characters, ``.``, sets, ``\w \d \s \b``, ``^ $``, ``|``, groups, and the repeats
``? * + {m,n}`` of any of them.
"""

import re
from collections.abc import Iterator
from typing import Final

from tui.model.words import fold
from tui.patterns import regex

MAX_SIZE: Final = 1_000
"""The most instructions of a pattern."""
MAX_WORK: Final = 7_500_000
"""The most work of a query: 0.2 s."""
_STEP_WORK: Final = 200
"""The work of a step that was not taken before, where reading a character is 1; each thread of
execution adds ``_THREAD_WORK``. Both were measured."""
_THREAD_WORK: Final = 20
_SIMPLE: Final = 16
"""The product of size and ways to match up to which ``re`` is faster on any text."""
_FAST: Final = 40
"""Characters of a text that ``re`` reads with the work of 1."""

_PIECE: Final = regex(
    r"""(?P<boundary>\\[bB] | [$^])
      | (?P<set>\\[wWdDsS] | \. | \[\^?\]?(?:\\[wWdDsS]|\\[^\w\s]|[^\]\\\[])*\])
      | (?P<escape>\\[^\w\s])
      | (?P<open>\((?:\?:)?)
      | (?P<close>\))
      | (?P<bar>\|)
      | (?P<repeat>([*+?]|\{\d{1,2}(?:,(?:\d{1,2})?)?\})\??)
      | (?P<plain>[^\\\[\](){}*+?])""",
    re.X,
)
_ENDLESS: Final = 10**9
_MAX_DEPTH: Final = 20

Instruction = tuple[str, str, int]
"""What to do, its operand, and a relative target: a ``set`` matches a character and goes on to the
next; a ``boundary`` holds or ends the thread; a ``split`` goes on to the next and to the target; a
``jump`` goes to the target; a ``match`` ends."""


class RegexError(ValueError):
    """Why a pattern is refused, a sentence without a full stop."""


class TooMuchWorkError(Exception):
    """A query was given up because of its work."""


class Budget:
    """The work that a query has left."""

    def __init__(self, work: int = MAX_WORK) -> None:
        """Begins with some work, 1 for each character to be read."""
        self.left = work

    def spend(self, work: int) -> None:
        """Takes work off the budget.

        Raises:
            TooMuchWorkError: If nothing is left.
        """
        self.left -= work
        if self.left < 0:
            raise TooMuchWorkError


class Regex:
    """A compiled pattern. Its states are computed when they are first reached, and kept."""

    def __init__(self, source: str, budget: Budget | None = None) -> None:
        """Compiles a pattern, folded as the texts that it is searched in.

        Raises:
            RegexError: If it is invalid or not supported.
        """
        self._budget = budget or Budget()
        compiler = _Compiler(source)
        self._program = [*compiler.program, ("match", "", 0)]
        self._simple: re.Pattern[str] | None = None
        try:
            pattern = re.compile(compiler.pattern)
        except (re.error, OverflowError) as error:
            raise RegexError(f"Invalid regular expression: {error}") from error
        if compiler.ways * len(self._program) <= _SIMPLE:
            self._simple = pattern
        self._tests: dict[tuple[str, str], bool] = {}
        self._states: dict[tuple[frozenset[int], bool], _State] = {}
        self._matched = _Matched(self, frozenset(), is_in_word=False, is_start=False)
        self._start = _State(self, frozenset(), is_in_word=False, is_start=True)

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in a folded text. Cost: its length, in the end.

        Raises:
            TooMuchWorkError: If the budget is spent.
        """
        if self._simple is not None:
            self._budget.spend(1 + len(text) // _FAST)
            return self._simple.search(text) is not None
        self._budget.spend(1 + len(text))
        state: _State = self._start
        for char in text:
            state = state[char]
        return state[""] is self._matched

    def _after(self, state: "_State", char: str) -> "_State":
        """The state after a character; after the end of the text if it is empty."""
        is_in_word = _is_in_word(char)
        bounds = {
            "^": state.is_start,
            "$": not char,
            r"\b": state.is_in_word != is_in_word,
            r"\B": state.is_in_word == is_in_word,
        }
        threads, pending = {0}, [0, *state.threads]
        reached: list[int] = []
        while pending:
            place = pending.pop()
            kind, operand, target = self._program[place]
            following = []
            if kind == "match":
                return self._matched
            if kind == "set":
                if char and self._is_in_set(operand, char):
                    reached.append(place + 1)
            elif kind == "split":
                following = [place + 1, place + target]
            elif kind == "jump":
                following = [place + target]
            elif bounds[operand]:
                following = [place + 1]
            for place in following:
                if place not in threads:
                    threads.add(place)
                    pending.append(place)
        self._budget.spend(_STEP_WORK + _THREAD_WORK * len(threads))
        key = frozenset(reached), is_in_word
        if key not in self._states:
            self._states[key] = _State(self, *key, is_start=False)
        return self._states[key]

    def _is_in_set(self, pattern: str, char: str) -> bool:
        """Whether a pattern of one character matches one. Cached."""
        key = pattern, char
        if key not in self._tests:
            self._tests[key] = re.fullmatch(pattern, char) is not None
        return self._tests[key]


class _State(dict[str, "_State"]):
    """The text read so far, as far as it matters: by character, the state after it."""

    __slots__ = ("is_in_word", "is_start", "regex", "threads")

    def __init__(
        self, regex: Regex, threads: frozenset[int], is_in_word: bool, *, is_start: bool
    ) -> None:
        self.regex = regex
        self.threads = threads
        self.is_in_word = is_in_word
        self.is_start = is_start

    def __missing__(self, char: str) -> "_State":
        state = self[char] = self.regex._after(self, char)
        return state


def _is_in_word(char: str) -> bool:
    r"""Whether ``\w`` matches a character."""
    return char.isalnum() or char == "_"


class _Matched(_State):
    """The pattern has matched, whatever follows."""

    __slots__ = ()

    def __missing__(self, char: str) -> "_State":
        return self


class _Compiler:
    """From a pattern to instructions, and to an equivalent pattern of ``re`` on folded text."""

    def __init__(self, source: str) -> None:
        self.pattern = ""
        self.ways = 1
        """How many ways ``re`` may try at one position of a text."""
        self._pieces = list(self._split(source))
        self._place = 0
        self._depth = 0
        self.program = self._alternatives()
        if self._place < len(self._pieces):
            raise RegexError("A regular expression has a “)” without a “(”")

    @staticmethod
    def _split(source: str) -> Iterator[tuple[str, str]]:
        """The kinds and texts of the pieces."""
        place = 0
        while place < len(source):
            match = _PIECE.match(source, place)
            if match is None and source[place] == "[" and "]" not in source[place + 2 :]:
                raise RegexError("A regular expression has a “[” without a “]”")
            if match is None:
                raise RegexError(f"“{source[place]}” is not supported in a regular expression")
            place = match.end()
            yield match.lastgroup or "", match.group()

    def _peek(self) -> str:
        return self._pieces[self._place][0] if self._place < len(self._pieces) else ""

    def _take(self, written: str | None = None) -> str:
        text = self._pieces[self._place][1]
        self._place += 1
        self.pattern += text if written is None else written
        return text

    def _alternatives(self) -> list[Instruction]:
        program = self._sequence()
        while self._peek() == "bar":
            self._take()
            self.ways *= 2
            other = self._sequence()
            program = [
                ("split", "", len(program) + 2),
                *program,
                ("jump", "", len(other) + 1),
                *other,
            ]
        return _checked(program)

    def _sequence(self) -> list[Instruction]:
        program: list[Instruction] = []
        while (kind := self._peek()) not in ("", "bar", "close"):
            if kind == "repeat":
                raise RegexError(f"Nothing for “{self._take()}” to repeat")
            part = self._group() if kind == "open" else self._atom(kind)
            if self._peek() == "repeat":
                part = self._repeated(part, is_group=kind == "open")
            program = _checked(program + part)
        return program

    def _group(self) -> list[Instruction]:
        self._take("(?:")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise RegexError("The regular expression has too many nested groups")
        program = self._alternatives()
        self._depth -= 1
        if self._peek() != "close":
            raise RegexError("A regular expression has a “(” without a “)”")
        self._take()
        return program

    def _atom(self, kind: str) -> list[Instruction]:
        if kind == "boundary":
            return [
                ("boundary", self._take(r"\Z" if self._pieces[self._place][1] == "$" else None), 0)
            ]
        text = self._pieces[self._place][1]
        if kind == "set":
            lowered = re.sub(r"(?<!\\)[A-Z]", lambda letter: letter.group().lower(), text)
            self._take(lowered)
            try:
                re.compile(lowered)
            except re.error as error:
                raise RegexError(f"Invalid regular expression: {error}") from error
            return [("set", lowered, 0)]
        chars = [re.escape(char) for char in fold(text.removeprefix("\\"))]
        self._take("".join(chars) if len(chars) == 1 else f"(?:{''.join(chars)})")
        return [("set", char, 0) for char in chars]

    def _repeated(self, part: list[Instruction], *, is_group: bool) -> list[Instruction]:
        text = self._take()
        if self._peek() == "repeat":
            raise RegexError(f"Nothing for “{self._take()}” to repeat")
        least, most = _bounds(text)
        if least > most:
            raise RegexError(f"Invalid regular expression: nothing is {text}")
        self.ways *= _ENDLESS if is_group and most > 1 else min(most - least + 1, _ENDLESS)
        program = _checked(part * least)
        if most == _ENDLESS:
            return [*program, ("split", "", len(part) + 2), *part, ("jump", "", -len(part) - 1)]
        rest: list[Instruction] = []
        for _ in range(most - least):
            rest = _checked([("split", "", len(part) + len(rest) + 1), *part, *rest])
        return program + rest


def _bounds(repeat: str) -> tuple[int, int]:
    """The least and the most repeats of ``?``, ``*``, ``+`` or ``{m,n}``."""
    sign = {"?": (0, 1), "*": (0, _ENDLESS), "+": (1, _ENDLESS)}.get(repeat[0])
    if sign is not None:
        return sign
    least, comma, most = repeat.rstrip("?").strip("{}").partition(",")
    return int(least), int(most) if most else _ENDLESS if comma else int(least)


def _checked(program: list[Instruction]) -> list[Instruction]:
    if len(program) > MAX_SIZE:
        raise RegexError("The regular expression is too long")
    return program
