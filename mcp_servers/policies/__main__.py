"""Serve the policies tools over stdio: `python -m mcp_servers.policies`."""

from mcp_servers.runtime.serve import run_stdio
from storage.settings import load_settings

if __name__ == "__main__":
    run_stdio(["policies"], load_settings())
