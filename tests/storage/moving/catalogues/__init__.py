"""Products alone, from the exports of shop systems."""
