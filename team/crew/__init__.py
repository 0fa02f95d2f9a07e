"""The specialists of one turn: AutoGen's agents, their voices, tools and context."""
