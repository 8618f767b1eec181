"""What a visitor can do, by noun."""
