"""The many ways in which models write a tool call, each parsed into the call it means."""
