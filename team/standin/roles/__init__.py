"""The roles the stand-in plays: the router, and any specialist with the tools it is offered."""
