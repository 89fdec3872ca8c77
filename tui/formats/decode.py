"""Decoding bytes to text, with an error that names what else they are."""

import codecs
from typing import Final

from tui.errors import InputError

_SIGNATURES: Final = (
    (b"%PDF", "a PDF document", "Open it and copy the text of the page."),
    (b"PK\x03\x04", "a ZIP archive", "Unpack it first."),
    (b"\x1f\x8b", "gzip-compressed", "Unpack it first: gunzip."),
    (b"\xfd7zXZ", "xz-compressed", "Unpack it first: unxz."),
    (b"BZh", "bzip2-compressed", "Unpack it first: bunzip2."),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", "Unpack it first: unzstd."),
    (b"\x89PNG", "a PNG picture", "Save what it shows as text."),
    (b"\xff\xd8\xff", "a JPEG picture", "Save what it shows as text."),
    (b"GIF8", "a GIF picture", "Save what it shows as text."),
    (b"\x7fELF", "a program", "Name a text file."),
    (b"SQLite format 3", "an SQLite database", "Name a text file."),
)
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<?xml", b"<body", b"<div", b"<script")


def decode(data: bytes, name: str) -> str:
    r"""The text of a file, with ``\n`` for every line end.

    UTF-8, or UTF-16 and UTF-32 with a byte order mark. Nothing is guessed, as wrong letters would
    give papers wrong keys.

    Raises:
        InputError: If it is empty, something other than text, or in another encoding.
    """
    if not data.strip(b" \t\r\n\x00"):
        raise InputError(f"{name}: the file is empty", "Save it again.")
    for signature, kind, hint in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{name}: this looks like {kind}, not text", hint)
    encoding, start = "utf-8", 0
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            encoding, start = marked, len(mark)
            break
    head = data[start : start + 512].lstrip().lower()
    if encoding == "utf-8" and head.startswith(_HTML):
        raise InputError(
            f"{name}: this is the HTML source of a page",
            "In the browser, save the page as text, or select all and copy.",
        )
    if encoding == "utf-8" and data.count(b"\x00") > len(data) // 100:
        raise InputError(f"{name}: this is binary data, not text", "Name a text file.")
    try:
        text = data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        if error.reason.startswith(("unexpected end", "truncated")) and error.start > 0:
            # Truncated within a character: the importer warns about the replacement character.
            whole = data[start : start + error.start].decode(encoding)
            return _fold_line_ends(whole + "\ufffd")
        line = data.count(b"\n", 0, start + error.start) + 1
        label = encoding.upper()
        if _is_mostly_text(data):
            raise InputError(
                f"{name}, line {line}: this text is not {label} (Latin-1, perhaps)",
                f"Convert it first: iconv -f latin1 -t utf-8 {name}.",
            ) from error
        raise InputError(f"{name}: this is binary data, not text", "Name a text file.") from error
    return _fold_line_ends(text)


def _fold_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_mostly_text(data: bytes) -> bool:
    """Whether at most one in a hundred of the first bytes is a control character."""
    head = data[:65_536]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return controls * 100 <= len(head)
