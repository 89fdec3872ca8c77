"""What is measured, and never a part of ``make test``: see ``make bench``."""
