"""Sources: what a folder brings, and what the core does with it."""
