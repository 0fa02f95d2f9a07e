"""Servers of the same orders, made the usual ways."""
