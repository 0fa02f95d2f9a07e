"""What every serving process shares: its server, its request bodies, its limits, its log."""
