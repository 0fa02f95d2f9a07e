"""The page's screens: one HTML file each, and what all of them have alike."""
