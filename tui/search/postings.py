"""The words of each field and the papers that have them; and the folded texts they stand in.

A word's papers are a run of row numbers, the runs stand in the order of the alphabet, and so what
begins with some letters is one run too. Large sets that a prefix may ask for are made beforehand.
"""

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, repeat
from typing import Final

from tui.model.text import fold, latex_to_text, words
from tui.query import Field
from tui.search.bitset import bits_of
from tui.search.cache_file import Array, Column, Numbers, StringColumn

MIN_CORRECTED: Final = 4
"""Letters from which on a word that matches nothing is corrected; shorter ones mean too much."""

SEARCHED: Final = (Field.TITLE, Field.ABSTRACT, Field.AUTHOR)
_KEPT: Final = 400
"""Sets that are kept once they were asked for; 12 kB each where there are 100,000 papers."""
_LAST: Final = "\U0010ffff"
_HYPHENS: Final = frozenset("-\u2010\u2011")
_DOUBLED: Final = re.compile(r"(.)\1+")
_COMPOUND: Final = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")


def folded(text: str) -> str:
    """A text as it is searched: readable, no case, no accents, in one line."""
    return fold(latex_to_text(text)).replace("\n", " ")


def text_words(text: str) -> set[str]:
    """The words of a folded text, and each compound as one word besides: fine, tuning, finetuning.

    Args:
        text: As ``folded`` gives it.
    """
    found = set(words(text))
    for part in text.split(" "):
        if not _HYPHENS.isdisjoint(part):
            found.update("".join(words(compound)) for compound in _COMPOUND.findall(part))
    return found


class Postings:
    """For each word of one field, the papers that have it; and the words in order."""

    def __init__(
        self,
        width: int,
        vocabulary: list[str],
        starts: Numbers,
        rows: Numbers,
        wide: Mapping[tuple[int, int], bytes | memoryview],
    ) -> None:
        """Takes what ``of`` or ``from_columns`` made.

        Args:
            width: How many papers there are.
            vocabulary: The words, sorted.
            starts: Where the run of each word begins, and where the last ends.
            rows: The runs.
            wide: The large sets, by first word and the one behind the last.
        """
        self.width = width
        self.vocabulary = vocabulary
        self._starts = starts
        self._rows = rows
        self._wide = wide
        self._kept: dict[tuple[int, int], int] = {}

    @classmethod
    def of(cls, documents: Iterable[Iterable[str]], width: int) -> "Postings":
        """Gathers the words of documents, one a row. Cost: linear in all words."""
        runs: defaultdict[str, Array] = defaultdict(lambda: array("I"))
        for row, found in enumerate(documents):
            for word in found:
                runs[word].append(row)
        vocabulary = sorted(runs)
        starts = array("I", accumulate((len(runs[word]) for word in vocabulary), initial=0))
        rows = array("I", chain.from_iterable(map(runs.__getitem__, vocabulary)))
        made = cls(width, vocabulary, starts, rows, {})
        size = width // 8 + 1
        made._wide = {
            (low, high): bits_of(width, rows[starts[low] : starts[high]]).to_bytes(size, "little")
            for low, high in made._wide_ranges(max(width // 4, 1_000))
        }
        return made

    def _wide_ranges(self, limit: int) -> Iterator[tuple[int, int]]:
        """Runs of words that one prefix can ask for and that stand in many papers, and words."""
        starts, vocabulary = self._starts, self.vocabulary
        found: set[tuple[int, int]] = set()
        waiting = [(0, len(vocabulary), 0)]
        while waiting:
            place, high, depth = waiting.pop()
            while place < high:
                word = vocabulary[place]
                if len(word) <= depth:
                    if starts[place + 1] - starts[place] > limit:
                        found.add((place, place + 1))
                    place += 1
                    continue
                end = bisect_left(vocabulary, word[: depth + 1] + _LAST, place, high)
                if starts[end] - starts[place] > limit:
                    found.add((place, end))
                    waiting.append((place, end, depth + 1))
                place = end
        return iter(sorted(found))

    def with_prefix(self, prefix: str) -> int:
        """The set of the papers with a word that begins so."""
        low = bisect_left(self.vocabulary, prefix)
        return self._between(low, bisect_left(self.vocabulary, prefix + _LAST, low))

    def having(self, word: str) -> int:
        """The set of the papers with exactly this word."""
        low = bisect_left(self.vocabulary, word)
        is_known = low < len(self.vocabulary) and self.vocabulary[low] == word
        return self._between(low, low + 1) if is_known else 0

    def rows(self, word: str) -> Sequence[int]:
        """The papers with exactly this word, rising."""
        low = bisect_left(self.vocabulary, word)
        is_known = low < len(self.vocabulary) and self.vocabulary[low] == word
        return self._rows[self._starts[low] : self._starts[low + 1]] if is_known else ()

    def containing(self, piece: str) -> int:
        """The papers with a word that has these letters anywhere. Cost: the whole vocabulary."""
        starts = self._starts
        places = [place for place, word in enumerate(self.vocabulary) if piece in word]
        if sum(starts[place + 1] - starts[place] for place in places) > 4 * self.width:
            return (1 << self.width) - 1  # nothing would be spared
        runs = (self._rows[starts[place] : starts[place + 1]] for place in places)
        return bits_of(self.width, chain.from_iterable(runs))

    def _between(self, low: int, high: int) -> int:
        if low == high:
            return 0
        bits = self._kept.get((low, high))
        if bits is None:
            wide = self._wide.get((low, high))
            if wide is not None:
                bits = int.from_bytes(wide, "little")
            else:
                bits = bits_of(self.width, self._rows[self._starts[low] : self._starts[high]])
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[low, high] = bits
        return bits

    def near(self, word: str) -> list[tuple[str, int]]:
        """The nearest words, with the edits between: one, or two in words of eight letters.

        Among equals, letters that changed places or were not doubled are likelier than others.
        Those that begin or end alike are looked at first; only when none is near, all that begin
        with the same letter. Cost: some milliseconds for 200,000 words.
        """
        if len(word) < MIN_CORRECTED:
            return []
        edits = 1 if len(word) < 8 else 2
        found = self._alike(word, edits)
        if not found and edits > 1:
            found = self._close(word, _beginning(self.vocabulary, word[0]), edits)
        slips = [each for each in found if _is_slip(word, each[0])]
        return slips or found

    def _alike(self, word: str, edits: int) -> list[tuple[str, int]]:
        """Near words that share the first or the last part: one edit leaves at least one."""
        part = len(word) // (edits + 1)
        found = self._close(word, _beginning(self.vocabulary, word[:part]), edits)
        backwards = word[::-1]
        ended = self._close(backwards, _beginning(self.backwards, backwards[:part]), edits)
        found += [(near[::-1], distance) for near, distance in ended]
        middle = len(word) // 2  # where two letters that changed places spoil both halves
        swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        if self.having(swapped):
            found.append((swapped, 1))
        return list(dict.fromkeys(found))

    @cached_property
    def backwards(self) -> list[str]:
        """The words with their letters from the last to the first, sorted."""
        return sorted(word[::-1] for word in self.vocabulary)

    def _close(self, word: str, choices: list[str], edits: int) -> list[tuple[str, int]]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return [(near, int(distance)) for near, distance, _ in found]

    def columns(self, name: str) -> dict[str, Column]:
        """All of it, to be kept in a file."""
        keys = array("I", chain.from_iterable(self._wide))
        return {
            f"{name}.words": "\n".join(self.vocabulary).encode(),
            f"{name}.starts": memoryview(self._starts),
            f"{name}.rows": memoryview(self._rows),
            f"{name}.wide": keys,
            f"{name}.bits": b"".join(self._wide.values()),
        }

    @classmethod
    def from_columns(cls, width: int, name: str, kept: Mapping[str, memoryview]) -> "Postings":
        """What ``columns`` gave."""
        text = str(kept[f"{name}.words"], "utf-8")
        keys, bits = kept[f"{name}.wide"], kept[f"{name}.bits"]
        size = width // 8 + 1
        wide = {
            (keys[2 * n], keys[2 * n + 1]): bits[n * size : (n + 1) * size]
            for n in range(len(keys) // 2)
        }
        vocabulary = text.split("\n") if text else []
        return cls(width, vocabulary, kept[f"{name}.starts"], kept[f"{name}.rows"], wide)


def _is_slip(typed: str, meant: str) -> bool:
    same = sorted(typed) == sorted(meant)
    return same or _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", meant)


def _beginning(ordered: list[str], prefix: str) -> list[str]:
    low = bisect_left(ordered, prefix)
    return ordered[low : bisect_left(ordered, prefix + _LAST, low)]


class Segment:
    """The words and texts of papers that stand one behind the other, from a first row on."""

    def __init__(
        self, base: int, postings: Mapping[Field, Postings], texts: Mapping[Field, StringColumn]
    ) -> None:
        """Takes what ``of`` or ``from_columns`` made."""
        self.base = base
        self.postings = postings
        self.texts = texts

    @classmethod
    def of(cls, base: int, texts: Iterable[tuple[str, str, Sequence[str]]]) -> "Segment":
        """Reads title, abstract and authors of papers. Cost: 0.1 ms a paper."""
        found: tuple[list[str], ...] = ([], [], [])
        for title, abstract, authors in texts:
            found[0].append(folded(title))
            found[1].append(folded(abstract))
            found[2].append("\t".join(map(folded, authors)))
        width = len(found[0])
        return cls(
            base,
            {
                field: Postings.of(map(text_words, told), width)
                for field, told in zip(SEARCHED, found, strict=True)
            },
            {field: StringColumn.of(told) for field, told in zip(SEARCHED, found, strict=True)},
        )

    def __len__(self) -> int:
        return self.postings[Field.TITLE].width

    def columns(self) -> dict[str, Column]:
        """All of it, to be kept in a file."""
        columns: dict[str, Column] = {"base": array("I", [self.base, len(self)])}
        for field in SEARCHED:
            columns |= self.postings[field].columns(field)
            columns[f"{field}.text"] = self.texts[field].blob
            columns[f"{field}.ends"] = memoryview(self.texts[field].ends)
        return columns

    @classmethod
    def from_columns(cls, kept: Mapping[str, memoryview]) -> "Segment":
        """What ``columns`` gave."""
        base, width = kept["base"]
        return cls(
            base,
            {field: Postings.from_columns(width, field, kept) for field in SEARCHED},
            {
                field: StringColumn(kept[f"{field}.text"], kept[f"{field}.ends"])
                for field in SEARCHED
            },
        )


class Words:
    """The words of all papers: one large segment, and one of what came since."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        """The segments follow each other without a gap."""
        self.segments = tuple(segments)

    def __len__(self) -> int:
        return sum(map(len, self.segments))

    def prepare(self) -> None:
        """Makes ready what only a misspelt word needs."""
        for _, postings in self._postings(Field.ANY):
            _ = postings.backwards

    def with_prefix(self, field: Field, prefix: str) -> int:
        """The papers with a word in a field that begins so."""
        bits = 0
        for base, postings in self._postings(field):
            bits |= postings.with_prefix(prefix) << base
        return bits

    def having(self, field: Field, word: str) -> int:
        """The papers with exactly this word in a field."""
        bits = 0
        for base, postings in self._postings(field):
            bits |= postings.having(word) << base
        return bits

    def containing(self, field: Field, piece: str) -> int:
        """The papers with a word in a field that has these letters anywhere, and maybe more."""
        bits = 0
        for base, postings in self._postings(field):
            bits |= postings.containing(piece) << base
        return bits

    def frequency(self, word: str) -> int:
        """In how many titles and abstracts a word stands."""
        return sum(len(postings.rows(word)) for _, postings in self._postings(Field.ABSTRACT))

    def rows(self, word: str) -> Iterator[int]:
        """The papers with exactly this word in title or abstract, some of them twice."""
        for base, postings in chain(self._postings(Field.TITLE), self._postings(Field.ABSTRACT)):
            yield from (base + row for row in postings.rows(word))

    def near(self, field: Field, word: str) -> list[str]:
        """The nearest words there are in a field, all at the same distance."""
        found = list(chain.from_iterable(p.near(word) for _, p in self._postings(field)))
        nearest = min((distance for _, distance in found), default=0)
        return list(dict.fromkeys(near for near, distance in found if distance == nearest))

    def text(self, field: Field, row: int) -> bytes:
        """The folded text of a field of a paper, UTF-8; authors are parted by tabs."""
        for segment in self.segments:
            if row - segment.base < len(segment):
                return segment.texts[field][row - segment.base]
        return b""

    def _postings(self, field: Field) -> Iterator[tuple[int, Postings]]:
        asked = SEARCHED if field is Field.ANY else (field,) if field in SEARCHED else ()
        for segment in self.segments:
            yield from zip(repeat(segment.base), map(segment.postings.__getitem__, asked))
