"""Whatever a folder of notes has in it, and wherever a file was cut: no look at it fails."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.actions.test_notes import vault, written
from tests.actions.test_pull import exported, fill, in_list, library
from tests.conftest import LAWS
from tests.libraries import Clock
from tui.actions.context import Context, Outcome
from tui.actions.pull import is_pulled, not_pulled, run_pull
from tui.config import Config
from tui.errors import PapersError
from tui.exchange.notes import export_notes, stale_notes
from tui.exchange.pull_paths import edited_files
from tui.formats.notes import FORMATS
from tui.library import Library

__all__ = ["library", "vault"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_fsync")

NO_PROPERTY = ("", "\n", "# mine\n", "just a line\n", "- a\n- b\n")
"""What may stand between two lines of three hyphens, and is no property."""


@pytest.mark.parametrize("front", NO_PROPERTY)
@pytest.mark.parametrize("name", ["Eggs.md", "thesis.md", "other.md"])
def test_a_file_whose_front_matter_has_no_property_is_kept_and_gets_ours(
    library: Library, vault: Path, name: str, front: str
) -> None:
    written(library, vault)
    file, below = vault / name, "My own.\n"
    whole = file.read_text("utf-8") if file.exists() else ""
    below = whole.partition("---\n\n")[2] + below
    file.write_text(f"---\n{front}---\n{below}", "utf-8")
    look_at(library, vault)
    written(library, vault)
    text = file.read_text("utf-8")
    assert below in text
    assert front in text
    assert ("title:" in text) == (name != "other.md")
    if "a" in front:  # which is no YAML beside properties
        assert f"---\n{front}---\n" in text


FRONTS = st.one_of(
    st.sampled_from(NO_PROPERTY),
    st.lists(
        st.sampled_from(
            ["tags:", "  - a", 'tags: ["a', "status: read", "papers-tui:", "a: b", "x:: y", "---"]
        )
    ).map(lambda lines: "".join(f"{line}\n" for line in lines)),
    st.text(max_size=20),
)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A file with other front matter, that was cut, or any text in its place."""
    kind = draw(st.sampled_from(["front", "own front", "cut", "hole", "text"]))
    if kind == "text":
        return draw(st.text(max_size=200))
    begin, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    if kind == "cut":
        return text[:begin] + draw(st.sampled_from(["", "\n", "---\n"]))
    if kind == "hole":
        return text[:begin] + text[end:]
    front = draw(FRONTS)
    if kind == "own front" and text.startswith("---\n"):
        return f"---\n{front}{text[4:]}"
    below = text.partition("---\n\n")[2] or text
    return f"---\n{front}---\n{below}"


@pytest.fixture(scope="module", params=FORMATS)
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Library, Path, str, dict[Path, str]]]:
    """A library, the folder with all that was exported from it, the format, and the texts."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve() / "vault"
        folder.mkdir()
        with Library.open(Path(name) / "library", "desk", now=Clock()) as library:
            fill(library)
            export_all(library, folder, request.param, force=False)
            texts = {path: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}
            yield library, folder, request.param, {**texts, folder / "other.md": ""}


@settings(max_examples=5 * LAWS)
@given(st.data())
def test_no_file_in_the_folder_makes_a_look_at_it_or_an_export_fail(
    place: tuple[Library, Path, str, dict[Path, str]], data: st.DataObject
) -> None:
    library, folder, format, texts = place
    for path, text in texts.items():
        path.write_text(text, "utf-8", newline="")
    path = data.draw(st.sampled_from(list(texts)))
    path.write_text(data.draw(damaged(texts[path])), "utf-8", newline="")
    with library.dry_run():
        look_at(library, folder)
        export_all(library, folder, format, force=False)
        export_all(library, folder, format, force=True)
        look_at(library, folder)


def export_all(library: Library, folder: Path, format: str, *, force: bool) -> None:
    """Exports the list to a file and as notes."""
    with suppress(PapersError):
        exported(library, folder / "list.md", force=force)
    with suppress(PapersError):
        export_notes(library, in_list(library), folder, "thesis", format, force=force)


def look_at(library: Library, folder: Path) -> None:
    """Pulls all, and asks what was edited, as the lists page and a watch do."""
    for export in library.state.reading_list("thesis").exports:
        edited_files(library, export)
    with suppress(PapersError):
        run_pull(Context(Config(), library), [str(folder)])
    for path in folder.glob("*.md"):
        if not is_pulled(library, path, path.read_bytes()):
            not_pulled(library, path, path.read_text("utf-8"))
    stale_notes(library, str(folder))


@pytest.mark.parametrize("format", FORMATS)
def test_a_note_cut_below_its_properties_is_named_and_written_whole_if_forced(
    library: Library, vault: Path, format: str
) -> None:
    written(library, vault, format)
    (bread,) = vault.glob("Bread*.md")
    whole = bread.read_text("utf-8")
    begin = whole.index("<!-- papers-tui:begin -->")
    properties = whole[:begin].rstrip("- \n") + ("\n---" if format == "obsidian" else "")
    for place in (len(properties), *range(begin - 1, len(whole) - 5, 6)):
        bread.write_text(whole[:place], "utf-8")
        line = whole[:place].rstrip().count("\n") + 1
        result = run_pull(Context(Config(), library), [str(vault)])
        assert isinstance(result, Outcome)
        is_begun = place >= begin + 25
        what = "ends before its end line" if is_begun else "no line <!-- papers-tui:begin --> below"
        assert f"line {line}: {what}; export --force" in result.notes[0]
        (exported,) = library.state.reading_list("thesis").exports
        assert edited_files(library, exported) == [bread]
        left = written(library, vault, format)
        assert str(left.problems[0]).endswith(
            ": incomplete, and left as it is; --force writes it whole"
        )
        assert not left.hint
        assert bread.read_text("utf-8") == whole[:place]
        export_notes(library, in_list(library), vault, "thesis", format, force=True)
        assert bread.read_text("utf-8") == whole


@pytest.mark.parametrize("format", FORMATS)
def test_of_a_note_that_lost_its_end_line_all_that_a_user_wrote_is_kept(
    library: Library, vault: Path, format: str
) -> None:
    written(library, vault, format)
    eggs = vault / "Eggs.md"
    text = re.sub("(?:- )?<!-- papers-tui:end .*\n", "", eggs.read_text("utf-8"))
    own = "own: 1\n" if format == "obsidian" else "own:: 1\n"
    text = text.replace("starred", f"{own}starred").replace("<!--", "above\n\n<!--", 1)
    eggs.write_text(f"{text}\n- below\n", "utf-8")
    export_notes(library, in_list(library), vault, "thesis", format, force=True)
    text = eggs.read_text("utf-8")
    assert own in text
    assert text.index("above") < text.index("papers-tui:begin")
    assert text.index("below") > text.index("papers-tui:end")


@pytest.mark.parametrize("format", FORMATS)
def test_the_note_of_a_list_that_was_cut_below_its_properties_is_written_whole(
    library: Library, vault: Path, format: str
) -> None:
    written(library, vault, format)
    index = vault / "thesis.md"
    whole = index.read_text("utf-8")
    for end in (whole.index("[[Eggs") + 4, whole.index("<!--") - 2):
        index.write_text(whole[:end], "utf-8")
        assert written(library, vault, format).problems == ()
        assert index.read_text("utf-8") == whole


def test_words_below_the_properties_of_a_page_without_its_comments_are_kept_if_forced(
    library: Library, vault: Path
) -> None:
    written(library, vault, "logseq")
    eggs = vault / "Eggs.md"
    whole = eggs.read_text("utf-8")
    eggs.write_text(whole[: whole.index("- <!--")] + "- My words.\n", "utf-8")
    assert "--force writes it whole" in str(written(library, vault, "logseq").problems[0])
    export_notes(library, in_list(library), vault, "thesis", "logseq", force=True)
    text = eggs.read_text("utf-8")
    assert text.replace("- My words.\n", "") == whole


def test_a_note_cut_in_its_properties_is_written_whole_if_forced_and_keeps_those_of_a_user(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    eggs = vault / "Eggs.md"
    whole = eggs.read_text("utf-8").replace("title:", "own: 1\ntitle:", 1)
    for place in range(11, whole.index("---\n\n"), 7):
        eggs.write_text(whole[:place], "utf-8")
        export_notes(library, in_list(library), vault, "thesis", force=True)
        assert eggs.read_text("utf-8") == whole
