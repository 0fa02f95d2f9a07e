"""The official conformance suite, against every tool server and against a server with the names it calls."""
