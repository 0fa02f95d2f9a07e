"""OAuth for programs: registration, consent, tokens."""
