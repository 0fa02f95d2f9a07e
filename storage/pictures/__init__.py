"""Pictures: customers' photos, product pictures, and how similar two are."""
