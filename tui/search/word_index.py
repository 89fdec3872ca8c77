"""The words of all papers, by field, and the folded texts."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise, repeat
from typing import Any, Final

from tui.model.fields import Field, Kind
from tui.model.latex import latex_to_text
from tui.model.words import fold, search_words, words
from tui.patterns import regex
from tui.search.cache_file import Array, Column, StringColumn
from tui.search.postings import Postings, Runs

MIN_PART: Final = 3
"""The fewest letters of a part of a word that is searched for."""
_MEANT: Final = 10
"""Times as frequent as the words that a word is a part of are its nearest, if they are meant."""

SEARCHED: Final = tuple(
    field for field in Field if field.kind is Kind.WORDS and field.row.path.startswith("paper.")
)
"""The fields of papers that are searched for words."""
_EMPHASIS: Final = "emphasis"
_OTHER_HYPHENS: Final = "\u2010\u2011"
"""The hyphens of ``_COMPOUND`` that are not in ASCII."""
_COMPOUND: Final = regex(r"(?<![^\W_])[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
_DOTTED: Final = regex(r"\.([^\W\d_][^\W_]*)")


def folded(text: str) -> str:
    """A text as it is searched: LaTeX as Unicode, folded, one line."""
    return fold(latex_to_text(text)).replace("\n", " ")


def word_counts(text: str) -> dict[str, int]:
    """The words of a folded text, and how often each is there.

    Each compound is a word, too, once, and so is what follows a dot, with the dot:
    ``fine-tuning`` is fine, tuning and finetuning, and ``asp.net`` is asp, net and .net.

    Args:
        text: A result of ``folded``.
    """
    counts = Counter(search_words(text))
    more: list[str] = []
    for word in _DOTTED.findall(text):
        more += word, f".{word}"
    for hyphen in _OTHER_HYPHENS:
        text = text.replace(hyphen, "-")
    for part in text.split(" "):
        if "-" in part:
            more += ("".join(words(compound)) for compound in _COMPOUND.findall(part))
    for word in more:
        counts.setdefault(word, 1)
    return counts


def emphasized(title: Mapping[str, int], abstract: Mapping[str, int]) -> list[str]:
    """The words that the abstract of a paper repeats, or that are in its title alone.

    Args:
        title: The words of the title, and how often each is there.
        abstract: Those of the abstract.
    """
    repeated = [word for word, count in abstract.items() if count > 1]
    return [*repeated, *(word for word in title if word not in abstract)]


def without_compounds(text: str) -> str:
    """A folded text without what is written with a hyphen."""
    return _COMPOUND.sub(" ", text)


def spelling(text: str, word: str) -> str:
    """A word as a folded text has it: ``in-context`` for incontext; the word if it does not."""
    if word not in text:
        for compound in _COMPOUND.findall(text):
            if "".join(words(compound)) == word:
                return str(compound)
    return word


def texts_of(record: Mapping[str, Any] | None) -> list[str | Sequence[str]]:
    """The texts of a paper's JSON record, in the order of ``SEARCHED``; empty ones for ``None``."""
    names = (field.row.path.removeprefix("paper.") for field in SEARCHED)
    return [(record.get(name) if record else None) or "" for name in names]


class Segment:
    """The words and texts of consecutive rows."""

    def __init__(
        self,
        base: int,
        postings: Mapping[Field, Postings],
        emphasis: Runs,
        texts: Mapping[Field, StringColumn],
    ) -> None:
        self.base = base
        self.postings = postings
        self.emphasis = emphasis
        """The papers in which words are emphasized; see ``emphasized``."""
        self.texts = texts

    @classmethod
    def of(cls, base: int, papers: Iterable[Sequence[str | Sequence[str]]]) -> "Segment":
        """Indexes the texts of papers. Cost: 0.2 ms per paper.

        Args:
            base: The row of the first paper.
            papers: The texts of each paper, in the order of ``SEARCHED``.
        """
        texts: dict[Field, list[str]] = {field: [] for field in SEARCHED}
        runs = {field: _no_runs() for field in SEARCHED}
        emphasis = _no_runs()
        for row, paper in enumerate(papers):
            counts: dict[Field, dict[str, int]] = {}
            for field, text in zip(SEARCHED, paper, strict=True):
                several = [text] if isinstance(text, str) else text
                texts[field].append("\t".join(map(folded, several)))
                counts[field] = word_counts(texts[field][-1])
                _add(runs[field], row, counts[field])
            _add(emphasis, row, emphasized(counts[Field.TITLE], counts[Field.ABSTRACT]))
        width = len(texts[Field.TITLE])
        return cls(
            base,
            {field: Postings.of(Runs.of(own), width) for field, own in runs.items()},
            Runs.of(emphasis),
            {field: StringColumn.of(own) for field, own in texts.items()},
        )

    def __len__(self) -> int:
        return self.postings[Field.TITLE].width

    def runs(self, field: Field | None) -> Runs:
        """The words of a field, each with its papers; for ``None``, those that emphasize it."""
        return self.emphasis if field is None else self.postings[field].runs

    def columns(self) -> dict[str, Column]:
        """Everything, for a cache file."""
        columns: dict[str, Column] = {"base": array("I", [self.base, len(self)])}
        for field in SEARCHED:
            columns |= self.postings[field].columns(field)
            columns[f"{field}.text"] = self.texts[field].blob
            columns[f"{field}.ends"] = memoryview(self.texts[field].ends)
        return columns | self.emphasis.columns(_EMPHASIS)

    @classmethod
    def from_columns(cls, columns: Mapping[str, memoryview]) -> "Segment":
        """Restores what ``columns`` returned."""
        base, width = columns["base"]
        return cls(
            base,
            {field: Postings.from_columns(width, field, columns) for field in SEARCHED},
            Runs.from_columns(_EMPHASIS, columns),
            {
                field: StringColumn(columns[f"{field}.text"], columns[f"{field}.ends"])
                for field in SEARCHED
            },
        )


def _no_runs() -> defaultdict[str, Array]:
    return defaultdict(lambda: array("I"))


def _add(runs: Mapping[str, Array], row: int, words: Iterable[str]) -> None:
    for word in words:
        runs[word].append(row)


class WordIndex:
    """The words of all papers: one large segment, and one with what was added since."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        """Takes segments that cover all rows in order."""
        self.segments = tuple(segments)

    def __len__(self) -> int:
        return sum(map(len, self.segments))

    def precompute(self) -> None:
        """Computes in advance what corrections and parts of words need."""
        for _, postings in self._postings(Field.ANY):
            postings.precompute()

    def with_prefix(self, field: Field, prefix: str) -> int:
        """The papers with a word with a prefix in a field."""
        return self._union(field, lambda postings: postings.with_prefix(prefix))

    def having(self, field: Field, word: str) -> int:
        """The papers with exactly this word in a field."""
        return self._union(field, lambda postings: postings.having(word))

    def containing(self, field: Field, piece: str) -> int:
        """At least the papers with a word in a field that contains these letters."""
        return self._union(field, lambda postings: postings.containing(piece))

    def with_part(self, field: Field, piece: str) -> int:
        """The papers with a word in a field that contains these letters."""
        return self._union(field, lambda postings: postings.with_part(piece))

    def _union(self, field: Field, search: Callable[[Postings], int]) -> int:
        bits = 0
        for base, postings in self._postings(field):
            bits |= search(postings) << base
        return bits

    def frequencies(self, word: str, fields: Iterable[Field]) -> list[int]:
        """The numbers of papers with a word in each of some fields."""
        return [
            sum(len(segment.runs(field).with_word(word)) for segment in self.segments)
            for field in fields
        ]

    def sizes(self, fields: Iterable[Field]) -> list[int]:
        """The number of bytes of some texts of each paper together."""
        ends = [[(0, *s.texts[field].ends) for s in self.segments] for field in fields]
        sizes = [[end - start for e in each for start, end in pairwise(e)] for each in ends]
        return list(map(sum, zip(*sizes, strict=True)))

    def runs(self, word: str, field: Field | None) -> Iterator[Sequence[int]]:
        """The papers with exactly this word in a field, or for ``None`` those that emphasize it."""
        for segment in self.segments:
            base, rows = segment.base, segment.runs(field).with_word(word)
            yield [base + row for row in rows] if base else rows

    def all_runs(self, field: Field | None) -> Iterator[tuple[str, Sequence[int]]]:
        """All words of a field, as in ``runs``, each with its papers; a word may come again."""
        for segment in self.segments:
            base = segment.base
            for word, rows in segment.runs(field):
                yield word, [base + row for row in rows] if base else rows

    def titled(self, word: str, most: int) -> list[int]:
        """The papers with exactly this word in the title, ascending; none if more than ``most``."""
        runs = list(self.runs(word, Field.TITLE))
        return list(chain.from_iterable(runs)) if sum(map(len, runs)) <= most else []

    def nearest_words(self, field: Field, word: str) -> list[str]:
        """The words in place of one that begins none: words it is a part of, else the nearest.

        The words that it is a part of come most frequent first; the nearest ones are all at the
        same distance, and are meant as well where they are far more frequent: ``tsk`` is a slip of
        task, though it is a part of first-of-its-kind.
        """
        all_postings = [postings for _, postings in self._postings(field)]
        parts: Counter[str] = Counter()
        if len(word) >= MIN_PART:
            for postings in all_postings:
                parts.update(dict(postings.words_with_part(word)))
        least_frequent = _MEANT * parts.total()
        if least_frequent <= len(self):
            nearby = list(chain.from_iterable(p.nearest(word) for p in all_postings))
            least = min((distance for _, distance in nearby), default=0)
            words = dict.fromkeys(other for other, distance in nearby if distance == least)
            if (
                sum(len(p.runs.with_word(other)) for other in words for p in all_postings)
                >= least_frequent
            ):
                return list(words)
        return [other for other, _ in parts.most_common()]

    def text(self, field: Field, row: int) -> bytes:
        """The folded text of a field of a paper, UTF-8; authors are separated by tabs."""
        for segment in self.segments:
            if row - segment.base < len(segment):
                return segment.texts[field][row - segment.base]
        return b""

    def _postings(self, field: Field) -> Iterator[tuple[int, Postings]]:
        fields = SEARCHED if field is Field.ANY else (field,) if field in SEARCHED else ()
        for segment in self.segments:
            yield from zip(repeat(segment.base), map(segment.postings.__getitem__, fields))
