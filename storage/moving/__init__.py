"""A whole shop moved in and out: the demo, CSV files, tau-bench databases."""
