"""What staff see of the turns, the team and its models."""
