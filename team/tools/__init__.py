"""The shop's tool servers, as MCP shows them."""
