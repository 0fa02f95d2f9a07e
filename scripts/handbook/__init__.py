"""`shopdesk handbook`, and what `shopdesk ingest --rehearse` prints."""
