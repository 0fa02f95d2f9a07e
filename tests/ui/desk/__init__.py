"""The desk of staff over HTTP."""
