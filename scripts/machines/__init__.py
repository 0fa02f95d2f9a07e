"""The shop as it runs on several machines, started on one."""
