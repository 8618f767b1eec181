"""What a staff member sees of conversations in the browser."""
