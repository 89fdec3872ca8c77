"""What a text is that no importer takes, so that an error can name it."""

import re
from operator import itemgetter
from typing import Final, NamedTuple


class Kind(NamedTuple):
    """A kind of text."""

    name: str
    """As in "this looks like ...". """
    hint: str = ""
    """What to do with it instead; a sentence."""


_EXPORTED: Final = re.compile(
    r"(?m)^[ \t>]*(?:<!-- papers-tui:begin -->|(?:[-*+]|\d{1,9}[.)])[ \t].*<!-- pt:[\w-]+ -->)"
)
"""At the beginning of a line, or after an item: a note in JSON may speak of such comments."""
_COMMENT: Final = "<!-- p"
"""How both comments of ``_EXPORTED`` begin."""
_LINES: Final = 200
"""Lines by which a text is recognized."""
_ONE_PAPER: Final = re.compile(
    r"^[^\w\n]{0,40}(?:Models|Datasets|Spaces) citing this paper\b", re.M
)
"""What only the page of one paper on Hugging Face has."""
_KINDS: Final[tuple[tuple[str, Kind], ...]] = (
    (r"\A\s*(?:\{\s*\"|\[\s*[\[{\"])", Kind("JSON")),
    (r"\A\s*<\?xml|\A\s*<(?:rss|feed)\b", Kind("XML")),
    (r"(?m)^Traceback \(most recent call last\):", Kind("a traceback")),
    (r"(?m)^diff --git |^@@ -\d+(?:,\d+)? \+\d+", Kind("a patch")),
    (r"\A#!|(?m:^(?:from [\w.]+ import |import [\w.]+$|def \w+\(|class \w+[(:]))", Kind("code")),
    (
        r"(?m)^[^\S\n]*(?:#include\s*[<\"]|package \w+;|use [\w:]+;|function \w+\(|const \w+ = )",
        Kind("code"),
    ),
    (
        r"(?im)^[^\S\n]*(?:the )?(?:MIT|BSD|Apache|GNU|Mozilla|ISC)\b.{0,60}\blicen[cs]e\b|"
        r"permission is hereby granted|terms and conditions for (?:use|copying)",
        Kind("a licence"),
    ),
    (r"\A(?:[^\n]*\n){0,3}[^\n]*\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d", Kind("a log")),
    (r"(?m)\A(?:[A-Z][\w-]+: .*\n){3,}", Kind("a mail")),
    (r"(?m)^arXiv:\d{4}\.\d{4,5}|^Submissions received from", Kind("a listing of arXiv")),
    (r"\A[^\n,;\t]+(?:[,;\t][^\n,;\t]+)+(?:\n[^\n,;\t]*[,;\t][^\n]*)+\n?\Z", Kind("a table (CSV)")),
    (r"(?m)^#{1,3} |^[^\S\n]*[-*] \[[ x]\] ", Kind("Markdown")),
)
_SAVE: Final = "Save the page as HTML, or as text (select all, copy), and import that."
_ENOUGH: Final = 3
"""Signs of a markup from which a text is in it; fewer may be spoken of."""
_MARKUPS: Final[tuple[tuple[str, str], ...]] = (
    ("Org", r"^[^\S\n]*:(?:PROPERTIES|CUSTOM_ID|END):|\[\[[^\[\]\n]+\]\[|^#\+\w+:"),
    ("reStructuredText", r"^[^\S\n]*\.\. (?:\|\w+\| )?[a-z-]+::|^[^\S\n]*:name: |<[^<>\s]+>`__?"),
    (
        "Jira markup",
        r"\{(?:anchor|panel|color|quote|noformat)\b[^{}\n]*\}"
        r"|\[[^\[\]|\n]*\|(?:/|https?:)[^\[\]\n]*\]",
    ),
    ("Textile", r"^h[1-6](?:\([^()\n]*\))?\. |\"[^\"\n]*\":(?:/|https?:)"),
    (
        "AsciiDoc",
        r"\b(?:link|image):{1,2}\S{0,1000}\[|https?://[^\s\[\]()]{1,1000}\[[^\[\]\n]+\]|\{blank\}"
        r"|^={2,6} \S.*[^=\s]$|^'''$|^\[\.\w+\]",
    ),
    (
        "wiki markup",
        r"\[\[(?:(?!>>)[^\[\]\n|])*(?:\||>>)[^\[\]\n]*\]\]|\[https?://\S{1,1000} [^\[\]\n]+\]"
        r"|^(={2,6}) ?\S.*\S ?\1$|\{\{[^{}\n]+\}\}|<<[^<>\n]+>>",
    ),
    (
        "roff, as manual pages are",
        r"^\.(?:TH|SH|SS|IP|PP|TP|LP|RS|RE|QS|QE|br|nf|fi|pdfhref)\b|\\\[(?:bu|pc)\]",
    ),
    ("Texinfo", r"^@(?:node|chapter|(?:sub)*section|itemize|item|end|uref|anchor)\b"),
    (
        "TeX",
        r"^[^\S\n]*\\(?:begin|end|item|(?:sub)*section|hypertarget|href|tightlist|start\w+|stop\w+"
        r"|useURL)\b",
    ),
    (
        "XML",
        r"^[^\S\n]*</?(?:sec|sect\d|para|simpara|itemizedlist|listitem|list-item|ext-link|item|ref|hi)\b",
    ),
    ("Markua", r"^\{(?:id|class): "),
)
"""Markups that pages are converted to and that are not read, each with its signs."""


def is_exported(text: str) -> bool:
    """Whether a text is a list of papers that this program wrote."""
    return _COMMENT in text and _EXPORTED.search(text) is not None  # to look for it is fast


def is_one_paper(text: str) -> bool:
    """Whether a text is the page of one paper, whose discussion names others."""
    return _ONE_PAPER.search(text) is not None


def markup_of(text: str) -> Kind | None:
    """The markup, other than Markdown and HTML, that a text is in by its first lines."""
    head = _head(text)
    counts = [(len(re.findall(signs, head, re.M)), name) for name, signs in _MARKUPS]
    count, name = max(counts, key=itemgetter(0))
    return Kind(name, _SAVE) if count >= _ENOUGH else None


def kind_of(text: str) -> Kind | None:
    """The kind of a text, by its first lines; ``None`` if it is nothing in particular."""
    if is_exported(text):
        return Kind(
            "a list exported by papers-tui", "papers-tui pull takes over what was changed in it."
        )
    if is_one_paper(text):
        return Kind("the page of one paper", "papers-tui add adds it by its arXiv identifier.")
    head = _head(text)
    named = (kind for pattern, kind in _KINDS if re.search(pattern, head))
    return markup_of(text) or next(named, None)


def _head(text: str) -> str:
    return "\n".join(text.split("\n", _LINES)[:_LINES])[:20_000]
