"""Files of others, and what another reader says of them."""

from pathlib import Path

from tests.formats.foreign import Other, compared, lines_of

BIB = b"@misc{a, title = {On Sets}}\n@misc{b, note = {No title}}\n@misc{c, title = {On B"


def test_what_only_the_other_reader_has_is_told(tmp_path: Path) -> None:
    (file := tmp_path / "a.bib").write_bytes(BIB)
    other = Other(("On Sets", "On {B}ags"), 1)
    lines = list(lines_of(compared(file, "bibtex", lambda _: other)))
    assert lines[0].split() == ["1", "2", "3", str(file)]
    assert [line.strip() for line in lines[1:]] == [
        "1 without a title, and so no papers",
        "missing here: On {B}ags",
    ]


def test_what_one_of_them_refuses_is_told(tmp_path: Path) -> None:
    (file := tmp_path / "a.bib").write_bytes(b"\xff\xfe\x00")

    def refuses(data: bytes) -> Other:
        raise KeyError("line 1")

    lines = [line.strip() for line in lines_of(compared(file, "bibtex", refuses))]
    assert lines[1].startswith("refused here: a.bib")
    assert lines[2] == "refused there: KeyError: 'line 1'"
