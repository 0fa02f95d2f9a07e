"""Fetching a shop's own pages from its site, politely, and keeping them to be taken in."""
