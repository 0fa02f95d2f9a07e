"""The desk: where the shop's staff look after tickets and chats."""
