"""What `shopdesk new-server` creates: a plan of its files, their templates, and how they are put in place."""
