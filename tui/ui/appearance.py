"""How the user wants the app to look: the theme, and the columns of the list."""

from collections.abc import Mapping
from typing import Any

from tui.actions.questions import Answer, Choice, Question
from tui.config import Config
from tui.ui.key_screen import KeyScreen
from tui.ui.themes import OURS
from tui.ui.widgets.columns import COLUMNS
from tui.ui.widgets.panes import Panes


class Appearance:
    """Asks how the main screen is to look, and remembers the answers."""

    def __init__(self, screen: KeyScreen[None], panes: Panes, settings: Config) -> None:
        self._screen = screen
        self._panes = panes
        self._settings = settings
        self._theme = ""
        """The theme the user chose; empty for that of the configuration."""

    async def action_theme(self) -> None:
        """Chooses the theme; it is remembered, unless the configuration sets one."""
        app = self._screen.app
        names = sorted(app.available_themes, key=lambda name: (not name.startswith(OURS), name))
        choices = [Choice(name) for name in names]

        def choose(answer: Answer) -> None:
            self._theme = app.theme = answer.text

        await self._screen.ask(Question("Theme", choices), choose)

    async def action_columns(self) -> None:
        """Chooses the columns of a wide list."""
        panes, chosen = self._panes, self._panes.columns
        choices = [
            Choice(each.id, each.label, is_checked=each.id in chosen)
            for each in COLUMNS
            if each.label
        ]

        def choose(answer: Answer) -> None:
            changed = {line.removeprefix("-") for line in answer.text.split()}
            panes.columns = chosen ^ changed

        hint = "Tab checks, Enter saves"
        if not panes.heads.display and panes.arrangement != "full":
            hint += "; shown in a window of 160 columns"
        elif not panes.heads.display:
            hint += f"; shown with one line a paper ({self._screen.key_for('look.rows')})"
        await self._screen.ask(Question("Columns", choices, is_checklist=True, hint=hint), choose)

    def place(self) -> dict[str, Any]:
        """The theme, for the next start; the panes have the columns."""
        return {"theme": self._theme} if self._theme else {}

    def restore_place(self, place: Mapping[str, Any]) -> None:
        """Restores what ``place`` returned; an unknown theme is ignored."""
        theme = place.get("theme")
        if isinstance(theme, str) and theme in self._screen.app.available_themes:
            self._theme = theme
            if self._settings.theme == Config().theme:  # else the configuration wins
                self._screen.app.theme = theme
