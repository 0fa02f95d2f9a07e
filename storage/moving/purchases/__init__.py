"""Orders and their customers, from the files that shop systems export: added to the shop, or brought up to date."""
