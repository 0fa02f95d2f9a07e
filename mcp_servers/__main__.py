"""Serve every tool server over stdio: `python -m mcp_servers`, as the bundle for desktop clients does."""

from mcp_servers.runtime.program import serve_over_stdio

if __name__ == "__main__":
    serve_over_stdio()
