"""Conversations: their steps, leases, pictures, and the people who take them over."""
