"""Questions and answers of FAQ pages: in accordions and headings, on boards, and in data for search engines."""
