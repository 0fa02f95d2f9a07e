"""Logins and visits: cookies, devices, attempts."""
