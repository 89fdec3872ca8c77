"""Pairs of records that are one paper, and pairs that are two, made from real titles.

Each mutation changes a title that it applies to, and is tried on several titles of the shipped
corpus; the rest are pairs in which the title alone does not decide.
"""

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from tui.model.identifiers import arxiv_id, doi
from tui.model.paper import SourceRecord
from tui.model.text import normalize

Pair = tuple[str, SourceRecord, SourceRecord]
"""What differs, and the two records."""

CORPUS: Final = Path(__file__).parents[2] / "data" / "corpus.json"
TITLES: Final = tuple(sorted({paper["title"] for paper in json.loads(CORPUS.read_text("utf-8"))}))
PER_MUTATION: Final = 4
"""The number of titles on which each mutation is tried."""


def _replaced(pattern: str, replacement: str, count: int = 0) -> Callable[[str], str]:
    return lambda title: re.sub(pattern, replacement, title, count=count)


SAME: Final[dict[str, Callable[[str], str]]] = {
    "hyphens as blanks": _replaced("(?<=[a-z])-(?=[A-Za-z])", " "),
    "hyphens dropped": _replaced("(?<=[a-z])-(?=[a-z])", ""),
    "non-breaking hyphens": _replaced("(?<=[a-z])-(?=[A-Za-z])", "\u2011"),
    "a blank after a hyphen, as at the end of a line": _replaced("(?<=[a-z])-(?=[A-Za-z])", "- "),
    "a colon as a dash": _replaced(": ", " \u2014 "),
    "a colon as a hyphen": _replaced(": ", " - "),
    "capitals": str.upper,
    "small letters": str.lower,
    "a trailing stop": lambda title: f"{title}.",
    "in quotes": lambda title: f"\u201c{title}\u201d",
    "in braces": lambda title: f"{{{title}}}",
    "and as &": _replaced(r"\band\b", "&", 1),
    "and as &amp;": _replaced(r"\band\b", "&amp;", 1),
    "and as \\&": _replaced(r"\band\b", r"\\&", 1),
    "italics": _replaced(r"^(\w+)", r"<i>\1</i>"),
    "tags of JATS": _replaced(r"(\w+)$", r"<jats:italic>\1</jats:italic>"),
    "escaped tags": _replaced(r"^(\w+)", r"&lt;b&gt;\1&lt;/b&gt;"),
    "ligatures": _replaced("fi", "\ufb01"),
    "a typewriter apostrophe": _replaced("'", "\u2019"),
    "no accents": lambda title: title.replace("á", "a").replace("ö", "o"),
    "accents in LaTeX": lambda title: title.replace("á", r"\'a").replace("ö", r"\"o"),
    "decomposed accents": lambda title: title.replace("á", "a\u0301").replace("ö", "o\u0308"),
    "small capitals in LaTeX": _replaced(r"^(\w+)", r"\\textsc{\1}"),
    "soft hyphens": lambda title: normalize(title.replace("tion", "\u00adtion")),
    "full-width letters": _replaced("LLM", "\uff2c\uff2c\uff2d"),
    "double blanks": lambda title: normalize(title.replace(" ", "\u00a0 ")),
}
"""Ways to write the same title, by what they do."""

OTHER: Final[dict[str, Callable[[str], str]]] = {
    "part I": lambda title: f"{title}: Part I",
    "part 1": lambda title: f"{title}, Part 1",
    "version 2": lambda title: f"{title} v2",
    "a word less": _replaced(r"^\S+ ", ""),
    "not": lambda title: f"{title}? Not So Fast",
    "revisited": lambda title: f"{title} Revisited",
    "another year": lambda title: f"{title} 2025",
    "C++": lambda title: f"{title} in C++",
    "an emoji": lambda title: f"\U0001f680 {title}",
    "few is zero": _replaced("(?i)few-shot", "Zero-Shot"),
    "large is small": _replaced("Large", "Small"),
    "is is is not": _replaced(r"\b(is|are)\b", r"\1 not", 1),
}
"""Changes after which it is the title of another paper."""

SAME_TITLES: Final = (
    ("CO<sub>2</sub> Capture with Language Models", "CO2 Capture with Language Models"),
    ("CO$_2$ Capture with Language Models", "CO\u2082 Capture with Language Models"),
    ("H$_2$O: Heavy-Hitter Oracle", "H2O: Heavy Hitter Oracle"),
    ("H_2O: Heavy-Hitter Oracle", "H\u2082O: Heavy-Hitter Oracle"),
    ("Attention in n\u00b2 Steps", "Attention in n^2 Steps"),
    ("Attention in $n^2$ Steps", "Attention in n<sup>2</sup> Steps"),
    ("Scaling to 10\u2075 Tokens", "Scaling to $10^5$ Tokens"),
    ("Scaling to 10<sup>5</sup> Tokens", "Scaling to 10^5 Tokens"),
    ("Scaling to 10,000 Papers", "Scaling to 10000 Papers"),
    ("\u03a3-Mem: Memory for Agents", r"$\Sigma$-Mem: Memory for Agents"),
    ("\u03a3-Mem: Memory for Agents", "Sigma-Mem: Memory for Agents"),
    ("\u03b2-Catenin in Transformers", "beta-Catenin in Transformers"),
    ("TNF\u03b1 Prediction", "TNF-alpha Prediction"),
    ("\u03bcP: Tuning Large Networks", r"$\mu$P: Tuning Large Networks"),
    ("A Bound on \u03b5-Greedy Policies", "A Bound on \u03f5-Greedy Policies"),
    (r"Schr\"odinger Bridges for Text", "Schr\u00f6dinger Bridges for Text"),
    (r"Erd\H{o}s Problems and Proofs", "Erd\u0151s Problems & Proofs"),
    (r"An R\&D Agent", "An R&amp;D Agent"),
    ("An R & D Agent", "An R&D Agent"),
    ("A* Search with Transformers", "$A^*$ Search with Transformers"),
    ("A\u2217 Search with Transformers", "A$^{*}$ Search with Transformers"),
    ("C\u266f Program Repair", "C# Program Repair"),
    ("Image \u2192 Text \u2192 Image", "Image -> Text -> Image"),
    (r"Image $\to$ Text", "Image \u2192 Text"),
    ("I \u2764\ufe0f Tokens", "I \u2764 Tokens"),
    ("Foo\u2122: A Model", "Foo: A Model"),
    ("N\u00d7N Attention", "N x N Attention"),
    ("N \u2265 3 Agents", r"N $\geq$ 3 Agents"),
    ("N \u2265 3 Agents", "N >= 3 Agents"),
    ("A 1/2-Approximation", "A \u00bd-Approximation"),
    ("GPT\u20113.5 and Llama 3.1", "GPT-3.5 & Llama-3.1"),
    ("\u6df1\u5ea6\u5b66\u4e60\uff1a\u7efc\u8ff0", "\u6df1\u5ea6\u5b66\u4e60: \u7efc\u8ff0"),
    ("<mml:math><mml:mi>k</mml:mi></mml:math>-NN Search", "k-NN Search"),
    ("Large-Scale\u2013Small-Scale Transfer", "Large-scale - small-scale transfer"),
    ("``Why'' Models Fail", "\u201cWhy\u201d Models Fail"),
)

OTHER_TITLES: Final = (
    ("Finding Bugs in C++ Programs", "Finding Bugs in C# Programs"),
    ("Finding Bugs in C++ Programs", "Finding Bugs in C Programs"),
    ("Finding Bugs in C# Programs", "Finding Bugs in C Programs"),
    ("F# Program Synthesis", "F Program Synthesis"),
    ("A* Search with Transformers", "A Search with Transformers"),
    ("Q* Planning", "Q Planning"),
    ("LoRA+: Better Adapters", "LoRA: Better Adapters"),
    ("GPT4+ as a Judge", "GPT4 as a Judge"),
    ("When x > y in Language Models", "When x < y in Language Models"),
    ("N \u2265 3 Agents", "N \u2264 3 Agents"),
    ("N = 3 Agents", "N \u2260 3 Agents"),
    ("On Sets: Part I", "On Sets: Part II"),
    ("On Sets, Part 1", "On Sets, Part 2"),
    ("On Sets (III)", "On Sets (IV)"),
    ("Llama 3.1 Explained", "Llama 31 Explained"),
    ("Qwen2.5 Technical Report", "Qwen25 Technical Report"),
    ("Qwen2 Technical Report", "Qwen3 Technical Report"),
    ("Qwen2.5 Technical Report", "Qwen2 Technical Report"),
    ("GPT-4 Technical Report", "GPT-4o Technical Report"),
    ("Attention in n^2 Steps", "Attention in n^3 Steps"),
    ("Scaling to 10^5 Tokens", "Scaling to 105 Tokens"),
    ("Scaling to 10\u2075 Tokens", "Scaling to 10\u2076 Tokens"),
    ("TREC 2023 Overview", "TREC 2024 Overview"),
    ("Layers 1-2 of a Transformer", "Layers 12 of a Transformer"),
    ("Image \u2192 Text", "Image \u2190 Text"),
    ("Image -> Text", "Image Text"),
    ("I \u2764 Tokens", "I \U0001f494 Tokens"),
    ("\u03b1-Fair Ranking", "\u03b2-Fair Ranking"),
    ("\u0394-Tuning", "\u03b4\u03b4-Tuning"),
    ("\u6df1\u5ea6\u5b66\u4e60\u7efc\u8ff0", "\u6df1\u5ea6\u5b66\u4e60\u7efc\u8ff0\u4e8c"),
    ("Learning to Rank with Labels", "Learning to Rank without Labels"),
    ("Supervised Ranking", "Unsupervised Ranking"),
    ("\u2202-Nets", "\u2207-Nets"),
    ("P \u2227 Q", "P \u2228 Q"),
)


def record(title: str, **facts: object) -> SourceRecord:
    """A record of a page that has this title; ``arxiv`` and ``doi`` in any spelling."""
    if isinstance(spelling := facts.pop("id", None), str):
        facts["arxiv"], facts["arxiv_version"] = arxiv_id(spelling) or (None, None)
        facts["doi"] = doi(spelling)
    return SourceRecord(normalize(title), None, "a.txt", 1, **facts)  # type: ignore[arg-type]


def _mutated(mutations: dict[str, Callable[[str], str]]) -> Iterator[Pair]:
    for name, mutation in mutations.items():
        changed = ((title, mutation(title)) for title in TITLES)
        for title, other in islice(((a, b) for a, b in changed if a != b), PER_MUTATION):
            yield name, record(title), record(other)


def one() -> Iterator[Pair]:
    """Pairs that are one paper."""
    yield from _mutated(SAME)
    for title, other in SAME_TITLES:
        yield "spelling", record(title), record(other)
    title, other = TITLES[:2]
    for name, first, second in (
        ("versions", "2405.01234v1", "arXiv:2405.01234v3 [cs.CL]"),
        ("addresses", "https://arxiv.org/abs/2405.01234", "arxiv.org/pdf/2405.01234v2.pdf"),
        ("DOI of arXiv", "10.48550/arXiv.2405.01234", "2405.01234"),
        ("old id", "math.GT/0309136", "https://arxiv.org/abs/math/0309136v2"),
        ("DOI", "https://doi.org/10.1145/ABC", "doi:10.1145/abc"),
    ):
        yield f"{name}, retitled", record(title, id=first), record(other, id=second)
        yield name, record(title, id=first), record(title, id=second)
    yield "preprint and journal", record(title, id="2405.01234"), record(title, id="10.1145/abc")
    yield (
        "DOI of arXiv and journal",
        record(title, id="10.48550/arXiv.2405.01234"),
        record(title, id="10.1145/abc"),
    )
    yield "with and without an id", record(title, id="2405.01234"), record(title)


def two() -> Iterator[Pair]:
    """Pairs that are two papers."""
    yield from _mutated(OTHER)
    for title, other in OTHER_TITLES:
        yield "title", record(title), record(other)
    for title in TITLES[:3]:
        yield "arXiv ids", record(title, id="2405.01234"), record(title, id="2405.01235")
        yield "DOIs", record(title, id="10.1145/abc"), record(title, id="10.1145/abd")
        yield "old ids", record(title, id="math/0309136"), record(title, id="math/0309137")
