"""Between processes: frames, run streams and fences by way of the channel layer."""
