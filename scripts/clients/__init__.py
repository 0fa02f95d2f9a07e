"""MCP clients on this machine: their config files, and the bundle they can install."""
