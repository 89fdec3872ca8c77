"""The archives of arXiv and the categories in them, as they are in 2026.

By https://arxiv.org/category_taxonomy and ``taxonomy/definitions.py`` of
https://github.com/arXiv/arxiv-base, without those that take no new papers.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from tui.errors import UsageError
from tui.model.layout import enumerated
from tui.model.suggest import did_you_mean, nearest
from tui.model.text import sanitize

ARCHIVES: Final = {
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "cs": (
        "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI"
        " OH OS PF PL RO SC SD SE SI SY"
    ),
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "gr-qc": "",
    "hep-ex": "",
    "hep-lat": "",
    "hep-ph": "",
    "hep-th": "",
    "math": (
        "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG"
        " SP ST"
    ),
    "math-ph": "",
    "nlin": "AO CD CG PS SI",
    "nucl-ex": "",
    "nucl-th": "",
    "physics": (
        "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn"
        " gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph"
    ),
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "quant-ph": "",
    "stat": "AP CO ME ML OT TH",
}
"""The categories of each archive; an archive without any is one itself."""
CATEGORIES: Final = tuple(
    f"{archive}.{name}" if name else archive
    for archive, names in ARCHIVES.items()
    for name in names.split() or [""]
)
_SPELLINGS: Final = {name.lower(): name for name in (*ARCHIVES, *CATEGORIES)}
_NAME: Final = re.compile(r"([a-z]{1,8}(?:-[a-z]{1,8})?)\.[a-z*-]+", re.IGNORECASE)
_STATED: Final = re.compile(r"\bcat:(\s*\"?)([\w.*?-]+)\"?|\"[^\"]*\"")
"""A category of a search, or what is in quotes."""
_MOST: Final = 3
"""Categories that are proposed."""


def category(text: str) -> str | None:
    """A category or archive (also ``cs.*``) in any case, in arXiv's spelling; ``None`` if none."""
    return _SPELLINGS.get(text.lower().removesuffix(".*"))


def check(texts: list[str]) -> None:
    """Refuses what looks like categories if arXiv does not have one of them.

    Raises:
        UsageError: If so, with those that are like it.
    """
    is_list = any(map(category, texts))
    for text in filter(None, texts):
        if category(text) is None and (is_list or _is_like_one(text)):
            raise _unknown(text)


def _is_like_one(text: str) -> bool:
    match = _NAME.fullmatch(text)
    return match is not None and (match[1].lower() in ARCHIVES or any(_alike(text.lower())))


def spelt(query: str) -> str:
    """A search with its categories in arXiv's spelling.

    Raises:
        UsageError: If arXiv does not have one of them.
    """

    def spelling(match: re.Match[str]) -> str:
        name = match[2]
        if not name:
            return match[0]
        if not any(fnmatchcase(each, name.lower()) for each in _SPELLINGS):
            raise _unknown(name)
        return match[0].replace(name, _SPELLINGS.get(name.lower(), name))

    return _STATED.sub(spelling, query)


def _unknown(text: str) -> UsageError:
    alike = list(dict.fromkeys(_alike(text.lower())))[:_MOST]
    archive = text.lower().partition(".")[0]
    hint = f"arxiv:{archive} has all of {archive}; " if archive in ARCHIVES else ""
    hint += "arxiv.org/category_taxonomy lists the categories."
    hint = did_you_mean(enumerated(alike) if alike else None, hint)
    return UsageError(f"arXiv has no category {sanitize(text, 40)}", hint)


def _alike(text: str) -> Iterator[str]:
    """The categories that may be meant: of the same name elsewhere, and of a similar one."""
    archive, _, name = text.partition(".")
    for each in CATEGORIES:
        if name and each.lower().endswith(f".{name}"):
            yield each
    for each in ARCHIVES.get(archive, "").split():
        if len(name) == len(each) == 2 and name[0] == each[0].lower():
            yield f"{archive}.{each}"
    if near := nearest(text, _SPELLINGS):
        yield _SPELLINGS[near]
