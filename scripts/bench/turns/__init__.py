"""A turn of the team beside AutoGen's stock way: both sides, their scripted model, and the load."""
