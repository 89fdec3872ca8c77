"""Widgets: each shows a value and posts messages."""
