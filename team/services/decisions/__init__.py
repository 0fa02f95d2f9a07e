"""Decisions weighed: options by criteria, on evidence from the shop's tools."""
