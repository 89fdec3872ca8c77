"""Where a user was: before what is shown, and when a session ended."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library

MAX_STEPS: Final = 100
"""Places on the way back."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a user was: the query, the paper at the cursor, the selection."""

    query: str = ""
    key: str | None = None
    selected: frozenset[str] = frozenset()
    gathered: frozenset[str] = frozenset()
    """Keys of the papers that are shown by themselves, which ``is:selected`` finds, too."""


@dataclass(frozen=True, slots=True)
class Place:
    """A step on the way back."""

    query: str
    key: str | None
    """The paper at the cursor."""
    is_refined: bool = False
    """Whether the query refines that of the place before."""


class WayBack:
    """The places to which the user can go back.

    What is typed refines a view, so that one step leads back to the view. What is looked at from
    there, such as similar papers, is a step further. From a view that was gone to by its name, only
    the place before it is left. The way back passes no place twice, and ends at the start query.
    """

    def __init__(self, start: str, places: Sequence[Place] = ()) -> None:
        """Begins with these places, behind the start query, which has no blanks at its ends."""
        self.start = start
        self.places = list(places)
        """The last place last."""
        self._is_refined = False
        """Whether the present place is."""

    def shorten(self) -> None:
        """Drops all places but the start."""
        self.places = [place for place in self.places[:1] if place.query == self.start]

    def leave(self, query: str, key: str | None, to: str, *, refines: bool = False) -> None:
        """Adds a place that is left for another query, unless that one is on the way already.

        Args:
            query: The query of the place.
            key: The paper at the cursor.
            to: The query that is shown instead.
            refines: Whether it differs from the first one in an order, a word or a state.
        """
        if query == to:
            return
        if not (refines and self._is_refined):
            place = Place(query, key, self._is_refined)
            self.places = [*self.places[-MAX_STEPS:], place]
        self._is_refined = refines
        passed = [self.start, *(place.query for place in self.places)]
        if to in passed:
            earlier = max(passed.index(to) - 1, 0)
            self._is_refined = to != self.start and self.places[earlier].is_refined
            del self.places[earlier:]

    def back(self, query: str, key: str | None) -> Place | None:
        """The last place, taken off the way, finally the start; ``None`` if nothing is left.

        Args:
            key: The paper at the cursor, where it is at the start.
        """
        if not self.places and query == self.start:
            return None
        place = self.places.pop() if self.places else Place(self.start, key)
        self._is_refined = place.is_refined
        return place


class SavedPlace(NamedTuple):
    """Where a user was when a session ended."""

    here: Bookmark
    list: str | None = None
    """The current list, even if it was deleted."""
    before: Place | None = None
    """The last place on the way back."""

    @classmethod
    def of(cls, stored: Mapping[str, Any], start: str, library: "Library") -> "SavedPlace":
        """A place as it was stored, without papers that are not in the library.

        Args:
            stored: See ``stored``; empty if none was.
            start: The start query, where no other was stored.
            library: The library.
        """

        def keys(name: str) -> frozenset[str]:
            value = stored.get(name)
            return frozenset(filter(library.__contains__, value if isinstance(value, list) else ()))

        query, key, name = (stored.get(each) for each in ("query", "key", "list"))
        query = query if isinstance(query, str) else start
        key = key if isinstance(key, str) and key in library else None
        before = None
        match stored.get("before"):
            case [str() | None as earlier, str() | None as at]:
                before = Place(start if earlier is None else earlier, at)
        here = Bookmark(query, key, keys("selected"), keys("gathered"))
        return cls(here, name if isinstance(name, str) else None, before)

    def stored(self, start: str) -> dict[str, Any]:
        """The place in JSON; the start query may be another one when it is read."""
        place: dict[str, Any] = {"query": self.here.query, "key": self.here.key, "list": self.list}
        if self.before is not None:
            is_start = self.before.query == start
            place["before"] = [None if is_start else self.before.query, self.before.key]
        if self.here.selected or self.here.gathered:
            place["selected"] = sorted(self.here.selected)
            place["gathered"] = sorted(self.here.gathered)
        return place
