"""No regular expression takes long on a long text: each is tried on texts that are made for it.

A pattern that starts again at each place, or that can take a text apart in many ways, takes time
that grows with the square of a text, or worse, where a file repeats the right characters.
"""

import ast
import re
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

import tui
from tui import patterns as patterns_module

ROOT: Final = Path(tui.__file__).parent
PIECES: Final = (
    *(" ", "\n", "\t", "a", "A", "1", "a ", "Ab ", ". ", ", ", "a\n", " \n", "-", "_", "*"),
    *(
        "[",
        "](",
        "(",
        "<",
        "<!-- -->",
        "&a",
        "{",
        "$",
        "\\",
        '"',
        "`",
        "#",
        "//",
        "http://",
        "|",
        "=",
    ),
)
SHORT: Final = 5_000
SUSPICIOUS: Final = 0.000_8
"""Seconds from which a short text is tried again as a long one, which costs little."""
LONG: Final = 30_000
MOST: Final = 0.06
"""Seconds that no long text may take: a pattern that is linear in it takes a few thousandths, one
that is not takes more."""
BOUNDED: Final = {
    "tui.formats.importers.hf_daily.cards._OPEN_END",  # three hundred characters
    "tui.formats.importers.hf_daily.features._ENDS",  # as many
    "tui.formats.importers.hf_daily.line_kinds.MAIL_DAY",  # a line of a header, half as many
}
"""Patterns that never see a long text of a stranger."""
FLAGS_AT: Final = {"compile": 1, "split": 3, "sub": 4, "subn": 4}
"""The place of the flags among the arguments; 2 in all other functions."""
ANYWHERE: Final = {"search", "finditer", "findall", "sub", "subn", "split"}
FUNCTIONS: Final = {"compile", "match", "fullmatch", *ANYWHERE}


# The patterns


@cache
def sources() -> dict[str, ast.Module]:
    """The modules that use regular expressions, by their names."""
    texts = {path: path.read_text() for path in sorted(ROOT.rglob("*.py"))}
    return {
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): ast.parse(text)
        for path, text in texts.items()
        if "import re\n" in text or "import regex\n" in text
    }


def patterns() -> Iterator[tuple[str, "re.Pattern[str] | re.Pattern[bytes]", bool]]:
    """Each pattern with its place, and whether it is looked for anywhere in a text."""
    uses: dict[str, set[str]] = {}
    for module, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                uses.setdefault(_full_name(node.value.id, module), set()).add(node.attr)
    for module, tree in sources().items():
        namespace = vars(import_module(module))
        imported = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        for name, value in namespace.items():
            methods = uses.get(_full_name(name, module), set()) & FUNCTIONS
            for pattern in () if name in imported else _within(value, module):
                yield f"{module}.{name}", pattern, not methods or bool(methods & ANYWHERE)
        named = [node.value for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node not in named:
                yield from _called(module, node, namespace)


def _full_name(name: str, module: str) -> str:
    """A name that other modules cannot use, with its module."""
    return f"{module}.{name}" if name.startswith("_") else name


def _within(value: object, module: str) -> Iterator["re.Pattern[str] | re.Pattern[bytes]"]:
    """The patterns of a value: itself, those in a collection, those of a class of the module."""
    if isinstance(value, re.Pattern):
        yield value
    elif type(value).__module__ == patterns_module.__name__:  # not compiled yet
        yield re.compile(value.pattern, value.flags)  # type: ignore[attr-defined]
    elif isinstance(value, (tuple, list, set, frozenset)):
        for part in value:
            yield from _within(part, module)
    elif isinstance(value, dict):
        yield from _within((*value, *value.values()), module)
    elif isinstance(value, type) and value.__module__ == module:
        for part in vars(value).values():
            if not isinstance(part, type):
                yield from _within(part, module)


def _called(
    module: str, call: ast.Call, namespace: dict[str, Any]
) -> Iterator[tuple[str, "re.Pattern[str] | re.Pattern[bytes]", bool]]:
    """The patterns of a call of ``re``.

    Where they come from elsewhere, each text in the constants of the module that may be one is
    taken for one.
    """
    of, _, name = ast.unparse(call.func).rpartition(".")
    if of != "re" or name not in FUNCTIONS or not call.args:
        return
    at = FLAGS_AT.get(name, 2)
    named = [word.value for word in call.keywords if word.arg == "flags"]
    flags = (*call.args[at : at + 1], *named)
    place = f"{module}:{call.lineno}"
    with suppress(NameError):
        source = _value(call.args[0], namespace)
        flag = _value(flags[0], namespace) if flags else 0
        yield place, re.compile(source, flag), name in ANYWHERE or name == "compile"
        return
    for constant in namespace.values():
        if isinstance(constant, tuple):
            for source in _texts(constant):
                with suppress(re.error):
                    yield place, re.compile(source, re.MULTILINE), True


def _value(node: ast.expr, namespace: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "", "eval"), namespace)  # of our own code


def _texts(values: tuple[object, ...]) -> Iterator[str]:
    for value in values:
        if isinstance(value, tuple):
            yield from _texts(value)
        elif isinstance(value, str) and "\\" in value:
            yield value


# The texts

_parser: Final = import_module("re._parser")
_SAMPLES: Final = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_WORD": " ",
}
"""A character of a class; the others have an ``a``."""


def attacks(pattern: "re.Pattern[str] | re.Pattern[bytes]") -> Iterator[tuple[str, str]]:
    """Beginnings of texts, and what is repeated after them, from what a pattern repeats itself."""
    parsed = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    example, repeats = _walk(parsed, "")
    yield "", example
    for before, body in repeats:
        yield before, body
        yield "", before + body


def _walk(
    nodes: Iterable[tuple[Any, Any]], before: str, *, is_repeated: bool = False
) -> tuple[str, list[tuple[str, str]]]:
    """A text that nodes may match; and each thing that they repeat, with what is before it."""
    text = ""
    repeats: list[tuple[str, str]] = []
    for code, value in nodes:
        name = str(code)
        parts: list[Any] = []
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            text += _char(name, value)
        elif name.endswith("_REPEAT"):
            parts = [value[2]]
        elif name == "SUBPATTERN":
            parts = [value[3]]
        elif name == "ATOMIC_GROUP":
            parts = [value]
        elif name == "BRANCH":
            parts = value[1]
        examples = []
        is_many = name.endswith("_REPEAT") and value[1] > 20
        for part in parts:
            example, inner = _walk(part, before + text, is_repeated=is_repeated or is_many)
            examples.append(example)
            repeats += inner
        if is_many or (is_repeated and name == "BRANCH"):
            repeats += [(before + text, example) for example in examples]
        if examples:
            count = max(value[0], 1) if name.endswith("_REPEAT") else 1
            text += examples[0] * min(count, 20)
    return text, repeats


def _char(name: str, value: Any) -> str:
    """A character that a node matches."""
    if name == "ANY":
        return "a"
    if name == "LITERAL":
        return chr(value)
    items = [("NEGATE", None), ("LITERAL", value)] if name == "NOT_LITERAL" else value
    (first, argument), *others = [(str(code), argument) for code, argument in items]
    if first == "LITERAL":
        return chr(argument)
    if first == "RANGE":
        return chr(argument[0])
    if first == "CATEGORY":
        return _SAMPLES.get(str(argument), "a")
    excluded = {argument for code, argument in others if code == "LITERAL"}
    return next(char for char in "a1b. " if ord(char) not in excluded)


def texts(pattern: "re.Pattern[str] | re.Pattern[bytes]") -> Iterator[tuple[str, str]]:
    """All texts for a pattern, each as its beginning and what is repeated."""
    own = attacks(pattern)
    return iter(dict.fromkeys([*(("", piece) for piece in PIECES), *own]))


# The cost


class TooSlowError(Exception):
    """A pattern takes too long."""


def _stop(*_: object) -> None:
    raise TooSlowError


@contextmanager
def _limited() -> Iterator[None]:
    """Stops what would take for ever."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 3 * MOST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _seconds(pattern: "re.Pattern[Any]", text: str, *, anywhere: bool) -> float:
    subject: str | bytes = text
    if isinstance(pattern.pattern, bytes):
        subject = text.encode()
    start = time.process_time()
    if anywhere:
        pattern.subn(subject[:0], subject)
    else:
        pattern.match(subject)
        pattern.fullmatch(subject)
    return time.process_time() - start


def slow_text(pattern: "re.Pattern[Any]", *, anywhere: bool = True) -> tuple[str, str] | None:
    """A beginning and a piece that take a pattern too long when the piece is repeated.

    What is slow on a short text is tried on a long one, and then once more.
    """
    tries = ((SHORT, SUSPICIOUS), (LONG, MOST), (LONG, MOST))
    for before, piece in texts(pattern):
        if piece and all(
            _takes(pattern, before + piece * (length // len(piece)) + "\0", most, anywhere)
            for length, most in tries
        ):
            return before, piece
    return None


def _takes(pattern: "re.Pattern[Any]", text: str, seconds: float, anywhere: bool) -> bool:
    """Whether a pattern takes longer than so many seconds of the processor."""
    try:
        with _limited():
            return _seconds(pattern, text, anywhere=anywhere) > seconds
    except TooSlowError:
        return True


@pytest.mark.parametrize(
    "source",
    [r"\s+$", r"(?:<!--.*?-->\s*)*x", r"<a\s[^>]*\bb=", r"(\w+\s?)+:"],
)
def test_a_pattern_that_is_slow_on_a_long_text_is_found(source: str) -> None:
    assert slow_text(re.compile(source, re.DOTALL)) is not None


def test_patterns_that_are_compiled_when_they_are_first_used_are_tried_as_well() -> None:
    assert "tui.listing.titles._LIKE" in {place for place, *_ in patterns()}


def test_every_pattern_takes_time_linear_in_a_text() -> None:
    seen = set()
    slow = []
    for place, pattern, anywhere in patterns():
        if (pattern, anywhere) not in seen and place not in BOUNDED:
            seen.add((pattern, anywhere))
            if text := slow_text(pattern, anywhere=anywhere):
                slow.append(f"{place}: {pattern.pattern!r} on {text[0]!r} and many {text[1]!r}")
    assert len(seen) > 200
    assert not slow, "\n".join(slow)
