"""A library at rest: whole files, the journal, backups and the lock."""
