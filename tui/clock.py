"""The clock: the one module that asks the system what time it is.

A library has a clock, ``now``, so that tests set the time. Ask that of a library where one is open,
and this one elsewhere.
"""

import time
from datetime import UTC, date, datetime


def now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date, in the user's zone."""
    return now().astimezone().date()


def seconds() -> float:
    """Seconds since 1970, as files and sites state them."""
    return time.time()
