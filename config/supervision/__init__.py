"""What ``make run`` does: prepare an instance, start its processes, watch over them."""
