"""One paper as a citation: a sentence for people, or a BibTeX record for machines."""

import re
from typing import Final

from tui.paper import Paper
from tui.text import fold, safe, words

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
    parts: list[str] = []
    if paper.authors:
        names = [safe(name) for name in paper.authors]
        parts.append(names[0] if len(names) == 1 else f"{names[0]} et al.")
    title = safe(paper.shown_title)
    year = f" ({paper.published.year})" if paper.published else ""
    ending = "" if (title + year).endswith((".", "?", "!")) else "."
    parts.append(f"{title}{year}{ending}" if not parts else f"{title}{ending}")
    if len(parts) > 1:
        parts[0] += f"{year}."
    return " ".join([*parts, paper.link])


def bibtex(paper: Paper) -> str:
    """One ``@misc`` record, which BibTeX, biber, pandoc and Zotero read back as it was meant."""
    fields = {"title": "{" + _tex(paper.shown_title) + "}"}
    if paper.authors:
        fields["author"] = " and ".join(_tex(name) for name in paper.authors)
    if paper.published:
        fields["year"] = str(paper.published.year)
        fields["month"] = paper.published.strftime("%m").lstrip("0")
    fields["url"] = paper.link
    if paper.abstract:
        fields["abstract"] = _tex(paper.shown_abstract)
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{bibtex_key(paper)},\n{lines}\n}}\n"


def bibtex_key(paper: Paper) -> str:
    """``lovelace2024lora``: first author's last word, or none, year, first word of the title."""
    family = words(paper.authors[0])[-1:] if paper.authors else []
    year = [str(paper.published.year)] if paper.published else []
    title = [word for word in words(paper.shown_title) if len(word) > 3][:1]
    hash_part = [paper.key.rsplit("-", 1)[-1][:4]]
    return re.sub(r"[^a-z0-9]", "", fold("".join(family + year + title + hash_part)))


def _tex(text: str) -> str:
    return safe(text, 60_000).translate(_TEX)
