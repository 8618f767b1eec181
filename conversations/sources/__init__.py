"""Where conversations come from: each source is a folder with all that belongs to it."""
