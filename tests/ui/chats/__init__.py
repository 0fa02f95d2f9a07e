"""The list of conversations, and thumbs."""
