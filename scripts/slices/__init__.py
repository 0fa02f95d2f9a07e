"""Model servers on slices of a card: fetched, started in order, kept running, measured."""
