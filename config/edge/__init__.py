"""The edge: which headers of requests are trusted, and limits of size and speed."""
