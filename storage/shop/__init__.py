"""The shop: catalogue, customers, orders, tickets, and the audit of what changed."""
