"""Programs that play the outside world, and the demo data; nothing of the product imports them."""
