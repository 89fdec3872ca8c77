"""Keyboard layouts: the key of a Latin keyboard that types a letter of another script.

A binding is a place on the keyboard to most hands, so a letter that is bound to nothing acts as the
Latin letter of the same key. Terminals that speak the Kitty protocol say which one that is, for
every layout; for the others these are the places in the layouts of X11 (``us``, ``ru``, ``ua``,
``gr``, ``il`` of ``xkeyboard-config``).
"""

from typing import Final

_LATIN: Final = "qwertyuiop[] asdfghjkl;' zxcvbnm,./ `"
_SHIFTED: Final = 'QWERTYUIOP{} ASDFGHJKL:" ZXCVBNM<>? ~'
_LAYOUTS: Final = (
    "йцукенгшщзхъ фывапролджэ ячсмитьбю. ё",  # Russian
    "йцукенгшщзхї фівапролджє ячсмитьбю. '",  # Ukrainian
    ";ςερτυθιοπ[] ασδφγηξκλ΄' ζχψωβνμ,./ `",  # Greek
    "/'קראטוןםפ][ שדגכעיחלךף, זסבהנמצתץ. ;",  # Hebrew
)

_SHIFT: Final = dict(zip(_LATIN, _SHIFTED, strict=True))


def _places() -> dict[str, str]:
    """The Latin character on the key of each letter of the layouts, shifted for a capital."""
    places: dict[str, str] = {}
    for row in _LAYOUTS:
        for letter, latin in zip(row, _LATIN, strict=True):
            if letter.isascii() or not letter.isalpha():
                continue
            places[letter] = latin
            if letter.upper().lower() == letter != letter.upper():  # Σ is σ, not ς
                places[letter.upper()] = _SHIFT[latin]
    return places


_PLACES: Final = _places()


def shifted(latin: str) -> str:
    """The character that a key of a Latin keyboard types with Shift."""
    return _SHIFT.get(latin, latin)


def latin_key(name: str) -> str:
    """The name of a key such as ``ctrl+в`` in a Latin layout; empty if it is not in the table."""
    modifier, letter = name[:-1], name[-1:]
    if modifier not in ("", "ctrl+") or letter not in _PLACES:
        return ""
    return f"{modifier}{_PLACES[letter]}"
