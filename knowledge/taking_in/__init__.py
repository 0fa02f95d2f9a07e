"""Ingesting documents: which have changed, their rows, their index."""
