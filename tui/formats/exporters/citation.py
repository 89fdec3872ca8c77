"""One paper as a citation: a sentence for people, or a BibTeX record for machines."""

import re
from typing import Final

from tui.model.paper import Paper
from tui.model.text import fold, sanitize, words

# Every character that TeX would act on. A single brace cannot be escaped in BibTeX, which counts
# braces before TeX sees them, so braces are written by name.
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


def cite(paper: Paper) -> str:
    """``Lovelace and Byron (2024). Title. https://...``; what is not known is left out."""
    title = _ended(sanitize(paper.display_title))
    year = f" ({paper.published.year})" if paper.published else ""
    names = [sanitize(name) for name in paper.authors]
    if not names:
        named = _ended(f"{sanitize(paper.display_title)}{year}")
        return f"{named} {paper.link}"
    who = names[0] if len(names) == 1 else f"{names[0]} et al."
    return f"{_ended(who + year)} {title} {paper.link}"


def _ended(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def bibtex(paper: Paper) -> str:
    """One ``@misc`` record, which BibTeX, biber, pandoc and Zotero read back as it was meant."""
    fields = {"title": "{" + _tex(paper.display_title) + "}"}
    if paper.authors:
        fields["author"] = " and ".join(map(_author, paper.authors))
    if paper.published:
        fields["year"] = str(paper.published.year)
        fields["month"] = paper.published.strftime("%m").lstrip("0")
    fields["url"] = paper.link
    if paper.abstract:
        fields["abstract"] = _tex(paper.display_abstract)
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{bibtex_key(paper)},\n{lines}\n}}\n"


def bibtex_key(paper: Paper) -> str:
    """``lovelace2024lora``: first author's last word, or none, year, first word of the title."""
    family = words(paper.authors[0])[-1:] if paper.authors else []
    year = [str(paper.published.year)] if paper.published else []
    title = [word for word in words(paper.display_title) if len(word) > 3][:1]
    hash_part = [paper.key.rsplit("-", 1)[-1][:4]]
    return re.sub(r"[^a-z0-9]", "", fold("".join(family + year + title + hash_part)))


def _author(name: str) -> str:
    """One name; braces keep BibTeX from parting it at its own "and", or at a comma."""
    shown = _tex(name)
    return f"{{{shown}}}" if re.search(r"\band\b|,", name, re.I) else shown


def _tex(text: str) -> str:
    return sanitize(text, 60_000).translate(_TEX)
