"""The terminal front end. Only here are Textual, Rich and pyperclip known."""
