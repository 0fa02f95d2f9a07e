"""The words of the page: a Fluent file for each language, and how a page gets them."""
