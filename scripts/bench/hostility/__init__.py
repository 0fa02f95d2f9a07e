"""Customers who talk with a shop whose models misbehave, and what they get to read and to suffer."""
