"""REST: the shop's tools and its desk, for any program that speaks HTTP and JSON."""
