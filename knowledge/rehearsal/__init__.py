"""Trying an ingest on a copy of the handbook: what would be answered otherwise, and what would contradict itself."""
