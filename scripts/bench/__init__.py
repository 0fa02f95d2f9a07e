"""Measurements: each executable here prints a table, and what they share is in the modules beside them."""
