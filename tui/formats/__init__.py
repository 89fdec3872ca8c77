"""Formats that papers come in and leave in. Pure: no file, clock, network or setting."""
