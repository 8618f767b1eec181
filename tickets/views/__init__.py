"""What a staff member sees of tickets in the browser."""
