"""What `shopdesk lint` checks, one file per kind of check."""
