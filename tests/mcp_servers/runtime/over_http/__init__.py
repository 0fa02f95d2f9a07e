"""Tool servers over HTTP: what a request may look like, its limits, and floods of them."""
