"""What the stand-in says: what a tool found, what a picture shows, in the customer's language."""
