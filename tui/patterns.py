"""Regular expressions that are compiled when they are first used.

A start loads sixty of them, which take a tenth of a millisecond each, and uses a few.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import compile

    regex = compile
else:
    import re

    class regex:  # noqa: N801
        """As ``re.compile``, for modules that a start loads."""

        def __init__(self, source, flags=0):
            self._source = source
            self._flags = flags

        def __getattr__(self, name):
            """A method or attribute of the compiled pattern; kept, so this is called once."""
            value = getattr(re.compile(self._source, self._flags), name)
            setattr(self, name, value)
            return value
