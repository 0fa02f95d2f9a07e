"""Logins and visits: cookies, devices, tries."""
