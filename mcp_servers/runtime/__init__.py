"""What every tool server shares."""
