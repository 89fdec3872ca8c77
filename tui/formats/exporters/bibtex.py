"""Papers as BibTeX records."""

import re
from collections.abc import Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import fold, sanitize, words

LABEL: Final = "BibTeX"
EXTENSIONS: Final = (".bib",)

# All special characters of TeX. BibTeX counts braces before TeX sees them, so only those that have
# their counterparts can be escaped; others are written by name, which pandoc drops.
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "_": r"\_",
        "%": r"\%",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def write(items: Sequence[Item], options: ExportOptions) -> str:
    """A record for each item."""
    return "".join(bibtex(item.paper) for item in items)


def bibtex(paper: Paper) -> str:
    """One ``@misc`` record, as BibTeX, biber, pandoc and Zotero read it."""
    fields = {"title": "{" + _tex(paper.display_title) + "}"}
    if paper.authors:
        fields["author"] = " and ".join(map(_author, paper.authors))
    if paper.published:
        fields["year"] = str(paper.published.year)
        fields["month"] = paper.published.strftime("%m").lstrip("0")
    if paper.arxiv:
        fields |= {"eprint": paper.arxiv, "archiveprefix": "arXiv"}
    if paper.doi:
        fields["doi"] = _tex(paper.doi)
    fields["url"] = paper.link
    if paper.abstract:
        fields["abstract"] = _tex(paper.display_abstract)
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{bibtex_key(paper)},\n{lines}\n}}\n"


def bibtex_key(paper: Paper) -> str:
    """A citation key: first author's last name, year, first word of the title, part of a hash."""
    family = words(paper.authors[0])[-1:] if paper.authors else []
    year = [str(paper.published.year)] if paper.published else []
    title = [word for word in words(paper.display_title) if len(word) > 3][:1]
    hash_part = [paper.key.rsplit("-", 1)[-1][:4]]
    return re.sub(r"[^a-z0-9]", "", fold("".join(family + year + title + hash_part)))


def _author(name: str) -> str:
    """One name; braces keep BibTeX from splitting it at "and" or a comma."""
    shown = _tex(name)
    return f"{{{shown}}}" if re.search(r"\band\b|,", name, re.I) else shown


def _tex(text: str) -> str:
    text = sanitize(text, 60_000)
    escaped = text.translate(_TEX)
    if not _is_balanced(text):
        return escaped
    return escaped.replace(_TEX[ord("{")], r"\{").replace(_TEX[ord("}")], r"\}")


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0
