"""The project's dataclasses behave as those of the standard library."""

import copy
import dataclasses
import pickle
from dataclasses import KW_ONLY, FrozenInstanceError, field, replace
from itertools import product
from typing import Any

import pytest

from tui.values import dataclass

DECLARE = [dataclass, dataclasses.dataclass]


def declared(declare: Any) -> tuple[Any, Any]:
    """A class and one derived from it."""

    @declare(frozen=True, slots=True)
    class Base:
        """A value."""

        name: str
        size: int = 1
        _: KW_ONLY
        origin: str = field(default="", compare=False)
        parts: list[int] = field(default_factory=list)

        @property
        def twice(self) -> int:
            """A property beside the fields."""
            return 2 * self.size

    @declare(frozen=True, slots=True, kw_only=True)
    class Derived(Base):
        """A value with one more."""

        more: str

    return Base, Derived


def attempt(work: Any) -> Any:
    """What it returns, or the error that it raises."""
    try:
        return work()
    except (TypeError, AttributeError) as error:
        return type(error)


ARGUMENTS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a",), {}),
    (("a", 2), {"origin": "x"}),
    ((), {"name": "a", "parts": [3], "size": 4}),
    ((), {}),
    (("a", 2, "x"), {}),
    (("a",), {"name": "b"}),
    (("a",), {"other": 1}),
]


@pytest.mark.parametrize(("arguments", "options"), ARGUMENTS)
@pytest.mark.parametrize("which", [0, 1])
def test_instances_are_made_alike(
    which: int, arguments: tuple[Any, ...], options: dict[str, Any]
) -> None:
    options = options | ({"more": "m"} if which else {})

    def described(declare: Any) -> Any:
        cls = declared(declare)[which]
        first = attempt(lambda: repr(cls(*arguments, **options)))
        assert first == attempt(lambda: repr(cls(*arguments, **options)))  # the second as the first
        return first

    ours, theirs = map(described, DECLARE)
    assert ours == theirs


def test_instances_compare_and_hash_alike() -> None:
    def compared(declare: Any) -> Any:
        base, derived = declared(declare)
        values = [base("a"), base("a", origin="x"), base("a", 2), base("b"), derived("a", more="")]
        return [(one == other, one != other) for one, other in product(values, values)]

    ours, theirs = map(compared, DECLARE)
    assert ours == theirs

    @dataclass(frozen=True, slots=True)
    class Point:
        """A value that can be hashed."""

        x: int
        label: str = field(default="", compare=False)

    assert len({Point(1), Point(1, "a"), Point(2)}) == 2


def test_classes_without_equality_compare_by_identity() -> None:
    @dataclass(frozen=True, slots=True, eq=False)
    class Result:
        """A value that is only itself."""

        rows: list[int]

    result = Result([1])
    assert result == result
    assert result != Result([1])
    assert result in {result}


def test_classes_without_fields_are_equal() -> None:
    @dataclass(frozen=True, slots=True)
    class Nothing:
        """A value without parts."""

    assert Nothing() == Nothing()
    assert repr(Nothing()).endswith("Nothing()")


@pytest.mark.parametrize("name", ["size", "other"])
def test_instances_do_not_change(name: str) -> None:
    value = declared(dataclass)[1]("a", more="b")
    before = repr(value)
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, 2)
    with pytest.raises(FrozenInstanceError):
        delattr(value, name)
    assert repr(value) == before


def test_default_parts_are_made_for_each_instance() -> None:
    base, _ = declared(dataclass)
    assert base("a").parts is not base("a").parts


def test_a_changed_copy_is_a_new_value() -> None:
    _, derived = declared(dataclass)
    value = derived("a", more="b")
    assert replace(value, size=5) == derived("a", 5, more="b")
    assert dataclasses.asdict(value) == {
        "name": "a",
        "size": 1,
        "origin": "",
        "parts": [],
        "more": "b",
    }


def test_methods_of_the_class_stay() -> None:
    @dataclass(frozen=True, slots=True)
    class Shy:
        """A value with its own words."""

        secret: str

        def __repr__(self) -> str:
            return "Shy()"

    assert repr(Shy("x")) == "Shy()"
    assert declared(dataclass)[0]("a", 3).twice == 6


@dataclass(frozen=True, slots=True)
class Named:
    """A value that pickle finds by its name."""

    name: str
    parts: list[int] = field(default_factory=list, compare=False)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
)
def test_a_copy_is_equal_in_each_field(copied: Any) -> None:
    value = Named("a", [1])
    assert repr(copied(value)) == repr(value)
    assert (copied(value).parts is value.parts) == (copied is copy.copy)


def test_a_method_that_would_not_be_called_is_refused() -> None:
    with pytest.raises(AssertionError, match="it would not be called"):

        @dataclass(frozen=True, slots=True)
        class Checked:
            """A value that checks its fields."""

            def __post_init__(self) -> None:
                """Is called by the standard library alone."""
