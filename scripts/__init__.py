"""The shopdesk command, a file a subcommand."""
