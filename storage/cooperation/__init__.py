"""Tasks that several models answer together: what was asked, every step so far, and changes that wait for a yes."""
