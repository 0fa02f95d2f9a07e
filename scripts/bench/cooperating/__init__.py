"""What several models are worth: votes at a known error rate, and drafts that a second model checks."""
