"""Between processes: frames, run streams and fences by way of Redis."""
