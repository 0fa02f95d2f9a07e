"""The stand-in: a deterministic program that speaks a model's HTTP API on machines without a GPU."""
