"""The shop's MCP tool servers, found by registry.py."""
