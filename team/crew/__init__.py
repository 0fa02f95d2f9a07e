"""The specialists of one turn: AutoGen's agents with their voices, tools and context."""
