"""What the stand-in says in the customer's language: what a tool found, what a picture shows."""
