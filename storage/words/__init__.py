"""What the shop says in each of its languages, and what it knows of those languages."""
