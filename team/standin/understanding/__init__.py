"""What a text asks for: its language, its wishes, the orders it names, and what was said before it."""
