"""JSON as it is printed."""

import json
import re
from typing import Any, Final

_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e0fff]"
)


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """JSON with all characters escaped that a terminal could interpret."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    return _UNSAFE.sub(lambda match: json.dumps(match.group())[1:-1], text)
