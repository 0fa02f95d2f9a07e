"""Products alone, from the files that shop systems export: added to the shop, or updated in it."""
