"""Serve the products tools over stdio: `python -m mcp_servers.products`."""

from mcp_servers.runtime.program import serve_over_stdio

if __name__ == "__main__":
    serve_over_stdio("products")
