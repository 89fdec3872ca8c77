"""Entries in, text out; pure, one file a format.

A writer never opens a file and never asks the clock: the same items give the same bytes.
"""
