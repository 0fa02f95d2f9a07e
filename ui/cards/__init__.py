"""Cards: what a tool told, as a customer may look at it. Code makes them from a result's data, never a model."""
