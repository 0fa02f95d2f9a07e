"""Programs from npm that tests run: other people's MCP clients."""
