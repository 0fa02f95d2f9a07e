"""What `shopdesk lint` checks: a file for each thing it looks at."""
