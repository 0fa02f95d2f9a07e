"""A document read closely: what it obliges to, when, for how much, and where the handbook says otherwise."""
