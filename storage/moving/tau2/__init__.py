"""The database of a tau-bench retail shop: its shape, what must hold in it, and its conversion into ours."""
