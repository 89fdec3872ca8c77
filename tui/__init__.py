"""papers-tui: a reading tracker in the terminal."""

__version__ = "0.1.0"
