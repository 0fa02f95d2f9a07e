"""Scripted conversations: what a customer says, and what must and must not happen."""
