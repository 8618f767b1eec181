"""From process to process: frames, run streams and fences by way of Redis."""
