"""``make run``: prepare an instance, start its processes, watch over them."""
