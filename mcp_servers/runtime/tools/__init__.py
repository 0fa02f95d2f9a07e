"""Turning functions into tools: confirmation, results, progress."""
