"""Customers chat with a shop whose models misbehave; this measures what they get to read and what goes wrong."""
