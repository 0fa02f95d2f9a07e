"""Which endpoint answers what: needs, choices, what is remembered and what is counted."""
