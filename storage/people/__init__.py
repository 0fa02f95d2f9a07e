"""Accounts, logins, and the programs that act for them."""
