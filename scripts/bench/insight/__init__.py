"""Questions on a shop with known answers, and what a model may write for them."""
