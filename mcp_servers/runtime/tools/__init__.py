"""Tools made of functions: confirmation, results, progress."""
