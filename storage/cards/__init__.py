"""Cards: what a tool told, drawn in a browser, on the shop's own page and in any MCP client that shows MCP Apps."""
