"""Lists: their pages, and the values in the query of their addresses."""
