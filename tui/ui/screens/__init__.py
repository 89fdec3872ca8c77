"""The screens that lie over the papers."""
