"""How the papers are looked at: panes, rows, zoom, colours, and the way back."""

from typing import Any, Final

from textual import events, on

from tui.config import Config
from tui.library import Library
from tui.ui.finding import FindingScreen
from tui.ui.widgets.paper_list import PaperList
from tui.ui.widgets.picker import Answer, Choice, Picker
from tui.ui.widgets.sidebar import Sidebar

LAYOUTS: Final = {"stacked": 0, "side": 60, "full": 120}
"""Ways to place the panes, with the columns that each needs: one above the other, side by side,
and that with the sidebar."""

_SHARE: Final = {"stacked": 43, "side": 43, "full": 45}
"""The list's per cent of the screen, when the reader has moved the split."""

DEFAULT_THEME: Final = Config().theme
_MOST: Final = {"stacked": 85, "side": 85, "full": 65}
"""The most that it may take: a wide list and the sidebar leave the abstract its part."""
_STEP: Final = 5
_SMALLEST: Final = (40, 10)
"""Columns and rows below which nothing is drawn but a sentence."""


class LookingScreen(FindingScreen):
    """Panes that follow the size of the terminal, unless the reader wants them otherwise."""

    _layout = ""
    """The layout that the reader chose; empty for what the width suggests."""
    _tall: bool | None = None
    """Whether rows have two lines; ``None`` for what the layout suggests."""
    _theme = ""
    """The colours that the reader chose; empty for those of the configuration."""
    _split = 0
    """Steps by which the list is larger than it would be."""

    def take(self, library: Library, *, resume: bool = True) -> None:
        """Shows a library, and looks as the reader left it."""
        session = library.session
        layout, tall, split = (session.get(name) for name in ("layout", "tall", "split"))
        self._layout = layout if isinstance(layout, str) and layout in LAYOUTS else ""
        self._tall = tall if isinstance(tall, bool) else None
        self._split = split if isinstance(split, int) and abs(split) <= 10 else 0
        theme = session.get("theme")
        if isinstance(theme, str) and theme in self.app.available_themes:
            self._theme = theme
            if self.app.theme == DEFAULT_THEME:  # the configuration names no other
                self.app.theme = theme
        super().take(library, resume=resume)
        self._set_layout()

    def session(self) -> dict[str, Any]:
        """Where the reader is, and how it looks there."""
        looks: dict[str, Any] = {"layout": self._layout, "tall": self._tall, "split": self._split}
        if self._theme:
            looks["theme"] = self._theme
        return {**super().session(), **looks}

    def on_mount(self) -> None:
        """Places the panes."""
        super().on_mount()
        self._set_layout()

    def on_resize(self, event: events.Resize) -> None:
        """Places the panes anew."""
        self._set_layout()

    async def action_press(self, key: str) -> None:
        """A key; where the papers cannot be seen, only what leaves does anything."""
        leaving = {name for bound in self.table if bound.id == "quit" for name in bound.keys}
        if not self.has_class("-small") or key in leaving:
            await super().action_press(key)

    # Layout

    @property
    def layout_now(self) -> str:
        """The layout that is on screen."""
        width = self.app.size.width
        if self._layout and width >= LAYOUTS[self._layout]:
            return self._layout
        return "full" if width >= 160 else "side" if width >= 100 else "stacked"

    def _set_layout(self) -> None:
        size, layout = self.app.size, self.layout_now
        for name in LAYOUTS:
            self.set_class(name == layout, f"-{name}")
        self.set_class(size.width < _SMALLEST[0] or size.height < _SMALLEST[1], "-small")
        papers = self.papers
        if self.focused is None and not self.has_class("-small"):  # what had it was not drawn
            (self.pane if self.has_class("-zoomed") else papers).focus()
        papers.tall = layout == "side" if self._tall is None else self._tall
        papers.free = int(layout != "stacked")
        share = min(max(_SHARE[layout] + self._split * _STEP, 15), _MOST[layout])
        moved = f"{share}%" if self._split else None
        papers.styles.height = moved if layout == "stacked" else None
        papers.styles.width = moved if layout != "stacked" else None
        papers.styles.max_width = "100%" if self._split else None
        if self._library is not None:
            self._refresh_bars()
            self._refresh_sidebar()

    def action_layout(self) -> None:
        """The next way to place the panes that this width allows."""
        fitting = [
            name for name, require_list in LAYOUTS.items() if self.app.size.width >= require_list
        ]
        place = fitting.index(self.layout_now) + 1 if self.layout_now in fitting else 0
        self._layout = fitting[place % len(fitting)]
        self._split = 0
        self._set_layout()
        if len(fitting) == 1:
            self.say("this terminal is too narrow for another layout")

    def action_density(self) -> None:
        """One line a paper, or two."""
        self._tall = not self.papers.tall
        self._set_layout()

    def action_split(self, by: int) -> None:
        """Makes the list larger or smaller."""
        share = _SHARE[self.layout_now] + (self._split + by) * _STEP
        if 15 <= share <= _MOST[self.layout_now]:
            self._split += by
            self._set_layout()

    def action_reset_layout(self) -> None:
        """As the size of the terminal suggests."""
        self._layout, self._tall, self._split = "", None, 0
        self._set_layout()

    # Zoom and back

    def action_zoom(self) -> None:
        """Only the abstract, or both again; in the sidebar, what is chosen there."""
        if self.query_one(Sidebar).has_focus:
            self.query_one(Sidebar).action_select()
            return
        zoomed = not self.has_class("-zoomed")
        self.set_class(zoomed, "-zoomed")
        (self.pane if zoomed else self.papers).focus()

    def action_back(self) -> None:
        """A step back: from the selection, the zoom, the pane, the query."""
        if self.papers.selected:
            self.papers.select(())
            self._refresh_bars()
        elif self.has_class("-zoomed"):
            self.action_zoom()
        elif not self.papers.has_focus:
            self.papers.focus()
        else:
            had_said = self.bottom.message
            self.bottom.clear_message()
            if not self.go_back() and not had_said:
                self.say(f"nothing to go back to; {self._key('quit')} leaves")

    async def action_quit(self) -> None:
        """Back from the zoom, else out."""
        if self.has_class("-zoomed"):
            self.action_zoom()
        else:
            await self.app.run_action("leave")

    async def action_theme(self) -> None:
        """Chooses the colours; they stay, unless the configuration names others."""
        choices = [Choice(name, name) for name in sorted(self.app.available_themes)]

        def choose(answer: Answer) -> None:
            self._theme = self.app.theme = answer.text

        await self.ask(Picker("colours", choices), choose)

    @property
    def is_in_pane(self) -> bool:
        """Whether the abstract has the keys."""
        return self.pane.has_focus

    @on(PaperList.Opened)
    def _open_paper(self) -> None:
        self.action_zoom()
