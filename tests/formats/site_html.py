"""Generated pages in the HTML of the site, where links are around pictures, lists and blocks."""

import html
from typing import Final

from tests.formats.site_model import Card, Page, document, shown

LAYOUTS: Final = ("search", "day", "trending", "week")
"""The layouts of pages that have HTML of the site."""
_FRAME: Final = (
    "<header><a href=/><img alt='Hugging Face&#39;s logo'>Hugging Face</a><input><ul>"
    "<li><a href=/models>Models</a></li><li><a href=/docs>Docs</a></li><li><hr></li>"
    "<li><a href=/login>Log In</a></li></ul></header><main><div>new</div>"
    "<p>Get trending papers in your email inbox once a day!</p>"
    "<p>Get trending papers in your email inbox!</p><a href='/login?next=%2Fpapers'>Subscribe</a>"
    "<h1><a href=/papers>Daily Papers</a></h1>"
    "<h2>by<a href=/akhaliq><img alt=''>AK</a> and the research community</h2>"
    "<ul><li>Daily</li><li>Weekly</li><li>Monthly</li></ul><input placeholder='Search papers'>"
    "<a href=/papers/trending>Trending Papers</a>",
    "</main><footer><button>System theme</button><div>Company</div>"
    "<a href=/terms-of-service>TOS</a><a href=/privacy>Privacy</a><div>Website</div>"
    "<a href=/models>Models</a><a href=/docs>Docs</a></footer>",
)


def nested_html(page: Page) -> str:
    """A page of one of ``LAYOUTS``."""
    above, below = _FRAME
    day = f"<div>{shown(page.captured, page.captured)}</div>"
    return document(above + day + "".join(_nested(card, page) for card in page.cards) + below)


def _nested(card: Card, page: Page) -> str:
    """A card in the HTML of the site."""
    link, title = f"/papers/{card.arxiv}", html.escape(card.title)
    login = f"/login?next=%2Fpapers%2F{card.arxiv}"
    votes = "-" if card.upvotes is None else str(card.upvotes)
    heading = f"<h3><a href={link}>{title}</a></h3>"
    is_trending, has_abstract = page.layout == "trending", page.layout in ("search", "trending")
    abstract = " ".join(card.paragraphs) if has_abstract else ""
    text = f"<a href={link}><p>{html.escape(abstract)}</p></a>" if abstract else ""
    pictures = "<li><img alt=''></li>" * len(card.names)
    dot = "" if has_abstract else "<li>·</li>"
    people = (
        f"<ul>{pictures}{dot}<li><div>{card.author_count:,} authors</div></li></ul>"
        if (card.author_count)
        else ""
    )
    people = f"<a href={link}>{people}</a>" if people else ""
    if card.organization:
        account, name = card.organization
        team = f"<a href=/{account}><img alt='{account}'> <span>{html.escape(name)}</span></a>"
        people = team if has_abstract else f"{team}{' · ' if people else ''}{people}"
    submitted = (
        f"<a href={link}><img src=/x.png alt=''><div>Submitted by</div>"
        f'<div><img alt="{card.submitter}\'s avatar"> {card.submitter}</div></a>'
    )
    upvotes = f"<a href={login}><input type=checkbox><div>{votes}</div></a>"
    talk = f"<a href={link}#community><svg></svg> {card.comments}</a>" if card.comments else ""
    if is_trending:
        day = f"<span> · Published on {card.day:%b} {card.day.day}, {card.day.year}</span>"
        stars = (
            f"<a href={card.github[0]}><span>GitHub</span> {card.github[1]}</a>"
            if (card.github)
            else ""
        )
        links = f"{stars}<a href=https://arxiv.org/abs/{card.arxiv}>arXiv Page</a>"
        votes = f"<a href={login}><span>Upvote</span> <div>{votes}</div></a>{links}"
        body = f"{submitted}{heading}{text}<div>{people}{day}</div><div>{votes}</div>"
    elif has_abstract:
        day = f"<span>·</span> <time>{shown(card.day, page.captured)}</time>"
        body = f"{upvotes}<div>{heading}{text}<div>{people} {day} {talk}</div></div>"
    else:
        facts = f"{heading}<div>{people}</div><div>{talk}</div>"
        body = f"{submitted}<div>{upvotes}<div>{facts}</div></div>"
    return f"<article>{body}</article>"
