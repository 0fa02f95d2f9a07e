"""Pictures: customers' photos and product pictures, and how alike two are."""
