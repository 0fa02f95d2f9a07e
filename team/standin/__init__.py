"""The stand-in: a deterministic program that speaks a model's HTTP API where there is no GPU."""
