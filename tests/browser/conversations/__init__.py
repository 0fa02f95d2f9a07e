"""Writing in a conversation and finding it again, in a real browser."""
