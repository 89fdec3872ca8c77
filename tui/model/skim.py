"""The highlights of an abstract: the sentence that says what the paper brings, and numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from tui.model.paper import CODE

Span = tuple[int, int]
"""Characters of a text, half-open."""

_END: Final = re.compile(r"""(?<=[.!?])["')\]]*\s+(?=["'(\[]?[A-Z0-9])""")
_NO_END: Final = re.compile(
    r"(?:\bet al|\b[ei]\.?g|\bi\.e|\bvs|\bcf|\bFig|\bEq|(?:^|[\s.(])[A-Z])\.$"
)
_LEAST: Final = 1.0
"""The score below which no sentence says what a paper brings."""
_LATER: Final = 0.8
"""How much the last sentence loses against the first."""
_ACTS: Final = (
    "propos|introduc|present|design|investigat|develop|describ|study|studies|explor|releas|build|"
    "argue|analy[sz]|examin|address|create|construct|formulat|provid|offer|show|demonstrat|devis|"
    "revisit|conduct|adopt|benchmark|consider|seek|focus|aim|explain|attempt|prove"
)
_NAMING: Final = (
    "introduc|present|propos|provid|releas|develop|describ|design|build|create|construct"
)
"""Beginnings of verbs after which a name is that of what the paper brings."""
_WORK: Final = "(?:paper|work|article|report|survey|study|review|book|thesis)"
_GOALS: Final = "to (?:address|th(?:is|at) end|tackle|bridge|mitigate|overcome|solve)"
_SIGNS: Final = {
    "finds": (r"\bwe (?:also )?(?:find|shows?|demonstrate|observe|evaluate)\b", 2.0),
    "claims": (
        r"\b(?:we\b(?<!\bcan we)(?<!\bdo we)(?<!\bshould we)"
        rf"|(?:this|our) (?:\w+ ){{0,2}}?{_WORK}\b(?!\W+we\b))"
        rf"(?=(?:\W+(?!also|further|then|finally)\w+){{0,3}}?\W+(?:{_ACTS}))"
        rf"|^\W*here,? we\b|(?<=\bin this ){_WORK},? we\b",
        3.6,
    ),
    "names": (
        rf"\b(?=[bcdipr])(?:{_NAMING})\w*\s(?:(?:the\s)?"
        r"(?-i:[A-Z]\w*[A-Z0-9]\w*|[A-Z][\w-]*(?:\s[A-Z][\w-]*)*, (?:an?|the)\b)"
        r"|[^.;:()]{0,60}?\((?-i:[A-Z][\w-]*[A-Z0-9])\))",
        2.2,
    ),
    "here": (
        rf"\bin this (?={_WORK}\b)|^\W*(?:\w+\W+){{0,2}}our (?:work|paper|approach|method)\b",
        1.5,
    ),
    "new": (r"\b(?:the first|novel|new|called|named|dubbed|termed)\b", 0.6),
    "answers": (rf"\b{_GOALS}\b(?=[^.;]{{0,80}}, we\b)", 2.0),
    "aims": (rf"\b{_GOALS}\b", 0.5),
    "more": (
        r"\b(?:also|further|furthermore|additionally|finally|moreover|besides|in addition)\b",
        -1.2,
    ),
    "then": (r"^\W*(?:then|specifically)\b|(?<=\bwe )(?:first|next)\b", -0.4),
    "asks": (r"\?\W*$|\braises? the question\b", -2.0),
    "hopes": (r"\bwe hope\b", -3.0),
    "results": (r"\b(?:experiments?|experimental|results|outperforms?)\b", -0.8),
    "others": (r"^\W*(?:recent|however|although|while|despite|existing|prior)\b", -1.2),
    "link": (r"https?://|\bavailable at\b", -1.5),
}
"""By name, what tells that a sentence says what a paper brings, or not, and how much."""
_SIGN: Final = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, (pattern, _) in _SIGNS.items()), re.IGNORECASE
)
_BEGINS: Final = re.compile(rf"\W*this (?:\w+ ){{0,2}}?{_WORK}\b(?!\W+we\b)", re.IGNORECASE)
"""A sentence that begins so is about the paper itself; it counts as the sign ``here``."""
_NOT_COUNTED: Final = (
    "(?:a|achieves|across|against|and|are|as|at|by|compared|does|for|from|gives|has|have|improves|in|"
    "is|its|less|more|of|on|or|outperforms|over|performs|reaches|shows|than|that|the|this|through|"
    "thus|to|under|uses|using|versus|via|vs|was|were|when|where|which|while|with|within|without|"
    "yields)"
)
"""Words that do not go on with what a number counts: ``5 over baselines``."""
_NUMBER: Final = re.compile(
    r"""(?<![\w.$/@-])[~+\u2248<>]?\$?
        (?!(?:19|20)\d\d(?!\s?[%\w]))          # a year
        \d+(?:[.,]\d+)*
        (?:\s?(?:\\?%|\u00d7|x\b|[kKMBT]\b)|[-\u2013]\d+(?:\.\d+)?%?)?
        (?![\w)/]|-[a-z]|-?D\b)
        (?:\s(?:times|fold|billion|million|thousand|percent(?:age\spoints)?)\b)?
        (?:(?<!%)\s(?!OTHERS\b)                 # up to three words, the last one a plural
        (?:[A-Za-z][\w/-]*\s(?!OTHERS\b)){0,2}?[A-Za-z][\w-]*(?<![sui])s\b)?
        """.replace("OTHERS", _NOT_COUNTED),
    re.VERBOSE,
)


_MAX_NAME: Final = 40
"""Characters of a name that are looked at."""
_NAME: Final = re.compile(r"(?<![.!?]\s)\b[A-Z][\w-]*\s\Z")
"""Words after which a number belongs to a name: System 1, GPT 3.5."""


class Skim(NamedTuple):
    """The highlights of an abstract."""

    brings: Span | None
    """The sentence that says what the paper brings; ``None`` if none does so clearly."""
    numbers: tuple[Span, ...]
    """Numbers, each with its unit and what it counts; no years, none of names or enumerations."""
    code: tuple[Span, ...]
    """Addresses of code."""


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text."""
    start = 0
    for match in _END.finditer(text):
        if not _NO_END.search(text, start, match.start()):
            yield start, match.start()
            start = match.end()
    if start < len(text):
        yield start, len(text)


@lru_cache(16)  # a paper is drawn again whenever something about it changes
def skim(title: str, abstract: str) -> Skim:
    """The highlights of an abstract. Cost: 1 ms.

    Args:
        title: The paper's title, of which what is before a colon may be the name of what it brings.
        abstract: The text as it is shown.
    """
    name = title.partition(":")[0] if ":" in title else ""
    spans = list(sentences(abstract))
    scores = [
        _score(abstract[start:end], name) - _LATER * place / len(spans)
        for place, (start, end) in enumerate(spans)
    ]
    best = max(scores, default=0.0)
    brings = spans[scores.index(best)] if best >= _LEAST else None
    numbers = (match.span() for match in _NUMBER.finditer(abstract))
    return Skim(
        brings,
        tuple(span for span in numbers if not _is_of_name(abstract, span[0])),
        tuple(match.span() for match in re.finditer(CODE, abstract)),
    )


def _is_of_name(abstract: str, start: int) -> bool:
    """Whether a number belongs to a name before it."""
    return _NAME.search(abstract, max(0, start - _MAX_NAME), start) is not None


def _score(sentence: str, name: str) -> float:
    names = {match.lastgroup or "" for match in _SIGN.finditer(sentence)}
    if _BEGINS.match(sentence):
        names.add("here")
    return sum(_SIGNS[each][1] for each in names) + (1.0 if name and name in sentence else 0.0)
