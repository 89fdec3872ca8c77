"""HTML as the text that a text browser shows, with each address on a line of its own.

The address of a link follows the block that it is in, as ``<https://…>``, so that what reads text
needs to know nothing of HTML.
"""

import re
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

SITE: Final = "https://huggingface.co/"
"""What relative addresses belong to when the page does not say where it is from."""
_BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body button center dd details div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p "
        "pre section summary table tbody td tfoot th thead title tr ul",
    )
)
_HIDDEN: Final = frozenset(("script", "style", "template", "noscript", "svg", "select", "head"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def html_to_text(source: str, base: str = SITE) -> str:
    """The visible text of a page, a block on each line.

    Headings begin with ``#``, items of a list with a bullet, and names that lists have as tooltips,
    as those of authors, stand after ``Authors:``.

    Args:
        source: HTML, well formed or not.
        base: The address of the page.
    """
    reducer = _Reducer(base)
    reducer.feed(source)
    reducer.close()
    reducer.end_block()
    return "\n".join(reducer.lines)


class LenientParser(HTMLParser):
    """A parser that takes a declaration which is none for a comment, as browsers do.

    Python 3.11 raises an error there (https://github.com/python/cpython/issues/77057).
    """

    def parse_html_declaration(self, i: int) -> int:
        """Skips a declaration; where it ends, or -1 if that is not known yet."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)


class _Reducer(LenientParser):
    """Collects the text of blocks, and the addresses of links."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._base = base
        self._words: list[str] = []
        self._prefix = ""
        self._addresses: list[str] = []
        self._hidden = 0
        self._names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a block, or takes the address of a link."""
        values = dict(attrs)
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "base" and values.get("href"):
            self._base = values["href"] or self._base
        elif tag == "br":
            self._words.append("\n")
        elif tag in _BLOCKS:
            self.end_block()
            if tag in _HEADINGS:
                self._prefix = "#" * int(tag[1]) + " "
            elif tag == "li":
                self._prefix = "• "
                if name := (values.get("title") or "").strip():
                    self._names.append(name)
        elif tag == "a" and not self._hidden and values.get("href"):
            address = self._resolved(values["href"] or "")
            if address.startswith(("http:", "https:")):
                self._addresses.append(address)

    def handle_endtag(self, tag: str) -> None:
        """Ends a block."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.end_block()
            if tag == "ul" and self._names:
                if any("author" in line for line in self.lines[-3:]):
                    self.lines.append("Authors: " + ", ".join(self._names))
                self._names = []

    def handle_data(self, data: str) -> None:
        """Takes text."""
        if not self._hidden:
            self._words.append(re.sub(r"\s+", " ", data))

    def end_block(self) -> None:
        """Writes the text of the block as lines, and its addresses below."""
        text = "".join(self._words)
        self._words = []
        lines = [" ".join(line.split()) for line in text.split("\n")]
        lines = [line for line in lines if line]
        if lines:
            lines[0] = self._prefix + lines[0]
            self._prefix = ""
            self.lines += ["", *lines] if len(lines[0]) > 1 else lines
            self.lines += [f"<{address}>" for address in dict.fromkeys(self._addresses)]
            self._addresses = []

    def _resolved(self, address: str) -> str:
        try:
            return urljoin(self._base, address.strip()).replace(" ", "%20")
        except ValueError:  # such as a bracket in a host
            return ""
