"""The cards of a page: papers with the facts around them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from tui.formats.base import ImportWarning
from tui.formats.importers.hf_daily.features import Layout, LineRole, is_end
from tui.formats.importers.hf_daily.line_kinds import PICTURE, CardFacts, LineKind
from tui.formats.importers.hf_daily.lines import Line
from tui.formats.importers.hf_daily.segmenter import Run, assign_roles


@dataclass(slots=True)
class Draft:
    """A paper being read: its first line, its text, and its facts."""

    title: str
    line: int
    abstract: str = ""
    facts: CardFacts = field(default_factory=CardFacts)
    addresses: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    """Numbers of paper pages on the site that its lines link to."""
    is_anchored: bool = False
    """Whether something other than text says that it is a paper: facts or a link to its page."""
    lines: int = 0
    """How many lines it was read from."""

    def take(self, facts: CardFacts) -> None:
        """Takes facts that it does not have yet."""
        self.facts |= facts
        self.is_anchored = True

    def link(self, line: Line) -> None:
        """Takes the addresses of a line."""
        self.addresses += line.addresses
        if line.paper is not None:
            self.papers.append(line.paper)
            self.is_anchored = True


@dataclass(slots=True)
class Page:
    """A page being read."""

    drafts: list[Draft] = field(default_factory=list)
    header: list[Line] = field(default_factory=list)
    warnings: list[ImportWarning] = field(default_factory=list)


def pages(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Splits the lines where a header begins after text."""
    page: list[Line] = []
    has_text = False
    for line in lines:
        if line.kind is LineKind.HEADER and has_text:
            yield page
            page, has_text = [], False
        has_text = has_text or line.kind in _TEXTS
        page.append(line)
    yield page


_TEXTS: Final = (LineKind.TEXT, LineKind.ITEM)
_DOT: Final = re.compile("[ •*-]*·")
"""How facts begin after an organization; some tools write the bullets of empty items first."""
_CARD: Final = (LineKind.COUNTER, LineKind.UPVOTES, LineKind.FACTS, LineKind.SUBMITTER)


def read_page(lines: Sequence[Line], reached: Callable[[int], None]) -> Page:
    """The papers of one page with their facts."""
    return _PageReader(lines, reached).read()


class _PageReader:
    """Reads one page: runs of text are papers, and what stands between them are their facts."""

    def __init__(self, lines: Sequence[Line], reached: Callable[[int], None]) -> None:
        self._page = Page(header=[line for line in lines if line.kind is LineKind.HEADER])
        self._reached = reached
        body = [
            line
            for line in lines
            if line.kind not in (LineKind.HEADER, LineKind.BLANK, LineKind.FOREIGN)
        ]
        self._parts = list(_parts(body))
        texts = [line for line in body if line.kind in _TEXTS]
        self._layout = Layout.of(texts)
        self._is_carded = sum(line.kind in _CARD for line in body) * 3 > len(self._parts)
        self._counts_first = self._has_counters_first()

    def _has_counters_first(self) -> bool:
        """Whether a number on its own stands ahead of its title: the upvotes of the paper.

        The first paper tells, whose facts cannot be above it; else most of the others.
        """
        gaps = [part for part in self._parts if part and part[0].kind not in _TEXTS]
        if not gaps:
            return False
        if self._parts[0] is gaps[0]:
            return any(line.kind is LineKind.COUNTER for line in gaps[0])
        inner = gaps[:-1] if self._parts[-1] is gaps[-1] else gaps
        ahead = sum(gap[-1].kind is LineKind.COUNTER for gap in inner)
        return ahead * 2 > len(inner)

    def read(self) -> Page:
        """The page."""
        page = self._page
        pending = _Ahead()
        for place, part in enumerate(self._parts):
            if part[0].kind in _TEXTS:
                following = self._parts[place + 1] if place + 1 < len(self._parts) else []
                first = len(page.drafts)
                self._read_run(part, following, is_below_facts=place > 0)
                if len(page.drafts) > first:
                    pending.give(page.drafts[first])
                    pending = _Ahead()
            else:
                is_last = place + 1 == len(self._parts)
                pending = self._read_gap(part, is_last)
        self._merge_repeated()
        _name_organizations(page.drafts)
        return page

    def _read_run(
        self, run: Sequence[Line], following: Sequence[Line], *, is_below_facts: bool
    ) -> None:
        """The papers in a run of text lines, and warnings about incomplete ones."""
        page = self._page
        if run[-1].kind is LineKind.ITEM:
            self._read_item(run)
            return
        may_end = bool(following) and (
            _DOT.match(following[0].text) is not None or following[0].facts.author_count is None
        )
        roles = assign_roles(
            Run(run, may_end and len(run) > 1, is_below_facts, self._is_carded),
            self._layout,
            self._reached,
        )
        draft: Draft | None = None
        title, abstract, organization = _Paragraph(), _Paragraph(), _Paragraph()
        for line, role in zip(run, roles, strict=True):
            if role is LineRole.TITLE:
                if draft is not None:
                    draft.title, draft.abstract = title.text, abstract.text
                draft, title, abstract = Draft("", line.number), _Paragraph(), _Paragraph()
                title.add(line)
                page.drafts.append(draft)
            elif draft is None:
                if role is LineRole.ABSTRACT:
                    page.warnings.append(ImportWarning(line.number, "an abstract without a title"))
                continue
            elif role is LineRole.MORE_TITLE:
                title.add(line)
            elif role is LineRole.ORGANIZATION:
                organization.add(line)
            else:
                abstract.add(line)
            draft.link(line)
            draft.lines += 1
        if draft is None:
            return
        draft.title, draft.abstract = title.text, abstract.text
        if name := organization.text:
            rest = following[0].facts.organization
            if rest and not following[0].after_blank:
                name += f" {rest}"
            draft.facts = CardFacts(organization=name)

    def _read_item(self, run: Sequence[Line]) -> None:
        """The paper of an item of a mail: the last lines without a blank line or bullet between."""
        first = next(
            place
            for place in range(len(run) - 1, -1, -1)
            if place == 0
            or run[place].after_blank
            or run[place].text.startswith(("•", "*", "-", "+"))
        )
        draft = Draft("", run[first].number, is_anchored=True)
        title = _Paragraph()
        for line in run[first:]:
            title.add(replace(line, text=line.text.lstrip(" •*-+")))
            draft.link(line)
            draft.lines += 1
        draft.title = title.text
        draft.take(run[-1].facts)
        self._page.drafts.append(draft)

    def _read_gap(self, gap: Sequence[Line], is_last: bool) -> "_Ahead":
        """Takes the facts between two runs of text; returns those of the paper below."""
        page, ahead = self._page, _Ahead()
        last = page.drafts[-1] if page.drafts else None
        label: LineKind | None = None
        counters: list[Line] = []
        for line in gap:
            if line.kind is LineKind.COUNTER:
                if label is LineKind.UPVOTES:
                    (last or ahead).take(line.facts)
                    (last or ahead).link(line)
                elif label is None:
                    counters.append(line)
                elif line.paper is None:
                    (last or ahead).link(line)
                label = None
                continue
            label = None
            if line.kind is LineKind.SUBMITTER:
                self._give_comments(last, counters)
                counters = []
                ahead.take(CardFacts())
                ahead.link(line)
            elif warning := _gap_warning(line, has_paper=last is not None):
                page.warnings.append(warning)
            elif line.kind in (LineKind.FACTS, LineKind.UPVOTES, LineKind.LABEL):
                target = last if last is not None else ahead
                if line.kind is not LineKind.LABEL:
                    target.take(line.facts)
                target.link(line)
                target.lines += 1
                is_bare = line.facts == CardFacts() and not line.text[-1:].isdigit()
                label = line.kind if is_bare and line.kind is not LineKind.FACTS else None
            else:
                self._of_link(line, last, ahead).link(line)
        upvotes = self._upvotes_ahead(counters, is_last)
        if upvotes is not None:
            counters.remove(upvotes)
            ahead.take(CardFacts(upvotes=upvotes.facts.upvotes))
            ahead.link(upvotes)
        self._give_comments(last, counters)
        return ahead

    @staticmethod
    def _of_link(line: Line, last: Draft | None, ahead: Draft) -> Draft:
        """The paper that a picture links to: the one above, unless it is known to be another."""
        is_other = last is not None and last.papers and line.paper not in (None, last.papers[0])
        return ahead if last is None or is_other else last

    def _upvotes_ahead(self, counters: Sequence[Line], is_last: bool) -> Line | None:
        """The counter that belongs to the paper below."""
        if not counters or is_last:
            return None
        final = counters[-1]
        if final.is_comments:
            return None
        links_ahead = any("login" in address for address in final.addresses)
        return final if links_ahead or self._counts_first else None

    def _give_comments(self, draft: Draft | None, counters: Sequence[Line]) -> None:
        """Gives a paper the number of its comments, which stands after its date."""
        if draft is None:
            return
        for line in counters:
            if line.facts.upvotes is not None and not any(
                "login" in address for address in line.addresses
            ):
                draft.take(CardFacts(comments=line.facts.upvotes))
                draft.link(line)

    def _merge_repeated(self) -> None:
        """Joins a paper with its repetition right below: some layouts have every card twice."""
        drafts: list[Draft] = []
        for draft in self._page.drafts:
            if drafts and drafts[-1].title == draft.title:
                first = drafts[-1]
                first.abstract = max(first.abstract, draft.abstract, key=len)
                first.take(draft.facts)
                first.addresses += draft.addresses
                first.papers += draft.papers
                first.lines += draft.lines
            else:
                drafts.append(draft)
        self._page.drafts = drafts


def _gap_warning(line: Line, *, has_paper: bool) -> ImportWarning | None:
    """What is wrong with a line between two papers, or above the first, if anything is."""
    if line.kind is LineKind.REST:
        return ImportWarning(line.number, f"“{line.text[:40]}” is truncated, skipped", False)
    if line.kind is LineKind.FACTS and not has_paper:
        return ImportWarning(line.number, "authors or a date without a paper")
    return None


class _Ahead(Draft):
    """Facts that stand above the title of their paper."""

    def __init__(self) -> None:
        super().__init__("", 0)

    def give(self, draft: Draft) -> None:
        """Gives them to the paper."""
        if self.is_anchored:
            draft.facts = CardFacts(upvotes=self.facts.upvotes) | draft.facts
            draft.papers += self.papers
            draft.addresses += self.addresses
            draft.is_anchored = True
            draft.lines += self.lines


def _parts(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The runs of text, and what stands between them."""
    part: list[Line] = []
    for line in lines:
        is_text = line.kind in _TEXTS
        begins_item = is_text and bool(part) and part[-1].kind is LineKind.ITEM
        if part and ((part[0].kind in _TEXTS) != is_text or begins_item):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


class _Paragraph:
    """Lines as one text; what was broken in the middle of a word is joined again."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._end = ""
        """The last characters of the text, as many as matter."""

    @property
    def text(self) -> str:
        """The text."""
        return "".join(self._parts)

    def add(self, line: Line) -> None:
        """Goes on with a line."""
        end, more = self._end, line.text
        if not more:
            return
        is_word = not line.after_blank and (
            (_HYPHEN.search(end) is not None and _SUSPENDED.match(more) is None)
            or _CUT.search(end[-2:]) is not None
        )
        is_unspaced = _IS_UNSPACED.match(end[-1:]) and _IS_UNSPACED.match(more[0])
        part = more if not end or is_word or is_unspaced else f" {more}"
        self._parts.append(part)
        self._end = (end + part[-8:])[-8:]


_HYPHEN: Final = re.compile(r"[^\W_]-+$")
_CUT: Final = re.compile(r"\S[/^\\]$")
"""What only a line break separates from what goes on: ``train/test``, ``n^2``, ``\\"o``."""
_SUSPENDED: Final = re.compile(r"(?:and|or|to|und|oder|et|ou|y|o|e|и|noch|sowie|bzw|bis|als|per)\s")
"""What can stand after a hyphen that ends a word: ``pre- and post-training``."""
_IS_UNSPACED: Final = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff9f]")
"""Chinese and Japanese, which have no spaces between words."""


def _name_organizations(drafts: Sequence[Draft]) -> None:
    """Takes the name of an account, the text of a picture, off the names of organizations.

    A picture without text is ``[IMG]``. An account is told by its address, by being the name itself
    without blanks, or by standing ahead of every name on the page.
    """
    named = [
        (draft, PICTURE.sub("", _DOTS.sub("", draft.facts.organization)))
        for draft in drafts
        if draft.facts.organization
    ]
    matches = [_ACCOUNT.match(name) for _, name in named]
    is_everywhere = len(matches) > 1 and all(matches)
    for (draft, name), match in zip(named, matches, strict=True):
        accounts = {address.rstrip("/").rsplit("/", 1)[-1] for address in draft.addresses}
        for place in range(1, len(name)):
            account, rest = name[:place], name[place:].lstrip(" ]")
            if rest and (
                (account in accounts and place < len(name) - 1)
                or (not account[-1].isspace() and _squeezed(account) == _squeezed(rest))
            ):
                name = rest
                break
        else:
            if match is not None and (is_everywhere or re.search(r"[\d._-]", match[0])):
                name = name[match.end() :]
        draft.facts = replace(draft.facts, organization=name)


_DOTS: Final = re.compile(r"^[ ·•*+-]+|[ •*+-]*·[ ·•*+-]*$")
"""What separates an organization from the authors after it."""
_ACCOUNT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,}[ ]?(?=[A-Z\u0080-\uffff])")


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


_OPEN_END: Final = re.compile(r"https?://\S*[\w/]$")
"""An address without an end of its sentence."""
_TAIL: Final = 300
"""Characters at the end of an abstract in which it is looked for."""


def drop_cut_end(page: Page, *, is_last: bool) -> None:
    """Drops the last paper of a page that ends in the middle of its abstract.

    Args:
        is_last: Whether the text ends with this paper, with no navigation below it.
    """
    if not page.drafts:
        return
    last = page.drafts[-1]
    if last.facts.when or last.facts.author_count is not None:
        return
    warning = partial(ImportWarning, last.line, title=last.title[:60])
    if last.abstract and not is_end(last.abstract):
        if is_last:
            page.drafts.pop()
            page.warnings.append(warning("ends in the middle of its abstract"))
    elif any(draft.facts.when or draft.facts.author_count for draft in page.drafts[:-1]):
        page.warnings.append(warning("has no authors and no date", skipped=False))
    elif _OPEN_END.search(last.abstract[-_TAIL:]):
        page.warnings.append(warning("ends in a URL, maybe truncated", skipped=False))
