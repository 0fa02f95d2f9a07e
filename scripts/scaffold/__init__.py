"""What `shopdesk new-server` makes: the plan of its files, their templates, and how they take their places."""
