"""The subcommands of `shopdesk`, one file each."""
