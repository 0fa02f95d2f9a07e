"""Traces: what they are called, where they begin, and where they are sent."""
