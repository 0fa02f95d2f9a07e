"""Serve the orders tools over stdio: `python -m mcp_servers.orders`."""

from mcp_servers.runtime.program import serve_over_stdio

if __name__ == "__main__":
    serve_over_stdio("orders")
