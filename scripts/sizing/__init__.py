"""What models need of a card's memory: sums that need no card."""
