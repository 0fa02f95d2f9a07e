"""Limits of calls: per caller, at once, by time; their refusals and their counts."""
