"""Turns as staff look into them afterwards: a row for each, what its models were sent and replied, and figures."""
