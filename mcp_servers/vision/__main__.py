"""Serve the vision tools over stdio: `python -m mcp_servers.vision`."""

from mcp_servers.runtime.serve import run_stdio
from storage.settings import load_settings

if __name__ == "__main__":
    run_stdio(["vision"], load_settings())
