"""A mind that misbehaves by seed, as models were seen to do, to see what a shop withstands."""
