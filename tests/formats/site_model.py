"""A model of the site's card: pages of any layout, and their text as a tool would give it.

A page is a list of blocks, which each tool renders in its own way; what must come out of the text
is known from the cards that the page was drawn from. Where the real tools are installed,
``real_tools`` gives their text of the same page as HTML.
"""

import html
import json
import random
import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

CORPUS: Final = Path(__file__).parent.parent.parent / "data" / "corpus.json"
SITE: Final = "https://huggingface.co"


# What a page is about


@dataclass(frozen=True, slots=True)
class Card:
    """A paper as its card shows it."""

    title: str
    paragraphs: tuple[str, ...]
    """Of the abstract; none if the layout or the card has none."""
    day: date
    arxiv: str
    author_count: int | None
    names: tuple[str, ...]
    organization: tuple[str, str] | None
    """Its account and its name, in place of the authors."""
    upvotes: int | None
    comments: int | None
    github: tuple[str, str] | None
    """An address and the stars."""
    submitter: str


class Expected(NamedTuple):
    """What must come out for a card."""

    title: str
    abstract: str | None
    author_count: int | None
    organization: str | None
    published: date | None
    upvotes: int | None
    comments: int | None
    arxiv: str | None


LANGUAGES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "German": (
        ("Laternen auf langen Flüssen", "Über das Zählen der Boote", "Brücken zwischen zwei Ufern"),
        (
            "Wir untersuchen, wie gut ein kleines Modell Laternen auf langen Flüssen zählt.",
            "Die Ergebnisse zeigen, dass größere Datensätze nicht immer besser sind.",
            "Unser Verfahren läuft auf einem Rechner und braucht weder Daten- noch Modellkopien.",
            "Der Quelltext ist frei verfügbar.",
        ),
    ),
    "French": (
        ("Lanternes sur les longs fleuves", "Compter les barques sans se tromper"),
        (
            "Nous étudions la manière dont un modèle compte les lanternes sur les fleuves.",
            "Les résultats dépassent l’état de l’art sur quatre jeux de données « ouverts ».",
            "Le code est disponible en ligne.",
        ),
    ),
    "Spanish": (
        ("Faroles en ríos largos", "¿Cuántas barcas hay? Un estudio del conteo"),
        (
            "Presentamos un método sencillo para contar faroles en ríos largos y estrechos.",
            "¿Por qué funciona? Porque separa lo que se cuenta de cómo se cuenta.",
            "Los experimentos en cuatro idiomas confirman la mejora.",
        ),
    ),
    "Vietnamese": (
        ("Đèn lồng trên những dòng sông dài", "Đếm thuyền bằng mô hình nhỏ"),
        (
            "Chúng tôi nghiên cứu cách một mô hình nhỏ đếm đèn lồng trên sông dài.",
            "Kết quả cho thấy phương pháp này nhanh và chính xác trên mười bộ dữ liệu.",
        ),
    ),
    "Russian": (
        ("Фонари на длинных реках", "О подсчёте лодок: небольшая модель"),
        (
            "Мы изучаем, насколько хорошо небольшая модель считает фонари на длинных реках.",
            "Предложенный метод работает быстрее и точнее известных на десяти наборах данных.",
            "Исходный код открыт.",
        ),
    ),
    "Greek": (
        ("Φανάρια σε μεγάλα ποτάμια", "Μετρώντας βάρκες"),
        (
            "Μελετάμε πόσο καλά ένα μικρό μοντέλο μετρά φανάρια σε μεγάλα ποτάμια.",
            "Τα αποτελέσματα είναι καλύτερα σε δέκα σύνολα δεδομένων.",
        ),
    ),
    "Japanese": (
        ("長い川のランタン", "舟を数える：小さなモデルの研究"),
        (
            "本論文では、長い川のランタンを数える方法を提案する。",
            "十のデータセットで評価し、四つの言語で優れた結果を得た。",
            "提案手法は小さく、速い。",
        ),
    ),
    "Chinese": (
        ("长河上的灯笼", "数一数船：基于小模型的方法"),
        (
            "本文研究小模型在长河上数灯笼的能力，并提出一种简单而高效的方法。",
            "在十个数据集和四种语言上的实验表明，该方法优于现有方法。",
            "代码已经开源。",
        ),
    ),
    "Korean": (
        ("긴 강 위의 등불", "배를 세는 작은 모델"),
        (
            "우리는 작은 모델이 긴 강 위의 등불을 얼마나 잘 세는지 연구한다.",
            "열 개의 데이터셋에서 제안한 방법이 더 빠르고 정확하다.",
        ),
    ),
    "Arabic": (
        ("فوانيس على أنهار طويلة", "عدّ القوارب بنموذج صغير"),
        (
            "ندرس مدى قدرة نموذج صغير على عدّ الفوانيس على الأنهار الطويلة.",
            "تُظهر النتائج أن الطريقة المقترحة أسرع وأدق على عشر مجموعات بيانات.",
            "فهل يكفي نموذج صغير؟",
        ),
    ),
    "Hebrew": (
        ("פנסים על נהרות ארוכים", "לספור סירות במודל קטן"),
        (
            "אנו בוחנים כיצד מודל קטן סופר פנסים על נהרות ארוכים.",
            "התוצאות טובות יותר בעשרה מאגרי נתונים.",
        ),
    ),
    "Hindi": (
        ("लंबी नदियों पर लालटेन", "छोटे मॉडल से नावों की गिनती"),
        (
            "हम अध्ययन करते हैं कि एक छोटा मॉडल लंबी नदियों पर लालटेन कितनी अच्छी तरह गिनता है।",
            "दस डेटासेट पर प्रस्तावित विधि तेज़ और सटीक है।",
        ),
    ),
}
"""Titles and sentences of abstracts in our own words."""

_ADDED: Final = (
    "Our code is available at https://github.com/example/lanterns.",
    "See the project page: https://lanterns.example.org/",
    "We gain 41\\% on $\\mathcal{O}(n^2)$ inputs, by ~3\\% over the best.",
    "It generalizes (e.g., to weirs [CLS] and bends), i.e. to everything.",
    "Contributions: 1) a data set, 2) a model, and 3) a proof.",
    "Is it enough?",
    "This holds for all $x \\in [0, 1)$.",
)
_ORGANIZATIONS: Final = (
    ("sampleorg", "Sample Org"),
    ("example-university", "Example University"),
    ("rivers", "Rivers"),
    ("lab42", "Laboratory for Lanterns and Boats, University of Sample City"),
    ("acme-inc", "Acme Inc."),
    ("tsinghua-like", "示例大学"),
)
_NAMES: Final = ("Ada Example", "Bo Sample", "Çağla Örnek", "李明", "José M. Pérez", "Jan van Dam")
_SUBMITTERS: Final = ("adaexample", "bo-sample", "cy_placeholder", "Dee3", "e.f.g")
_SUFFIXES: Final = (": A Study of Flow", " in the Wild", " with Gated Boats", "", " at Scale", "?")


@cache
def _corpus() -> list[tuple[str, str]]:
    papers = json.loads(CORPUS.read_text("utf-8"))
    return [(paper["title"], paper["abstract"]) for paper in papers]


def draw_card(chance: random.Random, captured: date) -> Card:
    """A card with any of its parts missing."""
    title, paragraphs = _texts(chance)
    age = chance.choice((chance.randint(1, 60), chance.randint(60, 3000)))
    day = captured - timedelta(days=age)
    number = chance.randint(1, 19_999)
    arxiv = f"{day:%y%m}.{number:05}" if day >= date(2015, 1, 1) else "1501.00001"
    has_organization = chance.random() < 0.35
    count = chance.choice((1, 2, 3, 5, 9, 14, 101, 671, 1204))
    return Card(
        title=title,
        paragraphs=paragraphs,
        day=day,
        arxiv=arxiv,
        author_count=None if has_organization and chance.random() < 0.7 else count,
        names=tuple(chance.sample(_NAMES, min(count, chance.randint(0, 5)))),
        organization=chance.choice(_ORGANIZATIONS) if has_organization else None,
        upvotes=chance.choice((None, 1, 8, 65, 117, 323, 1204)),
        comments=chance.choice((None, None, 1, 2, 6, 31)),
        github=None
        if chance.random() < 0.5
        else (f"https://github.com/example/x{number}", chance.choice(("7", "843", "1.3k", "110k"))),
        submitter=chance.choice(_SUBMITTERS),
    )


def _texts(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    """A title and the paragraphs of its abstract."""
    if chance.random() < 0.65:
        title, abstract = chance.choice(_corpus())
        abstract = abstract[: chance.choice((100_000, 100_000, 600))]
        abstract = abstract if abstract.endswith(".") else abstract.rpartition(". ")[0] + "."
        sentences = [abstract]
    else:
        titles, sentences_of = LANGUAGES[chance.choice(list(LANGUAGES))]
        title = chance.choice(titles)
        if chance.random() < 0.5:
            title = f"{chance.choice(('LanternLM', 'RiverBench', 'BOATS', 'λ-Flow'))}: {title}"
        sentences = chance.sample(sentences_of, chance.randint(1, len(sentences_of)))
        sentences = [("" if _is_unspaced(sentences[0]) else " ").join(sentences)]
    if chance.random() < 0.2:
        sentences[0] += ("" if _is_unspaced(sentences[0]) else " ") + chance.choice(_ADDED)
    draw = chance.random()
    if draw < 0.04:
        sentences.append("A second paragraph says what the first did not, and that it holds.")
    elif draw < 0.06:
        sentences.insert(0, "TL;DR: lanterns.")
    elif draw < 0.08:
        sentences.insert(0, "Disclaimer: This paper contains examples of harmful boats.")
    elif draw < 0.2:
        title += chance.choice(_SUFFIXES)
    return title, tuple(sentences)


def _is_unspaced(text: str) -> bool:
    return re.match(_UNSPACED, text[-1]) is not None


_UNSPACED: Final = "[\u2e80-\u30ff\u3400-\u9fff\uff00-\uffef]"
"""Chinese and Japanese, with their punctuation."""


# What a page is made of


@dataclass(frozen=True, slots=True)
class Span:
    """A text in a block, perhaps a link, perhaps an image."""

    text: str
    href: str = ""
    image: str | None = None
    """The text in place of an image ahead of it; empty for an image without one."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page: a paragraph, a heading, a list."""

    kind: str
    """``p``, ``div``, ``h1`` to ``h3``, or ``ul``, whose spans are its items."""
    spans: tuple[Span, ...]
    opens_card: bool = False


@dataclass(slots=True)
class Page:
    """A page, and what must come out of its text."""

    layout: str
    cards: list[Card]
    captured: date
    blocks: list[Block]
    has_header: bool = True
    page_day: str = ""
    seen: list[Card] = field(default_factory=list)

    @property
    def html(self) -> str:
        """The page as HTML."""
        return _html(self)

    def expected(self, *, keeps_addresses: bool) -> list[Expected]:
        """What must come out, in the order of the page."""
        return [self._expected(card, keeps_addresses) for card in self.cards]

    def _expected(self, card: Card, keeps_addresses: bool) -> Expected:
        is_mail, is_day = self.layout == "mail", self.layout in ("day", "week")
        joined = re.sub(rf"(?<={_UNSPACED}) (?={_UNSPACED})", "", " ".join(card.paragraphs))
        return Expected(
            card.title,
            None if is_mail or is_day or not card.paragraphs else joined,
            None if is_mail or (card.organization and not is_day) else card.author_count,
            card.organization[1] if card.organization and not is_mail else None,
            None if is_mail or is_day else card.day,
            card.upvotes or 0 if is_mail else card.upvotes,
            card.comments if self.layout in ("search", "day", "week") else None,
            card.arxiv if keeps_addresses else None,
        )


LAYOUTS: Final = ("search", "day", "trending", "week", "mail")


def draw_page(chance: random.Random, layout: str) -> Page:
    """A page of some cards."""
    captured = date(2025, 6, 1) + timedelta(days=chance.randint(0, 500))
    titles: dict[str, Card] = {}
    while len(titles) < 3 or chance.random() < 0.75:
        card = draw_card(chance, captured)
        titles.setdefault(card.title, card)
        if len(titles) == 20:
            break
    cards = list(titles.values())
    blocks = [*_header(layout, captured, chance)]
    for card in cards:
        blocks += _CARDS[layout](card, captured)
    blocks += _footer(layout, captured, chance)
    return Page(layout, cards, captured, blocks)


def shown(day: date, captured: date) -> str:
    """A date as the site shows it: without the year that the page is shown in."""
    return f"{day:%b} {day.day}" + (f", {day.year}" if day.year != captured.year else "")


def _div(text: str, href: str = "", *, opens_card: bool = False) -> Block:
    return Block("div", (Span(text, href),), opens_card)


def _header(layout: str, captured: date, chance: random.Random) -> list[Block]:
    if layout == "mail":
        return [
            Block("h2", (Span("Daily Papers"),)),
            _div(chance.choice(("by AK and the AI research community", "by community"))),
            Block(
                "p",
                (
                    Span(
                        f"Here is the selection of papers for today ({captured.day} {captured:%b}):"
                    ),
                ),
            ),
        ]
    blocks: list[Block] = []
    if chance.random() < 0.6:
        words = ["Models", "Datasets", "Spaces", "Docs", "Enterprise", "Pricing", "Log In"]
        blocks.append(Block("div", (Span("Hugging Face", "/", "Hugging Face's logo"),)))
        blocks.append(
            Block("ul", tuple(Span(word, f"/{word.lower().replace(' ', '')}") for word in words))
        )
    blocks += [
        _div("new"),
        Block("p", (Span("Get trending papers in your email inbox once a day!"),)),
        Block("p", (Span("Get trending papers in your email inbox!"),)),
        _div("Subscribe", "/login?next=%2Fpapers"),
    ]
    name = "Trending Papers" if layout == "trending" else "Daily Papers"
    blocks.append(Block("h1", (Span(name),)))
    blocks.append(
        Block("h2", (Span("by"), Span("AK", "/akhaliq", ""), Span(" and the research community")))
    )
    if layout == "search" and chance.random() < 0.5:
        blocks.append(_div(chance.choice(("long rivers", "Multi-Task LLM", "source citations"))))
    if layout == "trending":
        blocks.append(_div("Trending Papers"))
    else:
        blocks.append(Block("ul", (Span("Daily"), Span("Weekly"), Span("Monthly"))))
        if chance.random() < 0.5:
            blocks.append(_div("Trending Papers", "/papers/trending"))
        blocks.append(_div(f"{captured:%b} {captured.day}"))
    return blocks


def _footer(layout: str, captured: date, chance: random.Random) -> list[Block]:
    if layout == "mail":
        return [
            Block("p", (Span("To view more checkout today's Daily Paper page."),)),
            Block("p", (Span("Onwards and upwards,"),)),
        ]
    blocks: list[Block] = []
    if layout in ("day", "week") or chance.random() < 0.3:
        before = captured - timedelta(days=1)
        blocks += [
            _div("Previous", f"/papers/date/{before}"),
            _div(f"{before:%b} {before.day}"),
            _div("Next", "/papers"),
        ]
    if chance.random() < 0.7:
        blocks.append(Block("div", (Span("Terms", "/terms"), Span("Privacy", "/privacy"))))
    return blocks


def _people(card: Card, page: str) -> list[Block]:
    if card.organization:
        return []
    count = f"{card.author_count:,} authors"
    return [Block("ul", (*(Span("", page, "") for _ in card.names), Span(count, page)))]


def _search_card(card: Card, captured: date) -> list[Block]:
    page = f"/papers/{card.arxiv}"
    blocks = [
        _div(
            "-" if card.upvotes is None else f"{card.upvotes}",
            f"/login?next=%2Fpapers%2F{card.arxiv}",
            opens_card=True,
        ),
        Block("h3", (Span(card.title, page),)),
        *(Block("p", (Span(paragraph, page),)) for paragraph in card.paragraphs),
        *_people(card, page),
    ]
    line = [Span(f"· {shown(card.day, captured)}")]
    if card.organization:
        account, name = card.organization
        line = [Span(name, f"/{account}", account), Span(f" · {shown(card.day, captured)}")]
    if card.comments is not None:
        line += [Span(" "), Span(f"{card.comments}", f"{page}#community")]
    return [*blocks, Block("div", tuple(line))]


def _team(card: Card, page: str) -> list[Block]:
    """The organization and the authors, whom some pages list as pictures ahead of their number.

    The link around such a list opens in the line of the organization.
    """
    count = f"· {card.author_count:,} authors" if card.author_count else ""
    if card.organization is None:
        return [_div(count, page)] if count else []
    account, name = card.organization
    organization = Span(name, f"/{account}", "")
    if not count or len(card.names) % 2:
        return [Block("div", (organization,)), *([_div(count, page)] if count else [])]
    pictures = Span("", page, "")
    return [
        Block("div", (organization, Span(" "), pictures)),
        Block("ul", (pictures, pictures, Span(count, page))),
    ]


def _day_card(card: Card, captured: date) -> list[Block]:
    page = f"/papers/{card.arxiv}"
    return [
        Block("div", (Span("Submitted by"),), opens_card=True),
        Block("div", (Span(card.submitter, f"/{card.submitter}", ""),)),
        _div(
            "-" if card.upvotes is None else f"{card.upvotes}",
            f"/login?next=%2Fpapers%2F{card.arxiv}",
        ),
        Block("h3", (Span(card.title, page),)),
        *_team(card, page),
        *([_div(f"{card.comments}", f"{page}#community")] if card.comments is not None else []),
    ]


def _trending_card(card: Card, captured: date) -> list[Block]:
    page = f"/papers/{card.arxiv}"
    line = [Span(f"· Published on {card.day:%b} {card.day.day}, {card.day.year}")]
    if card.organization:
        account, name = card.organization
        line = [Span(name, f"/{account}", account), Span(" "), *line]
    github = [_div(f"GitHub {card.github[1]}", card.github[0])] if card.github else []
    votes = "-" if card.upvotes is None else f"{card.upvotes}"
    return [
        Block("div", (Span("Submitted by"),), opens_card=True),
        Block("div", (Span(card.submitter, "", ""),)),
        Block("h3", (Span(card.title, page),)),
        *(Block("p", (Span(paragraph),)) for paragraph in card.paragraphs),
        *_people(card, ""),
        Block("div", tuple(line)),
        Block("div", (Span(f"Upvote\n{votes}", f"/login?next=%2Fpapers%2F{card.arxiv}"),)),
        *github,
        _div("arXiv Page", f"https://arxiv.org/abs/{card.arxiv}"),
    ]


def _mail_card(card: Card, captured: date) -> list[Block]:
    text = f"{card.title} ({card.upvotes or 0} ▲)"
    return [Block("ul", (Span(text, f"{SITE}/papers/{card.arxiv}"),), opens_card=True)]


_CARDS: Final[dict[str, Callable[[Card, date], list[Block]]]] = {
    "search": _search_card,
    "day": _day_card,
    "trending": _trending_card,
    "week": _day_card,
    "mail": _mail_card,
}


def _html(page: Page) -> str:
    def span(one: Span, tag: str = "") -> str:
        image = "" if one.image is None else f'<img alt="{html.escape(one.image)}" src="/x.svg">'
        words = "<br>".join(map(html.escape, one.text.split("\n")))
        text = image + words
        return f'<a href="{html.escape(one.href)}">{text}</a>' if one.href else text

    def block(one: Block) -> str:
        if one.kind == "ul":
            return "<ul>" + "".join(f"<li>{span(each)}</li>" for each in one.spans) + "</ul>"
        return f"<{one.kind}>" + "".join(map(span, one.spans)) + f"</{one.kind}>"

    return document("\n".join(map(block, page.blocks)))


def document(body: str) -> str:
    """A page of the site around its body."""
    return (
        f"<!doctype html><html><head><title>Daily Papers - Hugging Face</title>"
        f"<style>p {{ margin: 0 }}</style></head><body>{body}</body></html>\n"
    )


# What a tool makes of it


@dataclass(frozen=True, slots=True)
class Tool:
    """How a tool turns blocks into text."""

    links: str = "gone"
    """``gone``, ``inline``, ``named`` (a reference after it), ``numbered`` (a number ahead of it),
    or ``below`` (on a line of its own)."""
    width: int | None = None
    blank: bool = True
    """Whether paragraphs and headings have blank lines around them."""
    blank_all: bool = False
    """Whether other blocks have them too."""
    headings: bool = False
    anchors: bool = False
    """Whether headings have the name of an anchor after them."""
    bullet: str = "  • "
    indent: str = ""
    image: str = ""
    """How an image shows: ``alt``, ``box`` (its text in brackets), ``markdown``, or not at all."""
    splits: bool = False
    """Whether every piece of text is a line of its own."""
    joins_items: bool = False
    escapes: bool = False
    lists_references: bool = True
    glue: bool = False
    """Whether the first title is joined to the line of the site above it."""

    @property
    def keeps_addresses(self) -> bool:
        """Whether the text says where its links lead."""
        return self.links in ("inline", "below") or (
            self.links in ("named", "numbered") and self.lists_references
        )


TOOLS: Final[dict[str, Tool]] = {
    "Chromium": Tool(blank=False, bullet=""),
    "Firefox": Tool(blank=True, bullet="  • ", splits=True),
    "Firefox, no blank lines": Tool(blank=False, bullet="  • "),
    "w3m": Tool(width=80, image="alt"),
    "w3m, numbered": Tool(width=80, links="numbered", image="alt"),
    "lynx": Tool(width=78, indent="   ", bullet="  * ", links="numbered", image="alt"),
    "lynx, no list": Tool(width=78, indent="   ", bullet="  * ", image="alt"),
    "links": Tool(width=78, indent="   ", bullet="  * ", image="alt", joins_items=True),
    "clipper": Tool(links="inline", blank_all=True, headings=True, bullet="- ", image="markdown"),
    "html2text": Tool(
        links="inline", width=78, blank_all=True, headings=True, bullet="  * ", joins_items=True
    ),
    "html2text, references": Tool(
        links="named", width=78, blank_all=True, headings=True, bullet="  * "
    ),
    "references without a list": Tool(
        links="named", width=118, headings=True, bullet="* ", image="box", lists_references=False
    ),
    "markdownify": Tool(
        links="inline", blank_all=True, headings=True, bullet="* ", image="markdown", escapes=True
    ),
    "pandoc, plain": Tool(width=72, blank_all=True, bullet="-   "),
    "pandoc, gfm": Tool(links="inline", width=72, blank_all=True, headings=True, bullet="-   "),
    "pandoc, commonmark_x": Tool(
        links="inline", blank_all=True, headings=True, anchors=True, bullet="-   "
    ),
    "BeautifulSoup": Tool(blank=False, bullet="", splits=True),
    "inscriptis": Tool(bullet="    * ", indent="    "),
    "addresses between": Tool(links="below", blank_all=True, bullet="", image="box"),
    "structured": Tool(links="inline", blank_all=True, headings=True, bullet="- ", image="box"),
    "glued": Tool(blank=False, bullet="  • ", glue=True),
}


def render(page: Page, tool: Tool) -> str:
    """The text of a page as a tool gives it."""
    references: list[str] = []
    parts: list[tuple[str, bool]] = []
    for block in page.blocks:
        has_gaps = tool.blank_all or (tool.blank and block.kind in ("p", "h1", "h2", "h3", "ul"))
        if not tool.blank and tool.bullet == "" and block.kind == "p":
            has_gaps = not tool.splits
        lines = _lines(block, tool, references)
        text = "\n".join(_wrapped(line, tool) for line in lines)
        if text.strip():
            parts.append((text, has_gaps))
    out: list[str] = []
    gap = False
    for text, has_gaps in parts:
        if out and (gap or has_gaps):
            out.append("")
        out.append(text)
        gap = has_gaps
    if references and tool.lists_references:
        if tool.links == "numbered":
            out += ["", "References", ""]
            out += [f"{tool.indent}{n}. {href}" for n, href in enumerate(references, 1)]
        else:
            out += ["", *(f"   [{n}]: {href}" for n, href in enumerate(references, 1))]
    text = "\n".join(out) + "\n"
    return text.replace("Subscribe\n", "Subscribe", 1) if tool.glue else text


def _lines(block: Block, tool: Tool, references: list[str]) -> list[str]:
    if block.kind == "ul":
        items = [_span(span, tool, references) for span in block.spans]
        if tool.bullet == "":
            return [line for item in items for line in item.split("\n") if line]
        if tool.joins_items and len(items) > 1 and not block.spans[0].text:
            return [" ".join(f"{tool.bullet.strip()} {item}".strip() for item in items)]
        return [f"{tool.bullet}{item}" for item in items]
    prefix = "#" * int(block.kind[1]) + " " if block.kind[0] == "h" and tool.headings else ""
    spans = [_span(span, tool, references) for span in block.spans]
    if tool.splits:
        parts = [part.strip() for text in spans for part in re.split(r"(?<=·) |\n", text)]
        return [part for part in parts if part]
    if tool.links == "below":
        return [part.strip() for text in spans for part in text.split("\n") if part.strip()]
    lines = "".join(spans).split("\n")
    suffix = " {#" + "-".join(re.findall("[a-z]+", lines[-1].lower())[:9]) + "}"
    lines[-1] += suffix if prefix and tool.anchors else ""
    return [prefix + lines[0], *lines[1:]] if lines[0].strip() else []


def _span(span: Span, tool: Tool, references: list[str]) -> str:
    text = span.text
    if tool.escapes:
        text = re.sub(r"([*_\\])", r"\\\1", text)
    if span.image is not None:
        picture = {
            "alt": f"{span.image} " if span.image else "",
            "box": f"[{span.image or 'image'}] ",
            "markdown": f"![{span.image}](https://cdn.example/x.svg)",
            "": "",
        }[tool.image]
        text = picture + text
    if not span.href or not text.strip():
        return text
    href = span.href if span.href.startswith("http") else SITE + span.href
    match tool.links:
        case "inline":
            return f"[{text}]({href})"
        case "named":
            references.append(href)
            return f"[{text}][{len(references)}]"
        case "numbered":
            references.append(href)
            return f"[{len(references)}]{text}"
        case "below":
            return f"{text}\n{href}\n"
        case _:
            return text


def _wrapped(line: str, tool: Tool) -> str:
    if tool.width is None or len(line) <= tool.width:
        return tool.indent + line
    return textwrap.fill(
        line,
        tool.width,
        initial_indent=tool.indent,
        subsequent_indent=tool.indent,
        break_long_words=False,
        break_on_hyphens=tool.links == "inline",
    )


# The real ones


def _run(*command: str) -> Callable[[str], str]:
    def convert(source: str) -> str:
        result = subprocess.run(
            command, input=source, capture_output=True, text=True, check=True, encoding="utf-8"
        )
        return result.stdout

    return convert


_SELECT_ALL: Final = """<script>onload = () => {
    getSelection().selectAllChildren(document.body)
    const text = getSelection().toString()
    document.documentElement.innerHTML = "<pre></pre>"
    document.querySelector("pre").textContent = text
}</script>"""
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


def _copied_from(browser: str) -> Callable[[str], str]:
    """Selects all of a page in a browser of the Chromium family, without a window."""

    def convert(source: str) -> str:
        with TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            page.write_text(f"<meta charset=utf-8>{source}{_SELECT_ALL}", "utf-8")
            options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}")
            dump = _run(browser, *options, "--dump-dom", page.as_uri())("")
        return html.unescape(dump.partition("<pre>")[2].rpartition("</pre>")[0])

    return convert


def real_tools() -> dict[str, tuple[Callable[[str], str], bool]]:
    """The tools that are installed: functions from HTML to text, and whether addresses are kept."""
    commands: dict[str, tuple[tuple[str, ...], bool]] = {
        "w3m": (
            ("w3m", "-dump", "-T", "text/html", "-cols", "80", "-I", "utf-8", "-O", "utf-8"),
            False,
        ),
        "lynx": (
            ("lynx", "-dump", "-stdin", "-assume_charset=utf-8", "-display_charset=utf-8"),
            True,
        ),
        "pandoc, plain": (("pandoc", "-f", "html", "-t", "plain"), False),
        "pandoc, gfm": (("pandoc", "-f", "html", "-t", "gfm"), True),
        "pandoc, commonmark_x": (("pandoc", "-f", "html", "-t", "commonmark_x"), True),
    }
    tools = {
        f"{name} (installed)": (_run(*command), keeps)
        for name, (command, keeps) in commands.items()
        if shutil.which(command[0])
    }
    for browser in list(filter(shutil.which, _BROWSERS))[:1]:
        tools[f"select all in {browser} (installed)"] = (_copied_from(browser), False)
    return tools


def pages(count: int, seed: int, tools: Iterable[str] = TOOLS) -> Iterable[tuple[Page, str]]:
    """Pages over all layouts, each with a tool, in turn; the same seed gives the same."""
    chance = random.Random(seed)
    names: Sequence[str] = list(tools)
    for number in range(count):
        yield (
            draw_page(chance, LAYOUTS[number % len(LAYOUTS)]),
            names[number // len(LAYOUTS) % len(names)],
        )
