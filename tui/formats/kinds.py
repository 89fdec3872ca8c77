"""What a text is that no importer takes, so that an error can name it."""

import re
from typing import Final, NamedTuple


class Kind(NamedTuple):
    """A kind of text."""

    name: str
    """As in "this looks like ...". """
    hint: str = ""
    """What to do with it instead; a sentence."""


_EXPORTED: Final = re.compile(r"<!-- (?:papers-tui:begin|pt:[\w-]+) -->")
_LINES: Final = 200
"""Lines by which a text is recognized."""
_IDENTIFIER: Final = (
    r"(?:https?://\S+|(?:(?:doi|arxiv):[^\S\n]*)?(?:10\.\d{4,9}/\S+|\d{4}\.\d{4,5}(?:v\d+)?))"
)
_KINDS: Final[tuple[tuple[str, Kind], ...]] = (
    (
        rf"(?i)\A(?=\s*\S)(?:[^\S\n]*(?:{_IDENTIFIER}[^\S\n]*)?(?:\n|\Z))+\Z",
        Kind(
            "a list of identifiers",
            "A paper needs a title. Save what https://export.arxiv.org/api/query?id_list=ID,ID "
            "answers, and import that.",
        ),
    ),
    (r"(?m)^@[A-Za-z]+\s*[{(]\s*[^\s,=]+\s*,", Kind("BibTeX", "Export it as RIS or CSL-JSON.")),
    (r"\A\s*(?:\{\s*\"|\[\s*[\[{\"])", Kind("JSON")),
    (r"\A\s*<\?xml|\A\s*<(?:rss|feed)\b", Kind("XML")),
    (r"(?m)^Traceback \(most recent call last\):", Kind("a traceback")),
    (r"(?m)^diff --git |^@@ -\d+(?:,\d+)? \+\d+", Kind("a patch")),
    (r"\A#!|(?m:^(?:from [\w.]+ import |import [\w.]+$|def \w+\(|class \w+[(:]))", Kind("code")),
    (
        r"(?m)^\s*(?:#include\s*[<\"]|package \w+;|use [\w:]+;|function \w+\(|const \w+ = )",
        Kind("code"),
    ),
    (
        r"(?im)^\s*(?:the )?(?:MIT|BSD|Apache|GNU|Mozilla|ISC)\b.{0,60}\blicen[cs]e\b|"
        r"permission is hereby granted|terms and conditions for (?:use|copying)",
        Kind("a licence"),
    ),
    (r"\A(?:[^\n]*\n){0,3}[^\n]*\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d", Kind("a log")),
    (r"(?m)\A(?:[A-Z][\w-]+: .*\n){3,}", Kind("a mail")),
    (r"(?m)^arXiv:\d{4}\.\d{4,5}|^Submissions received from", Kind("a listing of arXiv")),
    (r"\A[^\n,;\t]+(?:[,;\t][^\n,;\t]+)+\n(?:[^\n]*[,;\t][^\n]*\n?)+\Z", Kind("a table (CSV)")),
    (r"(?m)^#{1,3} |^\s*[-*] \[[ x]\] ", Kind("Markdown")),
)


def is_exported(text: str) -> bool:
    """Whether a text is a list of papers that this program wrote."""
    return _EXPORTED.search(text) is not None


def kind_of(text: str) -> Kind | None:
    """The kind of a text, by its first lines; ``None`` if it is nothing in particular."""
    if is_exported(text):
        return Kind("a list exported by papers-tui", "Import the pages that its papers are from.")
    head = "\n".join(text.split("\n", _LINES)[:_LINES])[:20_000]
    return next((kind for pattern, kind in _KINDS if re.search(pattern, head)), None)
