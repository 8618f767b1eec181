"""Who makes a request: actors, API keys and their scopes."""
