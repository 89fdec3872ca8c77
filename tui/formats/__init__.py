"""Import and export formats. Pure: no files, clock, network or settings."""
