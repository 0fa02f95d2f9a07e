"""The policies tool server."""
