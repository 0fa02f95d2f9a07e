"""What the demo shop is made from: its products, names, places and tickets, and how orders come from them."""
