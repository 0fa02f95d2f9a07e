"""Benchmarks: each executable in this folder prints a table; the modules next to them are what they share."""
