"""`shopdesk chat`: the desk in a terminal."""
