"""Decisions weighed."""
