"""What the app says first, and a first triage of five papers that shows a few keys each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tui.actions.context import Outcome
from tui.model.layout import plural
from tui.ui.key_screen import KeyScreen
from tui.values import dataclass
from tui.workspace import Workspace

_SKIP: Final = {"look.back": "skip"}


@dataclass(frozen=True, slots=True)
class Step:
    """The hint of the footer before the next decision."""

    lead: str
    """A few words before the keys."""
    labels: Mapping[str, str]
    """The keys, by the ids of their bindings, the most important first."""


_STEPS: Final[Sequence[Mapping[str, str]]] = (
    {"mark.read": "read", "mark.dismissed": "dismiss", "list.add": "add"},
    {"undo": "undo", "mark.star": "star", "list.add": "add"},
    {"mark.snooze": "snooze", "note.edit": "note"},
    {"filter.edit": "filter", "tag.edit": "tags"},
    {"view.kept": "kept", "look.help": "all keys"},
)
_NOTHING_KEPT: Final = {"mark.star": "star to keep", "look.help": "all keys"}
"""The last step where there is nothing kept to look at."""
_WITH_SAMPLES: Final = {
    "mark.read": "read",
    "mark.dismissed": "dismiss",
    "samples.remove": "drop them",
}
"""The first step where all papers are samples, which the user may want to remove."""
PAPERS: Final = len(_STEPS)
"""How many papers the first triage takes: one for each step."""


class Guide:
    """Where a user is in the first triage; undoing a decision goes a step back."""

    def __init__(self) -> None:
        self.is_over = False
        """Whether the user has finished or skipped it."""
        self.is_on = False
        """Whether it goes on."""
        self._papers = 0
        """The number of papers in the library at the last step."""
        self._decided = 0
        """How many of them were not in the inbox at its beginning."""

    def begin(self, papers: int, left: int) -> None:
        """Begins, with a number of papers, and of those that are left in the inbox."""
        self.is_on, self._papers, self._decided = True, papers, papers - left

    def end(self) -> None:
        """Ends it."""
        self.is_on, self.is_over = False, True

    def step(self, papers: int, left: int, kept: int, *, are_samples: bool) -> Step | None:
        """The step for a number of papers decided so far; ``None`` after the last one.

        Args:
            papers: The number of papers; where more came in, it begins again.
            left: How many of them are left in the inbox.
            kept: How many of them are kept.
            are_samples: Whether they are the sample papers.
        """
        if papers > self._papers:
            self.begin(papers, left)
        self._papers, self._decided = papers, min(self._decided, papers - left)
        number = papers - left - self._decided
        if number >= PAPERS:
            return None
        lead, labels = f"Step {number + 1} of {PAPERS}", _STEPS[number]
        if "view.kept" in labels and not kept:
            labels = _NOTHING_KEPT
        elif not number and are_samples:
            lead, labels = f"Samples; paste yours. {lead}:", _WITH_SAMPLES
        elif not number:
            lead = f"{lead}: read the abstract, then"
        return Step(lead, {**labels, **_SKIP})


class Greeting:
    """Greets a user on the main screen."""

    def __init__(
        self,
        screen: KeyScreen[None],
        problems: Sequence[str],
        label_keys: Callable[[], None],
    ) -> None:
        """Says nothing before ``show``.

        Args:
            problems: Those of the configuration; the first is shown.
            label_keys: Shows the keys of the present ``step``.
        """
        self.has_samples_alone = False
        """Whether there are only sample papers, so that the footer has the key to remove them."""
        self._screen = screen
        self._problems = problems
        self._label_keys = label_keys
        self._guide = Guide()
        self._workspace: Workspace | None = None

    def show(self, workspace: Workspace) -> None:
        """Shows the most important message at the start."""
        self._workspace = workspace
        library, bottom = workspace.library, self._screen.bottom
        if library.read_only_reason:
            with self._screen.reporting():
                workspace.require_write()
        elif library.warnings:
            bottom.show_message(library.warnings[0], error=True, seconds=None)
        elif damaged := library.state.damaged_lines:
            message = f"{plural(len(damaged), 'line')} of the journal cannot be read"
            bottom.show_message(f"{message}; see :doctor", error=True, seconds=None)
        elif self._problems:
            count = len(self._problems)  # first, as a message may be cut at its end
            all_of_them = f"{count} problems, see :doctor: " if count > 1 else ""
            self._screen.say(f"{all_of_them}{self._problems[0]}", error=True)
        elif self.has_samples_alone:
            self._show_samples(workspace)

    def _show_samples(self, workspace: Workspace) -> None:
        """Offers a first triage of the sample papers, or says how to be rid of them."""
        papers, inbox = len(workspace.library), workspace.library.counts().inbox
        name = plural(papers, "sample paper")
        if (
            not self._guide.is_over
            and workspace.listing.shown.is_inbox
            and PAPERS < papers == inbox
        ):
            self._guide.begin(papers, inbox)
            self._label_keys()
            return
        drop = workspace.key_for("samples.remove")
        message = f"{name}: paste your own; {drop} drops them"  # so short that keys are beside it
        self._screen.bottom.show_message(message, seconds=60.0)  # time to read, or the first key

    @property
    def is_guiding(self) -> bool:
        """Whether the first triage goes on."""
        return self._guide.is_on

    def step(self) -> Step | None:
        """The present step of the first triage, which ends after the last one."""
        workspace = self._workspace
        if not self._guide.is_on or workspace is None:
            return None
        papers, counts = len(workspace.library), workspace.library.counts()
        step = self._guide.step(
            papers, counts.inbox, counts.kept, are_samples=self.has_samples_alone
        )
        if step is None:
            self._screen.call_after_refresh(self.end_guide)  # after the confirmation
        return step

    def action_guide(self) -> Outcome | None:
        """Begins the first triage, or begins it again."""
        workspace = self._workspace
        assert workspace is not None
        inbox = workspace.library.counts().inbox
        if not inbox:
            return Outcome("The inbox is empty")
        workspace.listing.show("is:inbox", keep="")
        self._guide.begin(len(workspace.library), inbox)
        return Outcome()

    def end_guide(self) -> None:
        """Ends the first triage, and says how to add papers."""
        self._guide.end()
        self._label_keys()
        workspace = self._workspace
        if self.has_samples_alone and workspace is not None and workspace.listing.shown.left:
            drop = workspace.key_for("samples.remove")
            message = f"{drop} drops the samples; paste your own"  # the key first, as it may be cut
            self._screen.bottom.show_message(message, seconds=60.0, can_be_cut=True)

    def place(self) -> dict[str, Any]:
        """Whether the user has had the first triage, for the next start."""
        return {"guided": self._guide.is_over}

    def restore_place(self, place: Mapping[str, Any]) -> None:
        """Restores what ``place`` returned."""
        self._guide.is_over = place.get("guided") is True
