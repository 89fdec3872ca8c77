"""Words, phrases and patterns in the texts of papers, and in the notes and tags of the user."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from tui.errors import UsageError
from tui.model.fields import Field
from tui.model.layout import plural
from tui.model.text import normalize
from tui.model.words import fold, words
from tui.query import ExactTerm, RegexTerm, WordTerm
from tui.query.regex import Budget, Regex, TooMuchWorkError
from tui.search.bitset import BoundedCache, bits_of, rows_of
from tui.search.columns import Columns
from tui.search.matching import IN_WORDS, glob, literals, phrase_matcher, stem
from tui.search.state_index import StateIndex
from tui.search.word_index import MIN_PART, SEARCHED, WordIndex, folded

_CHECK: Final = 256
"""Papers that are read between two checks for cancellation."""
_MAX_CACHED: Final = 100
"""Cached results of text searches; the next keystroke needs most of them again."""
_SPACELESS: Final = (range(0x3040, 0x3100), range(0x3400, 0xA000), range(0xF900, 0xFB00))
"""Letters of Chinese and Japanese, which have no spaces between words."""


def has_spaceless(text: str) -> bool:
    """Whether a text has letters of a script without spaces between words."""
    return not text.isascii() and any(ord(char) in span for char in text for span in _SPACELESS)


class SearchCancelledError(Exception):
    """The search was cancelled."""


def not_cancelled() -> bool:
    """Never cancels."""
    return False


class EvalOptions(NamedTuple):
    """How to evaluate a query."""

    titles: bool = False
    """Whether words without a field are searched in titles only."""
    correct: bool = True
    """Whether a word without matches is corrected; not if it is negated."""
    cancelled: Callable[[], bool] = not_cancelled
    """Whether to cancel."""
    selected: frozenset[str] = frozenset()
    """The keys for ``is:selected``."""
    forms: bool = False
    """Whether words also match their other forms, such as the singular."""
    parts: bool = False
    """Whether words also match within words."""
    budget: Budget | None = None
    """The budget of patterns; ``None`` for one of their own."""


DEFAULT_OPTIONS: Final = EvalOptions()


class Texts:
    """Which papers have some words in their texts, as sets of rows."""

    def __init__(self, columns: Columns, states: StateIndex, everything: int) -> None:
        """Searches titles only, until the words are set."""
        self.columns = columns
        self.width = len(columns)
        self.everything = everything
        self.states = states
        self.words: WordIndex | None = None
        """``None`` until loaded; until then, only titles are searched."""
        self._cached = BoundedCache[ExactTerm, int](_MAX_CACHED)
        self._read = BoundedCache[object, tuple[int, int]](_MAX_CACHED)
        """By question, the papers whose texts were read for it, and those of them that match."""

    # Words

    def matching(self, node: WordTerm, where: Field, options: EvalOptions) -> int:
        """The papers with a word, a compound or a phrase.

        Args:
            where: The field to look in; they are corrected as in the field of the term.
        """
        if node.phrase:
            return self._phrase(node.words, where, node.half, options)
        if len(node.words) == 1:
            (word,) = node.words
            if self.with_prefix(node.field, word):
                bits = self.with_prefix(where, stem(word) if options.forms else word)
                return bits | self.with_part(where, word) if options.parts else bits
        else:
            # "fine-tuning" may be written as one word, "finetuning", or as two.
            bits = self._compound(node.words, where, options)
            if bits or (
                where is not node.field and self._compound(node.words, node.field, options)
            ):
                return bits
        bits = 0
        for near in self.nearest_words(node) if options.correct else ():
            bits |= self._having(where, near)
        return bits

    def _compound(self, parts: tuple[str, ...], where: Field, options: EvalOptions) -> int:
        joined = self.with_prefix(where, "".join(parts))
        return joined | self._phrase(parts, where, True, options, known=joined)

    def is_known(self, node: WordTerm) -> bool:
        """Whether a word or compound occurs in its field."""
        if len(node.words) == 1:
            return bool(self.with_prefix(node.field, node.words[0]))
        return bool(self._compound(node.words, node.field, EvalOptions()))

    def nearest_words(self, node: WordTerm) -> list[str]:
        """The corrections of a word that does not occur in its field."""
        return self.words.nearest_words(node.field, "".join(node.words)) if self.words else []

    def with_prefix(self, field: Field, prefix: str) -> int:
        """The papers with a word with a prefix, in a field or in the user's notes and tags.

        In scripts without spaces between words, a prefix of any part of a run.
        """
        if has_spaceless(prefix):
            return self.with_part(field, prefix)
        bits = self.states.with_word(field, lambda word: word.startswith(prefix))
        if self.words is not None:
            return bits | self.words.with_prefix(field, prefix)
        return bits | self._in_titles(field, prefix, whole=False)

    def with_part(self, field: Field, part: str) -> int:
        """The papers with a word that contains letters; only that very word if they are few."""
        if len(part) < MIN_PART and not has_spaceless(part):
            return self._having(field, part)
        bits = self.states.with_word(field, lambda word: part in word)
        if self.words is not None:
            return bits | self.words.with_part(field, part)
        return bits | self._in_titles(field, part, whole=False, anywhere=True)

    def _having(self, field: Field, word: str) -> int:
        bits = self.states.with_word(field, word.__eq__)
        if self.words is not None:
            return bits | self.words.having(field, word)
        return bits | self._in_titles(field, word, whole=True)

    def _in_titles(self, field: Field, word: str, *, whole: bool, anywhere: bool = False) -> int:
        """The papers with a word in their title, until the words are loaded."""
        if field not in (Field.ANY, Field.TITLE):
            return 0
        titles = self.columns.titles
        rows: set[int] = set()
        for match in re.finditer(re.escape(word.encode()), titles.blob):
            start, end = match.span()
            begins = anywhere or start == 0 or titles.blob[start - 1] not in IN_WORDS
            if (begins or not word[0].isalnum()) and not (whole and titles.blob[end] in IN_WORDS):
                rows.add(titles.row_at(start))
        return bits_of(self.width, rows)

    # Texts

    def _phrase(
        self, parts: tuple[str, ...], where: Field, half: bool, options: EvalOptions, known: int = 0
    ) -> int:
        """The papers with consecutive words: reads those with all words, except known ones."""

        def candidates(field: Field) -> int:
            bits = self.everything & ~known
            for part in parts[:-1]:
                bits &= self._having(field, part)
            last = self.with_prefix if half else self._having
            return bits & last(field, parts[-1])

        return self._reading(
            ("phrase", parts, half), phrase_matcher(parts, half), where, candidates, options
        )

    def regex(self, node: RegexTerm, options: EvalOptions, within: int) -> int:
        """The papers of a set, at least, in which a pattern matches.

        Raises:
            SearchCancelledError: If it was cancelled.
            UsageError: If it takes too much work.
        """
        pieces = literals(node.source)

        def candidates(field: Field) -> int:
            bits = within
            if self.words is not None and field in SEARCHED:
                for piece in pieces:
                    bits &= self.words.containing(field, piece)
            return bits

        search = Regex(node.source, options.budget).search

        def fits(text: bytes) -> bool:
            return search(str(text, "utf-8"))

        try:
            return self._reading(node, fits, node.field, candidates, options)
        except TooMuchWorkError:
            papers = plural(within.bit_count(), "paper")
            raise UsageError(
                f"/{normalize(node.source, 40)}/ takes too long on {papers}",
                "Add a word, a tag or a date to have fewer, or make it simpler.",
            ) from None

    def _reading(
        self,
        question: object,
        fits: Callable[[bytes], object],
        where: Field,
        candidates: Callable[[Field], int],
        options: EvalOptions,
    ) -> int:
        """The papers with a matching text, among the candidates at least. Cached."""
        bits = 0
        for field in SEARCHED if where is Field.ANY else (where,):
            if field in SEARCHED and (self.words is not None or field is Field.TITLE):
                cache_key = question, field
                read, matches = self._read.get(cache_key, (0, 0))
                new = candidates(field) & ~read
                if new:
                    rows = self._filtered(new, field, fits, options)
                    matches |= bits_of(self.width, rows)
                    self._read[cache_key] = read | new, matches
                bits |= matches
        if where in (Field.ANY, Field.NOTE):
            noted = [
                row
                for row in rows_of(self.states.named(Field.HAS, "note"))
                if fits(folded(self.states.states[row].note or "").encode())
            ]
            bits |= bits_of(self.width, noted)
        return bits

    def _filtered(
        self, bits: int, field: Field, fits: Callable[[bytes], object], options: EvalOptions
    ) -> Iterator[int]:
        is_several = field is Field.AUTHOR
        for number, row in enumerate(rows_of(bits)):
            if number % _CHECK == 0 and options.cancelled():
                raise SearchCancelledError
            text = self.text(field, row)
            if any(map(fits, text.split(b"\t"))) if is_several else fits(text):
                yield row

    def text(self, field: Field, row: int) -> bytes:
        """The folded text of a field of a paper; empty until loaded."""
        if field is Field.TITLE:
            return self.columns.titles[row]
        return self.words.text(field, row) if self.words is not None else b""

    def exactly(self, node: ExactTerm, options: EvalOptions) -> int:
        """The papers of which a whole text, or the note, matches a glob. Cached."""
        fits = glob(node.pattern)
        if node.field is Field.NOTE:
            noted = rows_of(self.states.named(Field.HAS, "note"))
            return bits_of(
                self.width, (r for r in noted if fits(fold(self.states.states[r].note or "")))
            )
        bits = self._cached.get(node)
        if bits is None or self.words is None:
            bits = self.everything
            if self.words is not None:
                for piece in node.pattern.split("*"):
                    for word in words(piece):
                        bits &= self.words.containing(node.field, word)
            rows = self._filtered(bits, node.field, lambda text: fits(str(text, "utf-8")), options)
            bits = bits_of(self.width, rows)
            if self.words is not None:
                self._cached[node] = bits
        return bits
