"""A mind that misbehaves, reproducibly by seed, in ways real models do: it tests what a shop withstands."""
