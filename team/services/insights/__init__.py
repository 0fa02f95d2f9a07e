"""Questions on the shop's data, answered by a query that a model writes and code checks and runs."""
