"""What the assistant of staff answers over HTTP."""
