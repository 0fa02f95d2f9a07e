"""Serve the vision tools over stdio: `python -m mcp_servers.vision`."""

from mcp_servers.runtime.program import serve_over_stdio

if __name__ == "__main__":
    serve_over_stdio("vision")
