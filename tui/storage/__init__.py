"""A library on disk: files, journal, backups and lock."""
