"""The terminal front end; the only package that uses Textual, Rich and pyperclip."""
