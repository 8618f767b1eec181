"""What can happen to tickets, by noun: lock, check, change, publish."""
