"""Everything that goes wrong, done on purpose and counted: ``make torture``.

Each suite tries faults of one kind on the real thing and tells what became of them; each has a
control, a fault seeded into the app itself, that must make it fail. ``make test`` runs them small.
"""
