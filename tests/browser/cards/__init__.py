"""The cards of tools in a program of somebody else's: the host of the MCP Apps repository, in a real browser."""
