"""Every door of the page: who may use which route, by cookie, token and key."""
