"""Real servers for tests: PostgreSQL, Redis, a whole running Parley, a browser."""
