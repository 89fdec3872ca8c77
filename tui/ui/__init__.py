"""The terminal front end; the only package that uses Textual, Rich and pyperclip."""

import os

os.environ.setdefault("TEXTUAL_FPS", "120")  # a frame starts at most 8 ms late, not 16
