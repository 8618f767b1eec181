"""What can happen to conversations, by noun: lock, check, change, publish."""
