"""Django's SQLite, whose writers wait in turn."""
