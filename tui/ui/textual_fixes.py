"""A paste is one text, whatever is in it.

The toolkit takes an escape within a bracketed paste for the beginning of a key, and gives the
thirty characters behind it to the app as keys (Textual 8.2, ``XTermParser.parse``): a page copied
with its colours would decide about papers.
"""

import os
from collections.abc import Iterable
from typing import Final

from textual._xterm_parser import XTermParser
from textual.message import Message

_BEGIN: Final = "\x1b[200~"
_END: Final = "\x1b[201~"


class WholePasteParser(XTermParser):
    """The toolkit's parser, which sees no escape in a paste but the one that ends it."""

    _is_pasting = False
    _held = ""

    def feed(self, data: str) -> Iterable[Message]:
        """Takes in what the terminal sent; nothing at all is the end of it."""
        bare = self._bare(data)
        return super().feed(bare) if bare or not data else ()

    def _bare(self, data: str) -> str:
        data, self._held = self._held + data, ""
        passed = []
        while data:
            mark = _END if self._is_pasting else _BEGIN
            text, found, data = data.partition(mark)
            if self._is_pasting:
                if not found:
                    begun = next(n for n in range(len(_END), -1, -1) if text.endswith(_END[:n]))
                    text, self._held = text[: len(text) - begun], text[len(text) - begun :]
                text = text.replace("\x1b", "")
            if found:
                self._is_pasting = not self._is_pasting
            passed += [text, found]
        return "".join(passed)


def install() -> None:
    """Lets the toolkit read terminals by this parser; Windows hands over pastes otherwise."""
    if os.name == "posix":
        from textual.drivers import linux_driver

        linux_driver.XTermParser = WholePasteParser  # type: ignore[attr-defined]
