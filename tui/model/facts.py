"""The facts of a paper that a source can state, each with the rule that merges several sources.

Merging, JSON and the cleaning of what importers give are derived from ``Facts``: a new fact is a
line in it, and an importer that fills it. What can be asked of facts is in ``fields``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, MISSING
from dataclasses import fields as dataclass_fields
from datetime import date
from types import UnionType
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from tui.model.identifiers import is_title
from tui.model.latex import latex_to_text
from tui.patterns import regex
from tui.values import dataclass

_ACCENT: Final = regex(
    r"""\\(?:[`'^"~=.]|[uvHtcdbrk](?![A-Za-z]))\s*\{?\\?[A-Za-z]"""
    r"|\\(?:ss|ae|AE|oe|OE|aa|AA|[oOlLij])(?![A-Za-z])"
)
"""An accented letter of TeX, or one that it names; a backslash alone is none."""


class Sources(NamedTuple):
    """The source records of one paper in two orders."""

    ordered: "Sequence[Facts]"
    """By file and line."""
    newest: "Sequence[Facts]"
    """By page day, newest first; those without a year last, equals as in ``ordered``."""


Rule = Callable[[Sources, str], Any]
"""Called with the sources and the name of a fact; returns the merged value."""


def newest(sources: Sources, name: str) -> Any:
    """The value of the newest source that has one."""
    stated = (getattr(source, name) for source in sources.newest)
    return next((value for value in stated if value is not None), None)


def counted(sources: Sources, name: str) -> Any:
    """The number of the newest source that has one; of those of a day the highest, as it rises."""
    highest: int | None = None
    day: str | None = None
    for source in sources.newest:
        value, stated_on = getattr(source, name), getattr(source, "page_day", None)
        if value is None:
            continue
        if highest is None:
            highest, day = value, stated_on
        elif stated_on != day:
            break
        highest = max(highest, value)
    return highest


def longest(sources: Sources, name: str) -> Any:
    """The longest value, as pages may be truncated; the newest of equals. ``None`` if empty."""
    value = max((getattr(source, name) for source in sources.newest), key=lambda v: len(v or ""))
    return None if value == "" else value


def earliest(sources: Sources, name: str) -> Any:
    """The value of the source with the earliest day that is written.

    Else that with the earliest inferred one, unless years are written and it is of another; else
    that of the earliest month, then year.
    """
    dated = [source for source in sources.ordered if source.published]
    days = [source for source in dated if not source.date_precision]
    rough = [source for source in dated if source.date_precision]
    years = {source.stated_date[:4] for source in rough}
    written = [source for source in days if not source.year_inferred]
    inferred = [source for source in days if not years or source.stated_date[:4] in years]
    first = min(
        written or inferred or rough,
        key=lambda s: (-len(s.stated_date), s.published or date.max),
        default=None,
    )
    return getattr(first, name) if first else FACTS[name].default


def highest(sources: Sources, name: str) -> Any:
    """The highest number."""
    stated = (getattr(source, name) for source in sources.ordered)
    return max((value for value in stated if value is not None), default=None)


def union(sources: Sources, name: str) -> tuple[Any, ...]:
    """All values once, in the order of the sources."""
    values = (value for source in sources.ordered for value in getattr(source, name))
    return tuple(dict.fromkeys(values))


def of_latest(rule: Rule) -> Rule:
    """A rule: another rule among the sources of the highest version on arXiv that state a value.

    A source that names no version, or that of another paper, counts as of the first.
    """

    def among(sources: Sources, name: str) -> Any:
        if all((source.arxiv_version or 1) == 1 for source in sources.ordered):
            return rule(sources, name)
        arxiv = newest(sources, "arxiv")

        def version(source: Facts) -> int:
            return (source.arxiv_version or 1) if source.arxiv == arxiv else 1

        stating = [source for source in sources.ordered if getattr(source, name)]
        latest = max(map(version, stating or sources.ordered))
        ordered, by_day = (
            [source for source in each if version(source) == latest] for each in sources
        )
        return rule(Sources(ordered, by_day), name)

    return among


def of_informed(rule: Rule) -> Rule:
    """A rule: another rule among the sources that know more of the paper than what it is called.

    Without them, among those that know a title: a line may name a paper by its identifier alone.
    """

    def among(sources: Sources, name: str) -> Any:
        if len(sources.ordered) == 1:
            return rule(sources, name)
        knows = _is_informed if any(map(_is_informed, sources.ordered)) else _has_title
        informed = Sources(*([each for each in some if knows(each)] for some in sources))
        return rule(informed if informed.ordered else sources, name)

    return among


def _is_informed(source: "Facts") -> bool:
    return bool(source.abstract or source.authors or source.published or source.author_count)


def _has_title(source: "Facts") -> bool:
    return is_title(source.title)


def of_most_authors(sources: Sources, name: str) -> Any:
    """The value of the source that names the most authors; of equals the newest.

    Of equals of one day, that which says that there are more. Accents of TeX, which names of old
    imports have, are letters.
    """

    def rank(source: Facts) -> tuple[int, str, bool]:
        day = getattr(source, "page_day", None) or ""
        return len(source.authors), day, source.authors_incomplete

    value = getattr(max(sources.newest, key=rank), name)
    if isinstance(value, tuple) and any(map(_ACCENT.search, value)):
        return tuple(map(latex_to_text, value))
    return value


def number_of_authors(sources: Sources, name: str) -> int | None:
    """The newest stated number, else that of the names, if they are all; ``None`` if unknown."""
    stated: int | None = newest(sources, name)
    if stated is not None or of_most_authors(sources, "authors_incomplete"):
        return stated
    return len(of_most_authors(sources, "authors")) or None


PRECISIONS: Final = {"month": 7, "year": 4}
"""The precisions of a date that is not exact to the day, and how many characters each keeps."""
LATER: Final = "later"
"""Marks a fact that stored papers may lack, as they were written before it existed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that a source can state, with their merge rules. Missing is ``None``."""

    title: Annotated[str, of_informed(of_latest(newest))]
    """With its LaTeX."""
    abstract: Annotated[str | None, of_latest(longest)]
    """One paragraph, with its LaTeX."""
    _: KW_ONLY
    published: Annotated[date | None, earliest] = None
    """Such as ``2024-05-16``."""
    year_inferred: Annotated[bool, earliest] = False
    """Whether the source has no year, and it was inferred."""
    date_precision: Annotated[str | None, earliest, LATER] = None
    """``month`` or ``year`` if the source has no more; ``published`` is then its first day."""
    author_count: Annotated[int | None, number_of_authors] = None
    """The number of authors, also if the source names none."""
    authors: Annotated[tuple[str, ...], of_most_authors] = ()
    """Given name first."""
    family_names: Annotated[tuple[str, ...], union, LATER] = ()
    """Family names of several words or at the front, which names of authors do not show."""
    authors_incomplete: Annotated[bool, of_most_authors, LATER] = False
    """Whether there are more than these; ``author_count`` is then null, unless a source says it."""
    upvotes: Annotated[int | None, counted] = None
    """The number of upvotes on its page."""
    urls: Annotated[tuple[str, ...], union] = ()
    """Links of the paper, of its code and project."""
    address: Annotated[str | None, newest, LATER] = None
    """The address that a bibliography or feed gives, if not that of an arXiv id or a DOI."""
    comments: Annotated[int | None, counted, LATER] = None
    """The number of comments on its page."""
    organization: Annotated[str | None, newest, LATER] = None
    """Whom a page names in place of the authors."""
    arxiv: Annotated[str | None, newest, LATER] = None
    """Such as ``2405.01234``, without its version."""
    arxiv_version: Annotated[int | None, highest, LATER] = None
    """The highest version seen."""
    doi: Annotated[str | None, newest, LATER] = None
    """In lower case, without a resolver."""
    categories: Annotated[tuple[str, ...], union, LATER] = ()
    """Subjects as arXiv names them, the primary one first: ``cs.CL``."""
    code_stars: Annotated[int | None, newest, LATER] = None
    """The number of stars of its code on GitHub."""
    ai_summary: Annotated[str | None, newest, LATER] = None
    """The summary by a language model of a site; never part of the abstract."""
    venue: Annotated[str | None, newest, LATER] = None
    """The journal or book that it is in; of a thesis or report, where it was written."""
    entry_type: Annotated[str | None, newest, LATER] = None
    """The kind of publication, by the names of BibTeX: ``inproceedings``."""
    citation_key: Annotated[str | None, newest, LATER] = None
    """The key by which the bibliography that it comes from cites it."""
    volume: Annotated[str | None, newest, LATER] = None
    """The volume of the journal or series."""
    number: Annotated[str | None, newest, LATER] = None
    """The issue of a volume; of a report, its own number."""
    pages: Annotated[str | None, newest, LATER] = None
    """The pages in the venue, a range with a dash: ``12–34``."""
    publisher: Annotated[str | None, newest, LATER] = None
    """The publisher of the book or journal that it is in."""

    @property
    def stated_date(self) -> str:
        """The date as far as it is stated, ISO 8601: ``2024-05-16``, ``2024-05``, ``2024``."""
        if self.published is None:
            return ""
        day = self.published.isoformat()
        return day[: PRECISIONS.get(self.date_precision)] if self.date_precision else day


class Fact(NamedTuple):
    """The declaration of a fact."""

    type: type
    """``str``, ``int``, ``bool``, ``date``, or ``tuple`` for several texts."""
    is_optional: bool
    default: Any
    is_required: bool
    merge: Rule

    def from_json(self, name: str, record: Mapping[str, Any]) -> Any:
        """The value of a fact in a JSON object.

        Raises:
            KeyError: If it is required and missing.
            TypeError, ValueError: If it has the wrong type, or is not a date.
        """
        if name not in record and not self.is_required:
            return self.default
        value = record[name]
        if value is None and self.is_optional:
            return None
        if self.type is tuple:
            return tuple(typed(item, str, name) for item in typed(value, list, name))
        if self.type is date:
            if len(typed(value, str, name)) != 10:
                raise ValueError(f"{name} is not a date")
            return date.fromisoformat(value)
        return typed(value, self.type, name)


def typed(value: Any, kind: type, name: str) -> Any:
    """A value after checking its type; ``True`` is not a number.

    Raises:
        TypeError: If it has another type, naming the field.
    """
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{name} is not of type {kind.__name__}")
    return value


def _facts() -> Iterator[tuple[str, Fact]]:
    hints = get_type_hints(Facts, include_extras=True)
    for field in dataclass_fields(Facts):
        declared, rule, *marks = get_args(hints[field.name])
        kinds = get_args(declared) if isinstance(declared, UnionType) else (declared,)
        default = None if field.default is MISSING else field.default
        kind = get_origin(kinds[0]) or kinds[0]
        yield field.name, Fact(kind, type(None) in kinds, default, LATER not in marks, rule)


FACTS: Final[dict[str, Fact]] = dict(_facts())
"""The facts by name, in the order of the JSON fields."""
