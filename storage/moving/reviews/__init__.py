"""Reviews of products, millions of them, from files: counted in one pass, as much memory as the shop has products."""
