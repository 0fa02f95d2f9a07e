"""Calls of a server of one tool: bare, and as ours are served."""
